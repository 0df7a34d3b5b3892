"""Who was erased on request, and when."""

from peewee import BigAutoField, BigIntegerField, Model, TextField

from models.database import UtcField


def up(migrator, db):
    """Add it."""
    db.create_tables([_table(db)], safe=False)


def _table(db):
    class Erasure(Model):
        id = BigAutoField()
        contact_id = BigIntegerField(unique=True)
        erased_at = UtcField(index=True)
        number_mark = TextField(null=True, index=True)

        class Meta:
            database = db
            table_name = "erasure"

    return Erasure


def down(migrator, db):
    """Take it away."""
    db.drop_tables([_table(db)])
