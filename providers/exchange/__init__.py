"""A carrier in a box: it takes requests, rings imaginary phones, posts real webhooks and fails on demand."""

from providers.exchange.server import Exchange

__all__ = ["Exchange"]
