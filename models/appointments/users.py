"""Calendar users: sub-users of a manager, for whom calendars are kept; what a manager allows them is a setting."""

from peewee import BigAutoField, BigIntegerField, ForeignKeyField, TextField

from models import clock
from models.appointments.calendars import CalendarSetting
from models.database import Row, UtcField
from models.people.users import User


class CalendarUserProfile(Row):
    """One calendar user. Its owner is the `manager`; on `/rest-api` it goes by its user's id."""

    id = BigAutoField()
    user = ForeignKeyField(User, unique=True, backref="calendar_profiles", on_delete="CASCADE")
    manager = ForeignKeyField(User, backref="managed", on_delete="RESTRICT")
    calendar_setting = ForeignKeyField(CalendarSetting, backref="profiles", on_delete="RESTRICT")
    address = TextField(null=True)
    city = TextField(null=True)
    state = TextField(null=True)
    country = TextField(default="")
    zip_code = TextField(null=True)
    phone_no = TextField(null=True)
    fax = TextField(null=True)
    company_name = TextField(null=True)
    company_website = TextField(null=True)
    language = TextField(null=True)
    note = TextField(null=True)
    accountcode = BigIntegerField(null=True)
    created_date = UtcField(default=clock.now)
    updated_date = UtcField(default=clock.now)

    user_id: int
    manager_id: int
    calendar_setting_id: int

    class Meta:
        table_name = "calendar_user_profile"
