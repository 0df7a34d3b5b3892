"""The doors for those who test: the log, faults, phones, and people who call or text in."""

import secrets
from dataclasses import asdict

import falcon

from providers.exchange import bodies
from providers.exchange.calling_in import CallsIn
from providers.exchange.dialects import call_received, text_received
from providers.exchange.faults import Fault, Faults
from providers.exchange.journal import Journal
from providers.exchange.phones import PhoneBook
from providers.exchange.webhooks import Courier


class Log:
    """GET /log: every request accepted, in order."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """The entries after `since`."""
        try:
            since = req.get_param_as_int("since", min_value=0, default=0)
        except falcon.HTTPInvalidParam as error:
            raise bodies.WrongBody({"since": ["must be the number of an entry, 0 or more"]}) from error
        resp.content_type = falcon.MEDIA_JSON
        resp.data = b'{"requests": ' + self._journal.since(since) + b"}"


class FaultList:
    """/faults: what goes wrong."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """The installed faults."""
        resp.media = {"faults": self._faults.shown()}

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Install one more."""
        fault = Fault(**bodies.read(req, bodies.FAULT))
        self._faults.install(fault)
        resp.status = falcon.HTTP_201
        resp.media = asdict(fault)

    def on_delete(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Remove them all."""
        self._faults.clear()
        resp.status = falcon.HTTP_204


class Numbers:
    """/numbers: how phones behave."""

    def __init__(self, book: PhoneBook) -> None:
        self._book = book

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """The phones that were told something."""
        resp.media = {"numbers": self._book.shown()}

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Change what is given, keep the rest, answer with all that the phone now does."""
        changes = bodies.read(req, bodies.PHONE)
        number = changes.pop("number")
        for name in ("digits", "feedback"):
            if name in changes:
                changes[name] = tuple(changes[name])
        resp.media = {"number": number, **self._book.tell(number, changes)}

    def on_delete(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Every phone behaves by its last digits again."""
        self._book.forget()
        resp.status = falcon.HTTP_204


class Inbound:
    """POST /inbound: somebody texts or calls one of the customer's numbers."""

    def __init__(self, book: PhoneBook, courier: Courier, calls_in: CallsIn) -> None:
        self._book = book
        self._courier = courier
        self._calls_in = calls_in

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Take it, and report it to the customer; a call to a number of `twiml` does what he answers."""
        resp.status = falcon.HTTP_202
        raw = req.bounded_stream.read()
        id = secrets.token_hex(8)
        if bodies.parse(raw, bodies.INBOUND)["channel"] == "text":
            body = bodies.parse(raw, bodies.INBOUND_TEXT)
            dialect = body.get("dialect") or self._book.phone(body["to"]).dialect
            report = text_received(id, body["from"], body["to"], body["body"], dialect)
        else:
            body = bodies.parse(raw, bodies.INBOUND_CALL)
            if self._book.phone(body["to"]).dialect == "twiml":
                resp.media = {"id": self._calls_in.ring(body["from"], body["to"])}
                return
            report = call_received(id, body["from"], body["to"], body["digits"])
        self._courier.post(report)
        resp.media = {"id": id}


class Calls:
    """GET /calls: who dialled in to a number of `twiml`, and what he heard."""

    def __init__(self, calls_in: CallsIn) -> None:
        self._calls_in = calls_in

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """All of them, the oldest first; a restart forgets them."""
        resp.media = {"calls": self._calls_in.shown()}


class HangUp:
    """POST /hangup: somebody who dialled in hangs up."""

    def __init__(self, calls_in: CallsIn) -> None:
        self._calls_in = calls_in

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """By the id that dialling in gave."""
        known = self._calls_in.hang_up(bodies.read(req, bodies.HANG_UP)["id"])
        resp.status = falcon.HTTP_204 if known else falcon.HTTP_404


class Health:
    """GET /health."""

    def __init__(self, journal: Journal, courier: Courier) -> None:
        self._journal = journal
        self._courier = courier

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """How much was accepted, and how many reports the customer has not taken yet."""
        resp.media = {"accepted": len(self._journal), "reports_owed": self._courier.owed}
