"""Whoever was erased, not only contacts: his login, with a row for each number he had. Mails by what asked for them."""

from peewee import BigAutoField, BigIntegerField, Model, TextField

from models.database import UtcField

MAILS = "CREATE INDEX delivery_mail_origin ON delivery_mail (origin, origin_id)"


def up(migrator, db):
    """Take over who was erased before."""
    db.create_tables([_table(db)], safe=False)
    db.execute_sql(
        "INSERT INTO erased_person (user_id, erased_at, number_mark) "
        "SELECT c.user_id, e.erased_at, e.number_mark FROM erasure AS e JOIN contact AS c ON c.id = e.contact_id"
    )
    db.execute_sql("DROP TABLE erasure")
    db.execute_sql(MAILS)


def _table(db):
    class ErasedPerson(Model):
        id = BigAutoField()
        user_id = BigIntegerField(index=True)
        erased_at = UtcField(index=True)
        number_mark = TextField(null=True, index=True)

        class Meta:
            database = db
            table_name = "erased_person"

    return ErasedPerson
