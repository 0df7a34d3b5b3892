"""Devices: where a mentor's notices go. A device has one mentor, whoever logged in on it last."""

from peewee import IntegrityError

from models.database import on_postgres, transaction
from models.numbers import ERASED
from models.people import Contact


def register(mentor_id: int, token: str) -> None:
    """Send this mentor's notices to a device from now on, and nobody else's.

    Parameters:
      token: what the push service knows the device by.
    """
    while True:
        try:
            return _register(mentor_id, token)
        except IntegrityError:  # another mentor registered the same device meanwhile: the later one has it
            continue


def _register(mentor_id: int, token: str) -> None:
    with transaction():
        both = Contact.select(Contact.id).where((Contact.id == mentor_id) | (Contact.device_token == token))
        if on_postgres():
            both = both.for_update()
        others = [row.id for row in both.order_by(Contact.id) if row.id != mentor_id]
        if others:
            Contact.update(device_token="").where(Contact.id.in_(others)).execute()
        here = (Contact.id == mentor_id) & (Contact.contact_number != ERASED)
        Contact.update(device_token=token).where(here).execute()


def forget(mentor_id: int) -> None:
    """Send this mentor's notices nowhere."""
    Contact.update(device_token="").where(Contact.id == mentor_id).execute()


def has_one(mentor_id: int) -> bool:
    """Whether this mentor's notices go anywhere."""
    return Contact.select().where((Contact.id == mentor_id) & (Contact.device_token != "")).exists()
