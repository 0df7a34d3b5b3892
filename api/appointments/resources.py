"""What a resource of `/rest-api` is: a declaration of its fields and whose its rows are; the rest follows from that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import falcon
from falcon import Request
from marshmallow import EXCLUDE, Schema, ValidationError
from peewee import IntegrityError

from api.appointments import sent
from api.appointments.callers import RestCaller
from api.appointments.fields import Field, To, When
from api.appointments.kinds import Kind
from api.appointments.links import Links
from api.appointments.moments import echo
from api.errors import FieldErrors
from models import clock
from models.appointments.under_way import UnderWay
from models.database import transaction

Wrong = dict[str, list[str]]
CROSS = "__all__"  # where errors go that are of no single field


class Body(Schema):
    """The fields of a resource, in the order in which they are shown."""

    class Meta:
        unknown = EXCLUDE


@dataclass(frozen=True)
class Filter:
    """A query parameter that narrows a list: what it holds is read as `field`, and `of` makes the condition."""

    name: str
    field: Field
    of: Callable[[Any], Any]


class Resource:
    """A resource. What a subclass leaves out is as for most.

    Parameters:
      kind: its rows, and whose they are.
      body: its fields, as they are taken and, where nothing else is said, told.
      shown_as, listed_as, confirmed_as: the fields of a row alone, of one in a list, and of one just written.
      noun: what one row is, in a few words.
      text: what the resource is for, in a sentence or two.
      fold: what an empty list says, where lists are folded: nothing, one object, or an array; without pages.
      filters: what may narrow its list.
      writes: whether rows can be changed and deleted here, and, where it `adds`, made.
      guarded: whether permissions are asked for.
      reserved: whether only superusers write here; to everybody else it is as if nothing could be written.
      under_way: what is said when a row is not changed because of what is under way; empty: nothing is.
      in_use: what is said when a row cannot go because others refer to it; empty: none do.
      clash: what is said, of which field (`clashing`), when the database refuses a row.
    """

    kind: ClassVar[Kind]
    body: ClassVar[type[Body]]
    shown_as: ClassVar[type[Body] | None] = None
    listed_as: ClassVar[type[Body] | None] = None
    confirmed_as: ClassVar[type[Body] | None] = None
    noun: ClassVar[str]
    text: ClassVar[str]
    fold: ClassVar[str] = ""
    filters: ClassVar[tuple[Filter, ...]] = ()
    writes: ClassVar[bool] = True
    adds: ClassVar[bool] = True
    guarded: ClassVar[bool] = True
    reserved: ClassVar[bool] = False
    under_way: ClassVar[str] = ""
    in_use: ClassVar[str] = ""
    clashing: ClassVar[str] = CROSS
    clash: ClassVar[str] = "This is there already, or something that it refers to has gone."

    def __init__(self) -> None:
        self.fields: Mapping[str, Any] = self.body().fields
        self._shown, self._listed, self._confirmed = (
            (view or self.body)().fields for view in (self.shown_as, self.listed_as, self.confirmed_as)
        )

    # What subclasses may say otherwise.

    def read(self, req: Request) -> dict[str, Any]:
        """The fields that a request sent."""
        return sent.values(req)

    def query(self) -> Any:
        """All rows, with what is shown of them."""
        return self.kind.rows.select()

    def shown(self, row: Any, links: Links) -> dict[str, Any]:
        """A row as it is told."""
        return tell(self._shown, row, links)

    def listed(self, rows: Sequence[Any], links: Links) -> list[dict[str, Any]]:
        """Rows as they are told in lists."""
        return [tell(self._listed, row, links) for row in rows]

    def confirmed(self, row: Any, links: Links) -> dict[str, Any]:
        """A row as it is told to who has just written it."""
        return tell(self._confirmed, row, links)

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        """What is wrong beyond single fields; what it depends on may be missing, when that is wrong itself.

        Parameters:
          row: as it stands; None when it is to be made.
        """
        return {}

    def ready(self, values: dict[str, Any], row: Any) -> None:
        """Fill in what follows from what was sent, once it is known to be right; before the transaction."""

    def make(self, caller: RestCaller, values: dict[str, Any]) -> Any:
        """Write a new row, in a transaction."""
        return self.kind.rows.create(**values)

    def change(self, row: Any, values: dict[str, Any]) -> None:
        """Write what changes, in a transaction; `row` has the new values already.

        Raises:
          falcon.HTTPNotFound: it has gone meanwhile.
        """
        rows = self.kind.rows
        if values and not rows.update(**values).where(rows.id == row.id).execute():
            raise falcon.HTTPNotFound(description=f"There is no such {self.noun}.")

    def remove(self, row: Any) -> None:
        """Delete a row, and what goes with it, in a transaction."""
        self.kind.rows.delete_by_id(row.id)

    # What is the same for all.

    def found(self, caller: RestCaller, row_id: int, *, to_write: bool = False) -> Any:
        """A row that the caller sees, or may change.

        Raises:
          falcon.HTTPNotFound: there is none such.
        """
        sight = self.kind.mine(caller) if to_write else self.kind.visible(caller)
        row = self.query().where((self.kind.id == row_id) & sight).first()
        if row is None:
            raise falcon.HTTPNotFound(description=f"There is no such {self.noun}.")
        return row

    def made(
        self, caller: RestCaller, sent: dict[str, Any], along: Callable[[Any], None] | None = None
    ) -> Any:
        """Check what was sent, and make a row of it; `along` is told the row in the transaction that makes it.

        Raises:
          FieldErrors: something is wrong; nothing was written.
        """
        values = self._checked(caller, sent, None, whole=True)
        try:
            with transaction(self.kind.name):
                row = self.make(caller, values)
                if along is not None:
                    along(row)
        except IntegrityError:
            raise FieldErrors({self.clashing: [self.clash]}) from None
        return row

    def changed(self, caller: RestCaller, row_id: int, sent: dict[str, Any], *, whole: bool) -> Any:
        """Check what was sent, and change a row by it; what was not sent stays.

        Parameters:
          whole: whether every required field must be sent.

        Raises:
          falcon.HTTPNotFound: there is none such.
          falcon.HTTPConflict: something is under way, and its end is to be waited for.
          FieldErrors: something is wrong; nothing was written.
        """
        row = self.found(caller, row_id, to_write=True)
        values = self._checked(caller, sent, row, whole=whole)
        if "updated_date" in self.fields:
            values["updated_date"] = clock.now()
        for name, value in values.items():
            setattr(row, name, value)
        try:
            with transaction(self.kind.name):
                self.change(row, values)
        except UnderWay:
            raise falcon.HTTPConflict(description=self.under_way) from None
        except IntegrityError:
            raise FieldErrors({self.clashing: [self.clash]}) from None
        return row

    def removed(self, caller: RestCaller, row_id: int) -> None:
        """Delete a row.

        Raises:
          falcon.HTTPNotFound: there is none such.
          falcon.HTTPConflict: others refer to it.
        """
        row = self.found(caller, row_id, to_write=True)
        try:
            with transaction(self.kind.name):
                self.remove(row)
        except IntegrityError:
            raise falcon.HTTPConflict(description=self.in_use or _IN_USE) from None

    def echoed(self, row: Any, sent: dict[str, Any], links: Links) -> dict[str, Any]:
        """The answer to a write: moments stand in it as they were written."""
        answer = self.confirmed(row, links)
        for name, field in self.fields.items():
            if isinstance(field, When) and not field.dump_only and sent.get(name):
                answer[name] = echo(sent[name])
        return answer

    def _checked(self, caller: RestCaller, sent: dict[str, Any], row: Any, *, whole: bool) -> dict[str, Any]:
        schema = self.body(partial=row is not None)
        wrong: Wrong = {}
        try:
            values = dict(schema.load(sent))
        except ValidationError as error:
            right = error.valid_data
            values, wrong = (dict(right) if isinstance(right, dict) else {}), error.messages_dict
        for name, field in self.fields.items():
            if whole and field.required and name not in sent:
                wrong.setdefault(name, ["This is required."])
            if isinstance(field, To) and not field.kind.is_mine(caller, values.get(name)):
                wrong[name] = ["There is no such row."]
        for name, texts in self.wrong(caller, values, row).items():
            wrong.setdefault(name, texts)
        if wrong:
            raise FieldErrors(wrong)
        self.ready(values, row)
        return values


_IN_USE = "Others refer to this: it cannot be deleted."


def tell(view: Mapping[str, Any], row: Any, links: Links) -> dict[str, Any]:
    """A row by these fields; what is told only to who uses it is left out where it says nothing, and secrets are."""
    return {
        name: None if field.secret and not links.to_superuser else field.shown(row, links)
        for name, field in view.items()
        if field.tells(row)
    }
