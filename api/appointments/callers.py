"""Who asks on `/rest-api`: a superuser, a manager, a calendar user, or somebody with a few permissions."""

from dataclasses import dataclass
from typing import Self

from models.database import Sql

# One query tells who it is and all that he was given; nobody is told apart from somebody suspended.
_WHO = Sql(
    """
    SELECT p.username, p.is_staff, p.is_manager, g.name
    FROM person AS p LEFT JOIN permission AS g ON g.user_id = p.id WHERE p.id = %s AND p.is_active
    """
)


@dataclass(frozen=True, slots=True)
class RestCaller:
    """The user who asks. Superusers and managers may use every verb; of whom else, `granted` says which."""

    user_id: int
    username: str
    is_superuser: bool
    is_manager: bool
    granted: frozenset[str]

    @classmethod
    def of(cls, user_id: int) -> Self | None:
        """The user of this id; None when there is none, or none who may log in."""
        rows = _WHO.all(user_id)
        if not rows:
            return None
        username, staff, role, _ = rows[0]
        return cls(user_id, username, bool(staff), bool(role), frozenset(row[3] for row in rows if row[3]))

    def may(self, permission: str) -> bool:
        """Whether a verb of a resource is his to use, by the name of the permission: `view_alarm` [O-4]."""
        return self.is_superuser or self.is_manager or permission in self.granted
