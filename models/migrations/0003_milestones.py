"""Milestones, which make long lists quick to count and to open anywhere."""

from peewee import BigIntegerField, CompositeKey, Model, TextField


def up(migrator, db):
    """Add them. The first ones are laid when the chore comes by."""
    db.create_tables(_tables(db), safe=False)


def _tables(db):
    class Milestone(Model):
        list = TextField()
        owner = TextField()
        position = BigIntegerField()
        row_id = BigIntegerField()

        class Meta:
            database = db
            table_name = "milestone"
            primary_key = CompositeKey("list", "owner", "position")

    class Tally(Model):
        list = TextField()
        owner = TextField()
        length = BigIntegerField()

        class Meta:
            database = db
            table_name = "tally"
            primary_key = CompositeKey("list", "owner")

    class Progress(Model):
        list = TextField(primary_key=True)
        laid = BigIntegerField()
        seen = BigIntegerField()
        writers = TextField()

        class Meta:
            database = db
            table_name = "milestone_progress"

    return [Milestone, Tally, Progress]


def down(migrator, db):
    """Take them away; everything is still right, only slower."""
    db.drop_tables(_tables(db))
