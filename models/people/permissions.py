"""Permissions: which verbs of which resources of `/rest-api` a user may use; the role of a manager has them all."""

from collections.abc import Collection

from peewee import BigAutoField, ForeignKeyField, TextField

from models.database import Row
from models.people.users import User

VERBS = ("view", "add", "change", "delete")


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
