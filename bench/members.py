"""Accounts, heroes and call requests under measurement, put into a database by plain SQL."""

import psycopg

from bench.load import USERS, token
from models.people.tokens import digest

HEROES = 20_000  # as many turns as an asker has: she asks each of them once

_NUMBERS = "generate_series(1, %(count)s::bigint) AS n"

# Of those added here, the first `askers` ask and the rest are heroes.
_PEOPLE = (
    f"""
    INSERT INTO person (username, password, first_name, last_name, email, is_active, is_staff, is_service, created_at)
    SELECT 'account:' || n, '!', 'Ada', 'Lovelace', '', true, false, false, now() FROM {_NUMBERS}
    """,
    """
    INSERT INTO account (user_id, uuid, email, email_verified, email_notifications, phone, phone_verified,
                         payment_verified, timezone, active, call_me, created_at, updated_at)
    SELECT id, gen_random_uuid()::text, username || '@example.com', true, false,
           '+1' || 2010000000 + row_number() OVER (ORDER BY id), true, true, 'Europe/Berlin', true, false, now(), now()
    FROM person WHERE username LIKE 'account:%%' ORDER BY id
    """,
    """
    INSERT INTO hero (account_id, slug, discipline, title, description, position, company, short_bio, years_of_exp,
                      rate_in_cents, linkedin_url, accepted, active, created_at, updated_at)
    SELECT id, 'ada-' || id, 'BE', 'Engineer', '', 'Lead', 'Engines', '', 9, 250, 'https://linkedin.com/in/ada', true,
           true, now(), now()
    FROM account WHERE id > %(askers)s ORDER BY id
    """,
)

# Who asks most is in every other request; each is successful after two rounds of times.
_REQUESTS = (
    """
    INSERT INTO call_request (requester_id, hero_id, hero_account_id, message, estimated_length, status, reason,
                              agreed_time, way, created_at, updated_at)
    SELECT CASE WHEN n %% 2 = 0 THEN 1 ELSE 2 + n %% (%(askers)s - 1) END, hero, hero + %(askers)s,
           'How to measure without fooling oneself', 30, 's', '', now() - n * interval '1 min', 'dial_in',
           now() - n * interval '1 min', now()
    FROM (SELECT n, 1 + n * 7919 %% (%(count)s - %(askers)s) AS hero
          FROM generate_series(1, %(requests)s::bigint) AS n) AS asked
    """,
    """
    INSERT INTO time_suggestion (call_request_id, account_id, datetime_one, datetime_two, datetime_three, timestamp)
    SELECT id, CASE WHEN round = 1 THEN hero_account_id ELSE requester_id END, agreed_time,
           agreed_time + interval '1 h', agreed_time + interval '2 h', created_at
    FROM call_request, generate_series(1, 2) AS round
    """,
)


def enrol(url: str, *, heroes: int = HEROES, requests: int = 0) -> None:
    """Put so many heroes, and those who ask them, into a database that has no accounts yet.

    Parameters:
      requests: that they have made so far.
    """
    values = {"askers": USERS, "count": USERS + heroes, "requests": requests}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SET session_replication_role = replica"
        )  # all of it is right: no foreign key is checked
        cursor = psycopg.ClientCursor(connection)
        for statement in (*_PEOPLE, *(_REQUESTS if requests else ())):
            cursor.execute(statement, values)
        tokens = [(digest(token(number)), number + 1) for number in range(2 * USERS)]
        cursor.executemany(
            "INSERT INTO auth_token (token_hash, account_id, created_at, expires_at) "
            "VALUES (%s, %s, now(), now() + interval '7 days')", tokens,
        )  # fmt: skip
        connection.execute("ANALYZE")
