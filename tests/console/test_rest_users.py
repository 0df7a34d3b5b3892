"""`trunkline user`: managers of calendar users, and tokens of `/rest-api`."""

from models.appointments import answering
from models.people import User
from tests.console.conftest import Type
from tests.house import Client, basic

PASSWORD = "long enough"


def asks(client: Client, authorization: str, path: str = "/rest-api/event/") -> int:
    return int(client.get(path, user=None, headers={"Authorization": authorization}).status_code)


def test_a_manager_is_added(door: Type, client: Client) -> None:
    added = door(
        "user",
        "add",
        "mona",
        "--manager",
        "--email",
        "m@example.com",
        "--password-stdin",
        said=f"{PASSWORD}\n",
    )

    assert added.exit_code == 0
    assert User.get(User.username == "mona").is_manager
    assert asks(client, basic("mona", PASSWORD)) == 200


def test_a_token_is_shown_once_and_ends_when_it_is_revoked(door: Type, client: Client) -> None:
    door("user", "add", "mona", "--manager", "--password-stdin", said=f"{PASSWORD}\n")

    first, second = (door("user", "token", "mona").stdout.strip() for _ in range(2))

    assert [asks(client, f"Token {key}") for key in (first, second)] == [200, 200]
    assert "ended 2 tokens" in door("user", "token", "mona", "--revoke").stdout
    assert [asks(client, f"Token {key}") for key in (first, second)] == [401, 401]
    assert door("user", "token", "nobody").exit_code == 1


def test_a_manager_reads_the_secret_that_is_his_alone(door: Type) -> None:
    for name in ("mona", "fred"):
        door("user", "add", name, "--manager", "--password-stdin", said=f"{PASSWORD}\n")

    mine, theirs = (door("user", "hook-secret", name).stdout.strip() for name in ("mona", "fred"))

    assert mine == answering.secret_of(User.get(User.username == "mona").id)
    assert mine.startswith("whsec_")
    assert mine != theirs
    assert door("user", "hook-secret", "nobody").exit_code == 1
