"""Rings: calls of one leg, in which a survey is played."""

from peewee import BigAutoField, BigIntegerField, BooleanField, IntegerField, Model, TextField

from models.database import UtcField


def up(migrator, db):
    """Make their table."""

    class Ring(Model):
        id = BigAutoField()
        reference = TextField(unique=True)
        origin = TextField()
        origin_id = BigIntegerField()
        status = TextField()
        provider = TextField(null=True)
        provider_id = TextField(null=True, index=True)
        cause = TextField(null=True)
        created_at = UtcField()
        ended_at = UtcField(null=True)
        to = TextField()
        callerid = TextField()
        ring_seconds = IntegerField()
        limit_seconds = IntegerField()
        turn = IntegerField()
        state = TextField()
        said = TextField()
        machine = BooleanField(null=True)

        class Meta:
            database = db
            table_name = "delivery_ring"

    db.create_tables([Ring], safe=False)
    db.execute_sql("CREATE INDEX delivery_ring_unknown ON delivery_ring (id) WHERE status = 'unknown'")


def down(migrator, db):
    """Drop it."""
    db.execute_sql("DROP TABLE delivery_ring")
