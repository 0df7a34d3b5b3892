"""Fills a database with years of use: people, calls, messages and all that follows from them, by plain SQL."""

from dataclasses import dataclass

import psycopg

from bench.load import USERS
from bench.members import enrol
from models.people.passwords import hashed

ADMIN = "admin"
USUAL = "person2"  # a mentor with no more than his share


@dataclass(frozen=True)
class Amount:
    """How much there is: messages and calls, of which one mentor has every other, and pairs of people.

    Each message has its text, its attempt and an event; each call two events, a task, a note and feedback.
    `scheduled` is how many calls that mentor has scheduled and not cancelled. `requests` are call requests, of which
    one account has every other.
    """

    messages: int
    calls: int
    pairs: int
    scheduled: int
    requests: int


SMALL = Amount(messages=1_000, calls=1_000, pairs=500, scheduled=500, requests=1_000)
LARGE = Amount(messages=1_000_000, calls=100_000, pairs=5_000, scheduled=1_000, requests=1_000_000)
QUICK = Amount(messages=100_000, calls=10_000, pairs=1_000, scheduled=1_000, requests=100_000)

# The mentor with every other row is `bench.load.user(0)`, contact 2; each mentor's mentee is the contact before him.
_MENTOR = "CASE WHEN n %% 2 = 0 THEN 2 ELSE %(first)s + 2 * (1 + n * 7919 %% %(pairs)s) END"
_MESSAGES = f"(SELECT n, {_MENTOR} AS mentor FROM generate_series(1, %(messages)s::bigint) AS n) AS m"
_CALLS = f"(SELECT n, {_MENTOR} AS mentor FROM generate_series(1, %(calls)s::bigint) AS n) AS c"
_PEOPLE = "generate_series(1, 2 * %(pairs)s) AS n"
_WRITTEN = "now() - (%(messages)s - n) * interval '30 s'"
_CALLED = "now() - (%(calls)s - n) * interval '5 min'"

STATEMENTS = (
    # No checks of foreign keys: all of these are right, and they take most of the time.
    "SET session_replication_role = replica",
    """
    INSERT INTO person (username, password, first_name, last_name, email, is_active, is_staff, is_service, created_at)
    VALUES (%(admin)s, %(password)s, '', '', '', true, true, false, now())
    """,
    f"""
    INSERT INTO person (username, password, first_name, last_name, email, is_active, is_staff, is_service, created_at)
    SELECT 'person' || n, CASE WHEN n = 2 THEN %(password)s ELSE '' END, 'Ada', 'Lovelace', '', true, false, false,
           now()
    FROM {_PEOPLE}
    """,
    f"""
    INSERT INTO contact (user_id, kind, contact_number, msisdn, mentee_id, profile_pic, job_title, motivation,
                         inspiration, device_token)
    SELECT %(first)s + 1 + n, CASE WHEN n %% 2 = 1 THEN 'mentee' ELSE 'mentor' END, '+4915' || 10000000 + n,
           '4915' || 10000000 + n, CASE WHEN n %% 2 = 0 THEN %(first)s + n - 1 END, '', '', '', '', ''
    FROM {_PEOPLE}
    """,
    f"""
    INSERT INTO message (time_sent, sender_id, recipient_id, message_type, content, state)
    SELECT {_WRITTEN}, mentor - CASE WHEN n %% 3 = 0 THEN 1 ELSE 0 END,
           mentor - CASE WHEN n %% 3 = 0 THEN 0 ELSE 1 END, 'user', 'See you at five, at the same place as last time',
           CASE WHEN n %% 3 = 0 THEN 'received' ELSE 'sent' END
    FROM {_MESSAGES}
    """,
    f"""
    INSERT INTO delivery_text (reference, origin, origin_id, status, provider, provider_id, created_at, "to", body,
                               at_least_once)
    SELECT 'message:' || n, 'message', n, 'sent', 'simulator', 'text-' || n, {_WRITTEN}, '+4915', 'See you', false
    FROM {_MESSAGES}
    """,
    f"""
    INSERT INTO attempt (channel, delivery_id, number, provider, begun_at, ended_at, outcome)
    SELECT 'text', n, 1, 'simulator', {_WRITTEN}, {_WRITTEN}, 'accepted' FROM {_MESSAGES}
    """,
    f"""
    INSERT INTO task (mentor_id, description, link, status)
    SELECT mentor, 'Complete feedback for call', '', CASE WHEN n > %(calls)s - 20 THEN 'pending' ELSE 'done' END
    FROM {_CALLS}
    """,
    f"""
    INSERT INTO call (start_time, partner_start_time, partner_end_time, end_time, caller_id, receiver_id,
                      feedback_task_id, partner_id, call_id, status)
    SELECT {_CALLED}, {_CALLED}, {_CALLED}, {_CALLED}, mentor, mentor - 1, n, 'c-' || n, 's-' || n, 'successful'
    FROM {_CALLS}
    """,
    f"""
    INSERT INTO call_note (version, mentor_id, call_id, created_at, discussion, follow_up, rating, call_quality)
    SELECT 2, mentor, n, {_CALLED}, 'Fractions', '', 5, 'good' FROM {_CALLS}
    """,
    f"""
    INSERT INTO feedback (received_at, sender_id, mentor_id, call_id, completed, reported_complete, content)
    SELECT {_CALLED}, mentor - 1, mentor, n, true, true, '{{}}' FROM {_CALLS}
    """,
    f"""
    INSERT INTO event (occured_at, event_type, relevant_mentor_id, object_id)
    SELECT {_WRITTEN}, CASE WHEN n %% 3 = 0 THEN 'message_received' ELSE 'message_sent' END, mentor, n
    FROM {_MESSAGES}
    """,
    f"""
    INSERT INTO event (occured_at, event_type, relevant_mentor_id, object_id)
    SELECT {_CALLED}, kind, mentor, n FROM {_CALLS}, unnest(ARRAY['start_call', 'end_call']) AS kind
    """,
    """
    INSERT INTO scheduled_call (created_at, call_time, caller_id, callee_id)
    SELECT now(), now() + (n - %(scheduled)s * 0.9) * interval '1 day', 2, 1
    FROM generate_series(1, %(scheduled)s) AS n
    """,
    """
    INSERT INTO activity (title, description, link, active)
    SELECT 'Fractions', '', '', true FROM generate_series(1, 50)
    """,
    "SET session_replication_role = DEFAULT",
)


def fill(url: str, amount: Amount, password: str) -> None:
    """Put so much into a database that has the people of the bench and nothing else."""
    values = {
        "admin": ADMIN, "password": hashed(password), "first": 2 * USERS, "messages": amount.messages,
        "calls": amount.calls, "pairs": amount.pairs, "scheduled": amount.scheduled,
    }  # fmt: skip
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = psycopg.ClientCursor(connection)
        for statement in STATEMENTS:
            cursor.execute(statement, values)
    enrol(url, heroes=500, requests=amount.requests)
    settle(url)


def settle(url: str) -> None:
    """Leave a database as autovacuum and the checkpoints leave one that has grown for years."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
