"""What a screen is: a declaration of how the rows of one resource are listed, shown and written; the rest follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

import falcon

from api.appointments import fields as rest
from api.appointments.callers import RestCaller
from api.appointments.resources import Resource
from api.pages.module import values, zones
from api.pages.module.choices import label, referred
from api.pages.module.inputs import PASSWORD, Input

LONGEST = 2000  # characters of filters


@dataclass(frozen=True)
class Column:
    """One column of a list: `of` says what stands in it.

    Parameters:
      shape: `text`; `link`, to the row's page; `to`, a pair of a text and the path it leads to; `time`, on the clock of
        the row's zone; `tag`, a pair of a word and its tone: `good`, `bad`, `busy` or an empty text.
    """

    label: str
    of: Callable[[Any], Any]
    shape: str = "text"


@dataclass(frozen=True)
class Fact:
    """What is told of a row under a name: a text, a moment, or a few lines."""

    label: str
    value: Any
    href: str = ""


class Screen:
    """The pages of one resource. What a subclass leaves out is as for most.

    Parameters:
      resource: whose fields, ownership and rules these are.
      path: where its pages are: `/module/event`.
      plural, intro: what its rows are called, and what they are for.
      inputs: the form's fields. What is none of them is as REST has it when nothing is said, and stays as it is.
      columns: of the list.
      filters: by what the list may be narrowed: names of the resource's own filters.
      goes: what goes with a row that is deleted, in a sentence.
      holders: columns of other tables: a row that one of them refers to is in use, and cannot be deleted.
      page: the template of a row's page, and of its list.
    """

    resource: ClassVar[Resource]
    path: ClassVar[str]
    plural: ClassVar[str]
    intro: ClassVar[str]
    inputs: ClassVar[tuple[Input, ...]]
    columns: ClassVar[tuple[Column, ...]]
    filters: ClassVar[tuple[Input, ...]] = ()
    goes: ClassVar[str] = ""
    holders: ClassVar[tuple[Any, ...]] = ()
    page: ClassVar[str] = "module/row.html"
    list_page: ClassVar[str] = "module/rows.html"

    # What subclasses may say otherwise.

    def rows(self) -> Any:
        """All rows, with what the list shows of them."""
        return self.resource.query()

    def order(self) -> Sequence[Any]:
        """In which order they are listed."""
        return (self.resource.kind.id.desc(),)

    def title(self, row: Any) -> str:
        """What a row is called."""
        return label(self.resource.kind, row)

    def label(self, row: Any) -> str:
        """What a row of the list is called where several may have the same title."""
        return self.title(row)

    def zone(self, values: Mapping[str, Any], row: Any) -> ZoneInfo | None:
        """On whose wall clock its times are; None: on that of who looks.

        Parameters:
          values: what was typed into its form, or is to stand there.
          row: None when there is none yet.
        """
        return None

    def columns_for(self, caller: RestCaller) -> Sequence[Column]:
        """The columns that somebody may see."""
        return self.columns

    def begins(self, caller: RestCaller, given: Mapping[str, str]) -> dict[str, str]:
        """What stands in the form of a new row, by what the address gives."""
        return dict(given)

    def more(self, caller: RestCaller, row: Any) -> dict[str, Any]:
        """What the template of a row's page knows besides the row and its facts."""
        return {}

    def above(self, caller: RestCaller) -> dict[str, Any]:
        """What the template of the list knows besides its rows."""
        return {}

    # What is the same for all.

    @property
    def noun(self) -> str:
        """What one row is."""
        return self.resource.noun

    def may(self, caller: RestCaller, verb: str) -> bool:
        """Whether the caller may use a verb of this resource."""
        writes = verb == "view" or self.resource.writes
        return writes and (verb != "add" or self.resource.adds) and caller.may(self.resource.kind.word(verb))

    def needs(self, caller: RestCaller, verb: str) -> None:
        """Refuse who may not.

        Raises:
          falcon.HTTPForbidden: the caller lacks the permission.
        """
        if not self.may(caller, verb):
            raise falcon.HTTPForbidden(description=f"You may not {verb} {self.plural.lower()}.")

    def owned(self, caller: RestCaller, row_id: int) -> bool:
        """Whether a row is the caller's to change, and not only to see."""
        return self.resource.kind.is_mine(caller, row_id)

    def at(self, row_id: int) -> str:
        """Where a row's page is."""
        return f"{self.path}/{row_id}"

    def clock(self, caller: RestCaller, values: Mapping[str, Any], row: Any) -> ZoneInfo:
        """On which wall clock somebody is told its times; parameters as for `zone`."""
        return self.zone(values, row) or zones.of_caller(caller.user_id)

    def in_use(self, row_ids: Sequence[int]) -> set[int]:
        """Which of these rows others refer to, so that they cannot be deleted."""
        return {
            getattr(row, column.object_id_name)
            for column in self.holders
            for row in column.model.select(column).where(column.in_(list(row_ids)))
        }

    def list_with(self, asked: str) -> str:
        """Where the list is, narrowed as it was.

        Parameters:
          asked: its filters, as they stood in its address; what is none of them is left out.
        """
        names = {one.name for one in self.filters}
        asked = urlencode([pair for pair in parse_qsl(asked[:LONGEST]) if pair[0] in names])
        return f"{self.path}?{asked}" if asked else self.path

    def facts(self, caller: RestCaller, row: Any) -> list[Fact]:
        """What is told of a row: what its form has, where there is something to tell."""
        return self.told(caller, row, self.inputs)

    def told(self, caller: RestCaller, row: Any, inputs: Sequence[Input]) -> list[Fact]:
        """What is told of a row by these fields."""
        return [fact for one in inputs if (fact := self._fact(caller, row, one)) is not None]

    def _fact(self, caller: RestCaller, row: Any, one: Input) -> Fact | None:
        field = self.resource.fields[one.name]
        value = None if one.name == PASSWORD else getattr(row, field.column)
        if value is None or value == "":
            return None
        if isinstance(field, rest.To):
            return Fact(one.label, *referred(field.kind, caller, value))
        if isinstance(field, rest.Code):
            return Fact(one.label, field.meanings.get(value, value))
        if isinstance(field, rest.Flag):
            return Fact(one.label, "yes" if value else "no")
        if isinstance(field, rest.Json):
            return Fact(one.label, told) if (told := values.lines(value)) else None
        if one.seconds:
            return Fact(one.label, values.seconds(value))
        return Fact(one.label, one.words.get(value, value) if isinstance(value, int) else value)
