"""Mails with a token: the address it is for gets it, whatever mails he wishes for."""

import pytest

from models.database import transaction
from models.deliveries import Mail
from models.ledger import LedgerRow
from models.letters.accounts import email_token, password_token
from models.people import User
from models.people.accounts import Account
from tests.callrequests.members import Members
from tests.conformance import holds


@pytest.mark.parametrize(
    ("mail", "token"), [(email_token, "a1b2c3d4e5"), (password_token, "a1b2c3d4")], ids=["verify", "reset"]
)
def test_a_token_is_mailed_to_the_address_it_is_for(members: Members, mail, token):
    with transaction():
        mail(members.tom.account, "new@example.com", token, "token:1")

    letter = Mail.get()
    assert letter.to == "new@example.com"
    assert token in letter.text
    assert token in letter.html
    assert (letter.origin, letter.reference, letter.may_be_doubled) == ("token", "token:1", True)
    assert [row.name for row in LedgerRow.select()] == ["send_mail"]


@holds("§6 email_notifications false", "D-23")
def test_a_token_is_mailed_also_to_who_wants_no_mails(members: Members):
    Account.update(email_notifications=False).execute()

    with transaction():
        email_token(members.tom.fresh, "new@example.com", "a1b2c3d4e5", "token:1")

    assert Mail.get().unsubscribe == ""


def test_no_token_is_mailed_to_who_was_suspended(members: Members):
    User.update(is_active=False).execute()

    with transaction():
        password_token(members.tom.fresh, "new@example.com", "a1b2c3d4", "token:1")

    assert Mail.select().count() == 0


def test_a_token_is_mailed_once(members: Members):
    for _ in range(2):
        with transaction():
            email_token(members.tom.account, "new@example.com", "a1b2c3d4e5", "token:1")

    assert Mail.select().count() == 1
    assert LedgerRow.select().count() == 1
