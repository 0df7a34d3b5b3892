"""The rules that every installation starts with, under the original's ids."""

from models.appointments.events import Rule
from models.database import db, on_postgres, transaction

RULES = (
    (1, "Monthly", "Every month, on the day of the event", "MONTHLY", None),
    (
        2,
        "Weekly (Monday-Friday) R-10",
        "Ten times, from Monday to Friday",
        "WEEKLY",
        "count:10;byweekday:0,1,2,3,4",
    ),
    (4, "Weekly (Monday-Friday)", "Every day from Monday to Friday", "WEEKLY", "byweekday:0,1,2,3,4"),
    (5, "Yearly", "Every year, on the day of the event", "YEARLY", None),
    (6, "Daily", "Every day", "DAILY", None),
    (7, "Every Tuesday", "Every week on Tuesday", "WEEKLY", "byweekday:TU"),  # the original names no id
)
IDS = frozenset(number for number, *_ in RULES)


def seed() -> int:
    """Add those that are missing, and say how many; what somebody changed stays as it is. Harmless at any time."""
    columns = (Rule.id, Rule.name, Rule.description, Rule.frequency, Rule.params)
    with transaction("rules"):
        before = Rule.select().count()
        Rule.insert_many(RULES, fields=columns).on_conflict_ignore().execute()
        added = int(Rule.select().count() - before)
        if added and on_postgres():  # ids given by hand leave its counter behind
            counter = "pg_get_serial_sequence('rule', 'id')"
            db.execute_sql(
                f"SELECT setval({counter}, greatest((SELECT max(id) FROM rule), nextval({counter})))"
            )
        return added
