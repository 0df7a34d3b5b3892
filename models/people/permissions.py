"""Permissions: which verbs of which resources of `/rest-api` a user may use; the role of a manager has them all."""

from collections.abc import Collection

from peewee import BigAutoField, ForeignKeyField, TextField

from models.database import Row, Sql
from models.people.users import User

VERBS = ("view", "add", "change", "delete")

# Whether there is anything of appointments for the user `p`: by his role, or because he was given a permission.
PLANS = "p.is_staff OR p.is_manager OR EXISTS (SELECT 1 FROM permission AS g WHERE g.user_id = p.id)"
_PLANS = Sql(f"SELECT 1 FROM person AS p WHERE p.id = %s AND ({PLANS})")


class Permission(Row):
    """One thing that one user may do, by its name: a verb and a resource, like `view_alarm`."""

    id = BigAutoField()
    user = ForeignKeyField(User, backref="permissions", on_delete="CASCADE")
    name = TextField()

    class Meta:
        table_name = "permission"


def held_by(user_id: int) -> frozenset[str]:
    """What a user was given beside his role."""
    return frozenset(row.name for row in Permission.select(Permission.name).where(Permission.user == user_id))


def give(user_id: int, names: Collection[str]) -> None:
    """Let a user do these things as well."""
    Permission.insert_many([{"user": user_id, "name": name} for name in names]).on_conflict_ignore().execute()


def take(user_id: int, names: Collection[str]) -> None:
    """Let a user do these things no more, unless his role lets him."""
    Permission.delete().where((Permission.user == user_id) & Permission.name.in_(list(names))).execute()


def plans(user_id: int) -> bool:
    """Whether there is anything of appointments for a user."""
    return _PLANS.one(user_id) is not None
