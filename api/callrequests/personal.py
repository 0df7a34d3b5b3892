"""Fields of accounts' bodies: mail addresses, ten digits, one-time tokens, passwords, zones and pictures.

Each takes first what it means, for the documentation.
"""

import re
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from models import settings
from models.people.accounts import number_of, zones
from models.people.one_time_tokens import LENGTHS

LONGEST_ADDRESS, LONGEST_URL = 254, 500
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1000  # an operator may ask for more than the shortest
_ADDRESS = "Write a mail address like tom@example.com."


class MailAddress(fields.String):
    """A mail address, in lower case."""

    _look = validate.And(validate.Email(error=_ADDRESS), validate.Length(max=LONGEST_ADDRESS, error=_ADDRESS))

    def __init__(self, means: str, **more: Any) -> None:
        about = {"description": means, "format": "email", "maxLength": LONGEST_ADDRESS}
        super().__init__(error_messages={"null": _ADDRESS, "invalid": _ADDRESS}, metadata=about, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        address = super()._deserialize(value, attr, data, **more).strip().lower()
        self._look(address)
        return address


class TenDigits(fields.String):
    """A number of the North American plan, as a `PhoneNumber`."""

    def __init__(self, means: str, **more: Any) -> None:
        super().__init__(metadata={"description": means, "pattern": "^[0-9]{10}$"}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_more: Any) -> Any:
        try:
            return number_of(value if isinstance(value, str) else "")
        except ValueError:
            raise ValidationError("Write ten digits, like 3125550123.") from None


class Code(fields.String):
    """A one-time token; phones like to begin what is typed with a capital letter.

    Parameters:
      kind: of the token.
    """

    def __init__(self, means: str, kind: str, **more: Any) -> None:
        length = LENGTHS[kind]
        self._wrong, self._shape = (
            f"Write the {length} letters and digits of the code.",
            rf"[a-z0-9]{{{length}}}",
        )
        about = {"description": means, "pattern": f"^[A-Za-z0-9]{{{length}}}$"}
        super().__init__(
            error_messages=dict.fromkeys(("null", "invalid"), self._wrong), metadata=about, **more
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        token = super()._deserialize(value, attr, data, **more).strip().lower()
        if not re.fullmatch(self._shape, token):
            raise ValidationError(self._wrong)
        return token


class Secret(fields.String):
    """A password that is to be checked."""

    def __init__(self, means: str, **more: Any) -> None:
        length = validate.Length(1, LONGEST_PASSWORD, error=f"Send 1 to {LONGEST_PASSWORD} characters.")
        super().__init__(validate=length, metadata={"description": means}, **more)


class NewPassword(fields.String):
    """A password that somebody chooses: so long at least, and with a digit."""

    def __init__(self, means: str, **more: Any) -> None:
        about = {
            "description": means,
            "pattern": "[0-9]",
            "minLength": SHORTEST_PASSWORD,
            "maxLength": LONGEST_PASSWORD,
        }
        super().__init__(metadata=about, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        password = super()._deserialize(value, attr, data, **more)
        least = max(SHORTEST_PASSWORD, settings.current().password_min_length)
        if not least <= len(password) <= LONGEST_PASSWORD or not re.search("[0-9]", password):
            raise ValidationError(f"Use {least} to {LONGEST_PASSWORD} characters, with a digit among them.")
        return password


class Zone(fields.String):
    """A zone of the tz database, by its name."""

    def __init__(self, means: str, **more: Any) -> None:
        super().__init__(metadata={"description": means}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_more: Any) -> str:
        if not (isinstance(value, str) and value in zones()):
            raise ValidationError("Write a zone of the tz database, like America/Chicago.")
        return value


class Picture(fields.String):
    """The https address of a picture, or null."""

    _wrong = f"Write an https address of at most {LONGEST_URL} characters, or null."
    _look = validate.And(
        validate.URL(schemes={"https"}, error=_wrong), validate.Length(max=LONGEST_URL, error=_wrong)
    )

    def __init__(self, means: str) -> None:
        about = {"format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]://", "maxLength": LONGEST_URL}
        super().__init__(
            allow_none=True,
            validate=self._look,
            error_messages={"invalid": self._wrong},
            metadata={"description": means, **about},
        )


class UserId(fields.String):
    """Somebody's id, a UUID, as it is stored."""

    def __init__(self, means: str, **more: Any) -> None:
        super().__init__(metadata={"description": means, "format": "uuid"}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_more: Any) -> str:
        try:
            return str(UUID(value if isinstance(value, str) else ""))
        except ValueError:
            raise ValidationError("Send a user's id, a UUID.") from None
