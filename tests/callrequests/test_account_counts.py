"""How many statements each route of accounts takes: as many among thousands of accounts as among a few."""

from collections.abc import Callable
from typing import Any

from models import clock
from models.people import User
from models.people.accounts import Account
from models.people.one_time_tokens import OneTimeToken
from models.people.tokens import AuthToken
from tests.api.looking import statements
from tests.callrequests.entering import BETTER, GOOD, OTHER_PHONE, WRONG, Door, mailed, texted
from tests.house import password_hash

CROWD = 2_000

# Two allowances are taken with two statements, and given back with two; for a new address, three are taken. Whoever
# shows his token is looked up with one.
EXPECTED = {
    "phone-token": 8, "phone-token again": 6, "register": 16, "register, a wrong code": 3,
    "register, an address in use": 8, "login": 7, "login, wrong": 3, "login, unknown": 3, "profile": 3,
    "change a name": 6, "change an address": 13, "verify": 11, "verify, a wrong code": 5, "change password": 10,
    "request": 4, "request, unknown": 4, "reset": 10, "reset, a wrong code": 2, "get-time": 2, "logout": 2,
}  # fmt: skip
LOCKING = (
    "change a name",
    "change an address",
    "verify",
    "verify, a wrong code",
    "reset",
)  # one more; SQLite has one writer


def crowd() -> None:
    """Thousands of others, each with an account, a login and a token that is out."""
    first = User.select().count() + 1
    names = range(first, first + CROWD)
    User.insert_many([{"username": f"account:{n}", "password": password_hash()} for n in names]).execute()
    users = [
        user.id for user in User.select(User.id).where(User.username.in_([f"account:{n}" for n in names[:1]]))
    ]
    rows = [{"user": users[0] + n, "email": f"crowd{n}@example.com"} for n in range(CROWD)]
    Account.insert_many(rows).execute()
    ids = [row.id for row in Account.select(Account.id).where(Account.email.startswith("crowd"))]
    out = {"created_at": clock.now(), "expires_at": clock.now()}
    AuthToken.insert_many([{"token_hash": f"x{n}", "account": n, **out} for n in ids]).execute()
    OneTimeToken.insert_many(
        [{"id": n, "kind": "email", "token_hash": f"x{n}", "account": n, "target": "", **out} for n in ids]
    ).execute()


class Counted:
    """What is asked, and in how many statements that was answered, by name."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    def __call__(self, name: str, ask: Callable[[], Any], status: int) -> Any:
        with statements() as taken:
            answer = ask()
        assert answer.status_code == status, (name, answer.text)
        self.taken[name] = len(taken)
        return answer


def walked(door: Door, phones: tuple[str, str], name: str) -> dict[str, int]:
    """Every route asked once by somebody new."""
    counted, (phone, other) = Counted(), phones
    email, new = f"{name}@example.com", f"{name}.new@example.com"
    ask = {"phone": phone}
    counted("phone-token", lambda: door.post("phone-token/", ask), 201)
    counted("phone-token again", lambda: door.post("phone-token/", ask), 400)
    whole = {**door.newcomer(other), "email": email}
    mine = {**whole, "phone": phone, "phone_token": texted(phone)}
    wrong = {**mine, "phone_token": WRONG["phone"]}
    counted("register, a wrong code", lambda: door.post("register/", wrong), 400)
    me = counted("register", lambda: door.post("register/", mine), 201).json["token"]
    counted("register, an address in use", lambda: door.post("register/", whole), 409)
    counted("login, wrong", lambda: door.log_in(email, "wrong"), 403)
    counted("login, unknown", lambda: door.log_in("nobody@example.com", "wrong"), 403)
    token = counted("login", lambda: door.log_in(email), 200).json["token"]
    profile = counted("profile", lambda: door.profile(me), 200).json
    counted("change a name", lambda: door.patch({"first_name": "Thomas"}, me), 200)
    counted("change an address", lambda: door.patch({"email": new}, me), 200)
    code = {"token": mailed(new)}
    counted("verify, a wrong code", lambda: door.post("verify-email/", {"token": WRONG["email"]}, me), 404)
    counted("verify", lambda: door.post("verify-email/", code, me), 200)
    change = {"old_password": GOOD, "new_password": BETTER}
    counted("change password", lambda: door.post("change-password/", change, me), 200)
    counted("request", lambda: door.post("request-password/", {"email": new}), 200)
    counted(
        "request, unknown", lambda: door.post("request-password/", {"email": f"{name}.no@example.com"}), 200
    )
    reset = {"token": door.forgetful(new), "new_password": GOOD}
    wrong_reset = {**reset, "token": WRONG["password"]}
    counted("reset, a wrong code", lambda: door.post("reset-password/", wrong_reset), 404)
    token = counted("reset", lambda: door.post("reset-password/", reset), 200).json["token"]
    when = {"user_id": profile["id"], "utc_datetime": "2017-12-25T06:00:00Z"}
    counted("get-time", lambda: door.post("get-time/", when, token), 200)
    counted("logout", lambda: door.ask("DELETE", "logout/", None, token), 204)
    return counted.taken


def test_each_route_takes_as_many_statements_among_thousands_as_among_a_few(door: Door, full: bool) -> None:
    walked(door, ("3125550101", "3125550102"), "first")  # a process reads its key once
    few = walked(door, ("3125550103", "3125550104"), "few")
    crowd()
    many = walked(door, ("3125550105", OTHER_PHONE), "many")

    assert many == few
    assert few == {name: usual + (full and name in LOCKING) for name, usual in EXPECTED.items()}
