"""Fields that hold more than one thing: a JSON object, and rows of another resource."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from api.appointments.fields import Field, Json, To
from api.appointments.kinds import Kind
from api.appointments.links import Links, row_id

MOST_ROWS = 1000


class JsonObject(Json):
    """A JSON object; an empty one where none is sent."""

    extra: Mapping[str, Any] = {"type": "object", "default": {}}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        if not text.startswith("{"):
            raise ValidationError('Send a JSON object, like {"key": "text"}.')
        return text


class Several(Field, fields.List[Any]):
    """Rows of another resource, in a list: each is read as URL, path or id, and shown as its URL.

    The resource knows them, and tells which by `row.<name>_known`; where a row lacks that, nothing is told.
    """

    def __init__(self, kind: Kind, says: str, **more: Any) -> None:
        self.kind = kind
        super().__init__(says, cls_or_instance=To(kind, "One of them."), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > MOST_ROWS:
            raise ValidationError(f"Send a list of URLs or ids, at most {MOST_ROWS}.")
        try:
            return sorted({row_id(self.kind.name, one) for one in value})
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def tells(self, row: Any) -> bool:
        return hasattr(row, f"{self.name}_known")

    def shown(self, row: Any, links: Links) -> list[str]:
        return [links.one(self.kind.name, one) for one in getattr(row, f"{self.name}_known")]
