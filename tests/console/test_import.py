"""`trunkline import`: mentors and mentees from a file, all of them or nobody."""

import csv
import io
import stat
from pathlib import Path
from typing import Any

import pytest

from api.console import rolls
from models.people import Contact, User
from tests.api.looking import rows, statements
from tests.console.conftest import Type
from tests.house import MENTEE, NUMBERS, Client, Staff

HEADER = "kind,username,first_name,password,contact_number,mentee\n"
NO_PASSWORDS = "kind,username,first_name,contact_number\nmentee,ben,Ben,+4915100002\n"
PAIR = "mentor,ada,Ada,battery staple,+4915100001,ben\nmentee,ben,Ben,battery staple,+4915100002,\n"


@pytest.fixture
def load(door: Type, tmp_path: Path) -> Any:
    """Import a text."""

    def load(text: str | bytes, *options: object) -> Any:
        file = tmp_path / "people.csv"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return door("import", file, *options)

    return load


def test_a_pair_is_added_and_may_call_at_once(load: Any, client: Client, staff: Staff) -> None:
    done = load(HEADER + PAIR)

    assert (done.exit_code, done.stdout) == (0, "added 1 mentee and 1 mentor\n")
    ben = Contact.select().join(User).where(User.username == "ben").get()
    call = client.post("/mentor/call/", user="ada", password="battery staple")
    assert (call.status_code, call.json["receiver"]) == (201, ben.id)


def test_everybody_has_the_password_of_his_own_line(load: Any, client: Client, home: Any) -> None:
    people = [f"mentee,m{n},M,battery staple {n},+491510000{n},\n" for n in range(5)]

    assert load(HEADER + "".join(people), "--threads", 3).exit_code == 0
    for n in range(5):
        assert client.get("/comms/call/", user=f"m{n}", password=f"battery staple {n}").status_code == 200


def test_the_template_is_right_and_an_example_of_everything(door: Type, load: Any, home: Any) -> None:
    template = door("import", "--template").stdout

    done = load(template)

    assert "added 1 mentee and 1 mentor" in done.stdout
    adam = Contact.select().join(User).where(User.username == "adam").get()
    assert (adam.job_title, adam.motivation, adam.external_id) == (
        "Engineer",
        "To help, and to learn",
        "crm-7",
    )
    assert (adam.mentee.user.username, adam.mentee.external_id) == ("tony", None)
    assert adam.contact_number.reveal() == "+27 98 765 4321"


def test_a_spreadsheets_habits_are_understood(load: Any, home: Any) -> None:
    text = "Kind; Username ;first_name;contact_number;password;last_name\r\n"
    text += 'mentee; zoë ;" Zoë";+49 151 00001; blanks stay ;"of; Exeter\r\nand Bath"\r\n;;;;;\r\n'

    done = load(b"\xef\xbb\xbf" + text.encode())

    assert done.exit_code == 0, done.stderr
    zoe = User.get(User.username == "zoë")
    assert (zoe.first_name, zoe.last_name) == ("Zoë", "of; Exeter\r\nand Bath")


@pytest.mark.parametrize("written", ["name", "id"])
def test_a_mentee_of_the_database_is_meant_by_name_or_by_id(load: Any, staff: Staff, written: str) -> None:
    word = MENTEE if written == "name" else staff.mentee.id
    done = load(f"{HEADER}mentor,ada,Ada,battery staple,+4915100001,{word}\n")

    assert done.exit_code == 0, done.stderr
    assert Contact.select().join(User).where(User.username == "ada").get().mentee == staff.mentee


def test_everything_wrong_is_told_at_once_with_its_line_and_nothing_is_written(
    load: Any, staff: Staff
) -> None:
    before = rows()
    done = load(
        HEADER
        + f"mentee,ben,Ben,battery staple,{NUMBERS[MENTEE]},\n"
        + 'mentee,cy d,"",short,12,\n'
        + "mentee,tony,Tony,battery staple,+4915100003,adam\n"
        + "mentor,ada,Ada,battery staple,+4915100003,nobody\n"
        + "mentor,ben,Ben,battery staple,+4915100005,eve\n"
        + "boss,x,X,battery staple,+4915100006\n"
        + "boss,x,X,battery staple,+4915100006,\n"
        + "mentor,flo,Flo,,+4915100007,\n"
        + "mentor,gus,Gus,battery staple,+4915100008,ada\n"
    )

    told = [line.partition("people.csv:")[2] for line in done.stderr.splitlines() if "people.csv:" in line]
    assert (done.exit_code, rows()) == (1, before)
    assert told == [
        "2: contact_number: somebody in the database has it: is he there already?",
        "3: contact_number: Write a phone number like +919876543210: 7 to 15 digits, not starting with 0.",
        "3: first_name: is empty: everybody has one",
        "3: password: Use 8 to 1000 characters.",
        "3: username: Use 1 to 150 letters, digits and @.+-_ characters.",
        "4: mentee: only a mentor has one: leave it empty",
        "4: username: somebody in the database has it: choose another",
        "5: contact_number: line 4 has it too: everybody has his own",
        "5: mentee: is nobody's: write the username of a mentee here or in the database, or his contact id",
        "6: mentee: is a mentor: write a mentee's username or contact id",
        "6: username: line 2 has it too: choose another",
        "7: has 5 cells, the header 6: put a cell that holds ',' in quotes",
        "8: kind: write mentee or mentor",
        "9: mentee: is empty: write the username of his mentee, or a contact id",
        "9: password: is empty: write one, or name a new file by --passwords to have it made",
        "10: mentee: is a mentor, on line 5: write a mentee's username or contact id",
    ]
    assert "16 mistakes on 9 lines; nothing was written" in done.stderr
    assert NUMBERS[MENTEE].lstrip("+") not in done.stderr


def test_a_word_that_means_two_people_is_asked_about(load: Any, staff: Staff) -> None:
    both = staff.mentee.id
    done = load(
        f"{HEADER}mentee,{both},Ben,battery staple,+4915100002,\nmentor,ada,Ada,battery staple,+4915100001,{both}\n"
    )

    assert "3: mentee: is both a username and a contact id" in done.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"kind,username,first_name,phone,password\n", "1: phone: is no column: there are kind, username"),
        (b"kind,username,firstname,password\n", "1: firstname: is no column: did you mean first_name?"),
        (b"kind,kind,username,first_name,password\n", "1: kind: stands here twice: keep one"),
        (b"kind,username,first_name,contact_number\n", "1: password: is missing: add the column, or name"),
        (b"", "1: kind: is missing: add the column"),
        (HEADER.encode() + b"mentee,b\xe9n,Ben\n", "2: byte 0xE9 is not UTF-8: save the file as UTF-8"),
        ("kind;username\n".encode("utf-16"), "1: byte 0xFF is not UTF-8"),
        (HEADER.encode() + b"mentee,b\0n,Ben\n", "2: holds a NUL character"),
        (HEADER.encode() + b'mentee,"ben"n,Ben,x,y,\n', "2: is not CSV"),
        (
            HEADER.encode() + b'mentee,"ben,Ben,x,y,\n',
            "2: is not CSV (unexpected end of data): does a quote not end",
        ),
        (HEADER.encode() + b"mentee," + b"b" * 140_000, "2: is not CSV (field larger than"),
        (b"kind,kind\n", "5 mistakes on 1 line"),
    ],
)
def test_what_is_no_sheet_of_people_is_told_by_its_line(load: Any, home: Any, text: bytes, told: str) -> None:
    done = load(text)

    assert done.exit_code == 1
    assert told in done.stderr


def test_a_dry_run_checks_all_and_writes_nothing(load: Any, home: Any, tmp_path: Path) -> None:
    before = rows()

    done = load(HEADER + PAIR, "--dry-run", "--passwords", tmp_path / "new")

    assert "1 mentee and 1 mentor could be added; nothing was written" in done.stdout
    assert (rows(), (tmp_path / "new").exists()) == (before, False)
    assert load(HEADER + "mentee,x y,X,battery staple,1,\n", "--dry-run").exit_code == 1


def test_missing_passwords_are_made_and_written_for_their_owners_eyes(
    load: Any, client: Client, home: Any, tmp_path: Path
) -> None:
    file = tmp_path / "passwords.csv"

    done = load("kind,username,first_name,contact_number\nmentee,ben,Ben,+4915100002\n", "--passwords", file)

    ((name, password),) = [tuple(row.values()) for row in csv.DictReader(io.StringIO(file.read_text()))]
    assert (done.exit_code, name, len(password)) == (0, "ben", 19)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert client.get("/comms/call/", user="ben", password=password).status_code == 200
    assert password not in done.stdout + done.stderr
    assert "exists; name a new file" in load(HEADER + PAIR, "--passwords", file).stderr


def test_who_is_quicker_has_the_name_and_nobody_else_is_added(
    load: Any, staff: Staff, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Somebody is added between the check and the writing, while the passwords are hashed."""
    hash_passwords = rolls.Roll.hash_passwords

    def meanwhile(roll: rolls.Roll, threads: int) -> None:
        hash_passwords(roll, threads)
        User.create(username="ada", password="")

    monkeypatch.setattr(rolls.Roll, "hash_passwords", meanwhile)
    done = load(HEADER + PAIR, "--passwords", tmp_path / "passwords.csv")

    assert (done.exit_code, "somebody took a username" in done.stderr) == (1, True)
    assert not User.select().where(User.username == "ben").exists()
    assert not (tmp_path / "passwords.csv").exists()


def test_a_file_of_passwords_that_cannot_be_written_leaves_nobody_behind(
    load: Any, home: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another program makes such a file while the passwords are hashed."""
    before, file, hash_passwords = rows(), tmp_path / "passwords.csv", rolls.Roll.hash_passwords

    def meanwhile(roll: rolls.Roll, threads: int) -> None:
        hash_passwords(roll, threads)
        file.touch()

    monkeypatch.setattr(rolls.Roll, "hash_passwords", meanwhile)
    done = load(NO_PASSWORDS, "--passwords", file)

    assert (done.exit_code, rows()) == (1, before)
    assert "File exists" in done.stderr
    assert file.exists()


def test_a_place_where_no_file_of_passwords_can_be_is_told_before_anything_is_hashed(
    load: Any, home: Any, tmp_path: Path
) -> None:
    for options in ((), ("--dry-run",)):
        done = load(NO_PASSWORDS, "--passwords", tmp_path / "nowhere" / "passwords.csv", *options)

        assert (done.exit_code, f"no folder {tmp_path / 'nowhere'}" in done.stderr) == (1, True)


def test_a_file_that_was_added_before_is_told_so_without_guessing_who_is_meant(load: Any, home: Any) -> None:
    assert load(HEADER + PAIR).exit_code == 0

    again = load(HEADER + PAIR)

    assert "4 mistakes on 2 lines" in again.stderr
    assert again.stderr.count("somebody in the database has it") == 4


def test_many_lines_take_few_statements_each_few_hundred(load: Any, home: Any) -> None:
    def sheet(pairs: int) -> str:
        return HEADER + "".join(
            f"mentor,a{n},A,battery staple,+49151{n:05},b{n}\nmentee,b{n},B,battery staple,+49152{n:05},\n"
            for n in range(pairs)
        )

    with statements() as few:
        load(sheet(10), "--dry-run")
    with statements() as many:
        done = load(sheet(2000), "--dry-run")

    assert done.exit_code == 0, done.stderr
    assert len(many) - len(few) <= 7 * 2 + 4  # eight chunks of lines instead of one, four of mentees
