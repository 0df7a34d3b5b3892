"""The exchange's front page for people: the last requests, the phones, and how to make things go wrong."""

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import falcon

from providers.exchange.faults import OF_THE_REPORTS, OF_THE_REQUEST
from providers.exchange.journal import Journal
from providers.exchange.phones import BY_LAST_DIGITS, Phone, PhoneBook

SHOWN = 20  # requests
META = ("n", "at", "channel", "reference", "id", "dialect")
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { border: 1px solid #ccc; padding: .2rem .5rem; text-align: left; overflow-wrap: anywhere; }
pre { background: #f4f4f4; overflow-x: auto; padding: .6rem; }
"""
ON_PHONES = (
    ("/numbers", {"number": "+919812345678", "call": "busy", "ring_s": 0.2, "talk_s": 0.5}),
    ("/inbound", {"channel": "text", "from": "+919812345678", "to": "+918000000000", "body": "Hi"}),
    ("/inbound", {"channel": "call", "from": "+919812345678", "to": "+918000000000", "digits": "1"}),
    ("/inbound", {"channel": "call", "from": "+13125550123", "to": "+13125550100"}),
    ("/hangup", {"id": "CA0123456789abcdef0123456789abcdef"}),
)
ON_FAULTS = (("/faults", {"channel": "call", "kind": "timeout_after_accept", "share": 0.1, "seconds": 5}),)


class FrontPage:
    """GET /."""

    def __init__(self, journal: Journal, book: PhoneBook) -> None:
        self._journal = journal
        self._book = book

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show it; everything that came from outside is escaped."""
        url = req.prefix
        resp.content_type = falcon.MEDIA_HTML
        resp.text = "".join(
            (
                '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Carrier in a box</title>',
                f"<style>{STYLE}</style></head><body><h1>Carrier in a box</h1>",
                f"<p>No real phone rings here. {len(self._journal)} requests accepted; the last of them:</p>",
                _table(("n", "at", "channel", "reference", "what"), self._requests()),
                f"<h2>Phones</h2><p>A number of which nothing is said here behaves like this: {Phone()}</p>",
                _table(("number", "call", "text"), self._phones()),
                _commands(url, ON_PHONES),
                "<h2>Payments</h2><p>By Stripe's test tokens, at <code>/stripe</code>: <code>tok_visa</code> is good, "
                "<code>tok_chargeDeclined</code> is not. They stand in no log.</p>",
                "<h2>Faults</h2>",
                _table(("kind", "what happens"), {**OF_THE_REQUEST, **OF_THE_REPORTS}.items()),
                _commands(url, ON_FAULTS, f"curl {url}/faults", f"curl -X DELETE {url}/faults"),
                f"<h2>The log</h2>{_commands(url, (), f'curl {url}/log?since=0')}</body></html>",
            )
        )

    def _requests(self) -> Iterable[tuple[str, ...]]:
        return map(_told, reversed(json.loads(self._journal.since(len(self._journal) - SHOWN))))

    def _phones(self) -> Iterable[tuple[str, ...]]:
        for digits, phone in BY_LAST_DIGITS.items():
            yield f"…{digits}", phone.call, phone.text
        for digits, told in self._book.shown().items():
            yield digits, told["call"], told["text"]


def _told(entry: Mapping[str, Any]) -> tuple[str, ...]:
    what = "; ".join(f"{name}: {value}" for name, value in entry.items() if name not in META)
    return (*(str(entry[name]) for name in META[:4]), what[:500])


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = "".join(f"<th>{escape(name)}</th>" for name in head)
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return f"<table><tr>{heads}</tr>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def _commands(url: str, posts: Iterable[tuple[str, Mapping[str, Any]]], *others: str) -> str:
    lines = [f"curl -X POST {url}{path} -d '{json.dumps(body)}'" for path, body in posts]
    return f"<pre>{escape(chr(10).join([*lines, *others]))}</pre>"
