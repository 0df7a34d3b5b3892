"""People: everybody is one `User`, with a facet for each surface that knows him: contact, account, hero."""

from models.people.users import MENTEE, MENTOR, Contact, NumberField, User

__all__ = ["MENTEE", "MENTOR", "Contact", "NumberField", "User"]
