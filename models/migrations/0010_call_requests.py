"""Call requests: accounts, heroes, tokens and allowances; requests, times and reminders; conferences."""

from peewee import (
    BigAutoField,
    BooleanField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from models.database import UtcField

INDEXES = """
CREATE UNIQUE INDEX one_time_token_value ON one_time_token (kind, token_hash);
CREATE UNIQUE INDEX one_time_token_account ON one_time_token (kind, account_id) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX one_time_token_phone ON one_time_token (target) WHERE kind = 'phone' AND account_id IS NULL;
CREATE INDEX one_time_token_expiry ON one_time_token (expires_at);
CREATE INDEX auth_token_expiry ON auth_token (expires_at);
CREATE INDEX hero_shown ON hero (id) WHERE accepted AND active;
CREATE UNIQUE INDEX call_request_open ON call_request (requester_id, hero_id) WHERE status = 'o';
CREATE INDEX call_request_requester ON call_request (requester_id, id);
CREATE INDEX call_request_hero_account ON call_request (hero_account_id, id);
CREATE INDEX call_request_agreed_requester ON call_request (requester_id, agreed_time) WHERE status = 'a';
CREATE INDEX call_request_agreed_hero ON call_request (hero_account_id, agreed_time) WHERE status = 'a';
CREATE UNIQUE INDEX request_reminder_once ON request_reminder (call_request_id, account_id, agreed_time);
CREATE UNIQUE INDEX conference_log_once ON conference_log (conference_id, event, call_sid, sequence);
ALTER TABLE delivery_mail ADD COLUMN unsubscribe TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery_mail ADD COLUMN at_least_once BOOLEAN NOT NULL DEFAULT FALSE;
"""


def up(migrator, db):
    """Add them."""
    person, account = _accounts(db)
    db.create_tables([account, *_tokens(db, account), *_requests(db, person, account)], safe=False)
    for statement in filter(str.strip, INDEXES.split(";")):
        db.execute_sql(statement)


def _base(db):
    class Row(Model):
        id = BigAutoField()

        class Meta:
            database = db

    return Row


def _accounts(db):
    row = _base(db)

    class Person(row):
        class Meta:
            table_name = "person"

    class Account(row):
        user = ForeignKeyField(Person, unique=True, on_delete="RESTRICT")
        uuid = TextField(unique=True)
        email = TextField(unique=True)
        email_verified = BooleanField()
        email_notifications = BooleanField()
        phone = TextField(null=True, unique=True)
        phone_verified = BooleanField()
        payment_verified = BooleanField()
        profile_image = TextField(null=True)
        timezone = TextField()
        active = BooleanField()
        call_me = BooleanField()
        created_at = UtcField()
        updated_at = UtcField()

        class Meta:
            table_name = "account"

    return Person, Account


def _tokens(db, account):
    row = _base(db)

    class AuthToken(row):
        token_hash = TextField(unique=True)
        account_ = ForeignKeyField(account, column_name="account_id", on_delete="CASCADE")
        created_at = UtcField()
        expires_at = UtcField()

        class Meta:
            table_name = "auth_token"

    class OneTimeToken(row):
        kind = TextField()
        token_hash = TextField()
        account_ = ForeignKeyField(
            account, column_name="account_id", null=True, index=False, on_delete="CASCADE"
        )
        target = TextField()
        created_at = UtcField()
        expires_at = UtcField()

        class Meta:
            table_name = "one_time_token"

    class PasswordRequest(row):
        email = TextField()
        created_at = UtcField()

        class Meta:
            table_name = "password_request"

    class Allowance(Model):
        key = TextField(primary_key=True)
        full_at = DoubleField(index=True)

        class Meta:
            database = db
            table_name = "allowance"

    class KeptSecret(Model):
        name = TextField(primary_key=True)
        value = TextField()

        class Meta:
            database = db
            table_name = "kept_secret"

    return AuthToken, OneTimeToken, PasswordRequest, Allowance, KeptSecret


def _heroes(db, person, account):
    row = _base(db)

    class Hero(row):
        account_ = ForeignKeyField(account, column_name="account_id", unique=True, on_delete="RESTRICT")
        slug = TextField(unique=True)
        discipline = TextField()
        title = TextField()
        description = TextField()
        position = TextField()
        company = TextField()
        short_bio = TextField()
        years_of_exp = IntegerField()
        rate_in_cents = IntegerField()
        linkedin_url = TextField()
        accepted = BooleanField()
        active = BooleanField()
        created_at = UtcField()
        updated_at = UtcField()

        class Meta:
            table_name = "hero"

    class HeroAcceptAction(row):
        user = ForeignKeyField(person, on_delete="RESTRICT")
        hero = ForeignKeyField(Hero, on_delete="RESTRICT")
        accepted = BooleanField()
        timestamp = UtcField()

        class Meta:
            table_name = "hero_accept_action"

    return Hero, HeroAcceptAction


def _requests(db, person, account):
    row = _base(db)
    hero, action = _heroes(db, person, account)

    class CallRequest(row):
        requester = ForeignKeyField(account, index=False, on_delete="RESTRICT")
        hero_ = ForeignKeyField(hero, column_name="hero_id", on_delete="RESTRICT")
        hero_account = ForeignKeyField(account, index=False, on_delete="RESTRICT")
        message = TextField()
        estimated_length = IntegerField()
        status = TextField()
        reason = TextField()
        agreed_time = UtcField(null=True)
        way = TextField()
        created_at = UtcField()
        updated_at = UtcField()

        class Meta:
            table_name = "call_request"

    def of_request(**more):
        return ForeignKeyField(CallRequest, column_name="call_request_id", on_delete="RESTRICT", **more)

    class TimeSuggestion(row):
        call_request = of_request()
        account_ = ForeignKeyField(account, column_name="account_id", on_delete="RESTRICT")
        datetime_one = UtcField()
        datetime_two = UtcField()
        datetime_three = UtcField()
        timestamp = UtcField()

        class Meta:
            table_name = "time_suggestion"

    class CallRequestStep(row):
        call_request = of_request()
        account_ = ForeignKeyField(account, column_name="account_id", null=True, on_delete="RESTRICT")
        step = TextField()
        timestamp = UtcField()

        class Meta:
            table_name = "call_request_step"

    class CanceledCallRequestLog(row):
        call_request = of_request(unique=True)
        account_ = ForeignKeyField(account, column_name="account_id", on_delete="RESTRICT")
        reason = TextField()
        was_accepted = BooleanField()
        timestamp = UtcField()

        class Meta:
            table_name = "canceled_call_request_log"

    class RequestReminder(row):
        call_request = of_request(index=False)
        account_ = ForeignKeyField(account, column_name="account_id", on_delete="RESTRICT")
        agreed_time = UtcField()
        due_at = UtcField()
        state = TextField()
        cause = TextField(null=True)
        ended_at = UtcField(null=True)

        class Meta:
            table_name = "request_reminder"

    tables = [CallRequest, TimeSuggestion, CallRequestStep, CanceledCallRequestLog, RequestReminder]
    return hero, action, *tables, *_conferences(row, account, of_request)


def _conferences(row, account, of_request):
    class Conference(row):
        sid = TextField(unique=True)
        friendly_name = TextField()
        call_request = of_request(null=True)
        created_at = UtcField()

        class Meta:
            table_name = "conference"

    class ConferenceLog(row):
        conference = ForeignKeyField(Conference, index=False, on_delete="RESTRICT")
        event = TextField()
        call_sid = TextField()
        sequence = IntegerField()
        account_ = ForeignKeyField(account, column_name="account_id", null=True, on_delete="RESTRICT")
        timestamp = UtcField()

        class Meta:
            table_name = "conference_log"

    class ConferenceCall(row):
        sid = TextField(unique=True)
        account_ = ForeignKeyField(account, column_name="account_id", on_delete="RESTRICT")
        call_request = of_request()
        created_at = UtcField()

        class Meta:
            table_name = "conference_call"

    return Conference, ConferenceLog, ConferenceCall
