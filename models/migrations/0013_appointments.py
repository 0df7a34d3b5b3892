"""Appointments: calendar users and permissions; calendars, rules, events, alarms; surveys; gateways; opt-outs."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    FloatField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from models.database import UtcField

INDEXES = """
ALTER TABLE person ADD COLUMN is_manager BOOLEAN NOT NULL DEFAULT FALSE;
CREATE UNIQUE INDEX permission_once ON permission (user_id, name);
CREATE INDEX calendar_setting_user ON calendar_setting (user_id, id);
CREATE INDEX calendar_user_profile_manager ON calendar_user_profile (manager_id, id);
CREATE INDEX calendar_user_ ON calendar (user_id, id);
CREATE INDEX appointment_event_pending ON appointment_event (start) WHERE status = 1;
CREATE INDEX appointment_event_creator ON appointment_event (creator_id, id);
CREATE INDEX appointment_event_calendar ON appointment_event (calendar_id, start);
CREATE INDEX appointment_event_parent ON appointment_event (parent_event_id, created_on)
    WHERE parent_event_id IS NOT NULL;
CREATE UNIQUE INDEX appointment_event_occurrence ON appointment_event (parent_event_id, occ_count)
    WHERE parent_event_id IS NOT NULL AND produced;
CREATE INDEX alarm_event ON alarm (event_id, id);
CREATE INDEX alarm_request_alarm ON alarm_request (alarm_id, id);
CREATE UNIQUE INDEX alarm_request_attempt ON alarm_request (alarm_id, attempt) WHERE attempt IS NOT NULL;
CREATE INDEX alarm_request_pending ON alarm_request (date) WHERE status = 1 AND attempt IS NULL;
CREATE INDEX section_template_survey ON section_template (survey_id, "order");
CREATE UNIQUE INDEX branching_template_keys ON branching_template (section_id, keys);
CREATE INDEX sealed_section_survey ON sealed_section (survey_id, "order");
CREATE UNIQUE INDEX sealed_branching_keys ON sealed_branching (section_id, keys);
CREATE UNIQUE INDEX survey_result_once ON survey_result (callrequest_id, section_id);
CREATE UNIQUE INDEX survey_aggregate_once ON survey_aggregate (survey_id, section_id, response);
CREATE UNIQUE INDEX gateway_of ON gateway_user (gateway_id, user_id);
"""


def up(migrator, db):
    """Add them."""

    class Row(Model):
        id = BigAutoField()

        class Meta:
            database = db

    def table(name, /, **columns):
        meta = type("Meta", (), {"table_name": name})
        return type(name.title().replace("_", ""), (Row,), {**columns, "Meta": meta})

    person = table("person")
    tables = [*_surveys(table, person), *_carried(table, person), *_people(table, person)]
    tables += _planned(table, tables)
    db.create_tables(tables, safe=False)
    for statement in filter(str.strip, INDEXES.split(";")):
        db.execute_sql(statement)


def _dates():
    return {"created_date": UtcField(), "updated_date": UtcField()}


def _to(table, *, null=False, index=False, unique=False, gone="RESTRICT"):
    return ForeignKeyField(table, null=null, index=index or unique, unique=unique, on_delete=gone)


def _surveys(table, person):
    audio = table(
        "audio_file",
        name=TextField(),
        user=_to(person, index=True),
        media=TextField(),
        size=IntegerField(),
        digest=TextField(),
        audio_file=TextField(),
        **_dates(),
    )
    template = table(
        "survey_template",
        name=TextField(),
        user=_to(person, index=True),
        tts_language=TextField(),
        description=TextField(),
        **_dates(),
    )
    sealed = table(
        "sealed_survey",
        name=TextField(),
        user=_to(person, index=True),
        tts_language=TextField(),
        description=TextField(),
        **_dates(),
    )

    def section(name, survey, /, **more):
        keys = {f"key_{digit}": TextField(default="") for digit in range(10)}
        return table(
            name,
            survey=_to(survey, gone="CASCADE"),
            type=IntegerField(),
            question=TextField(),
            script=TextField(),
            order=IntegerField(),
            audiofile=_to(audio, null=True),
            invalid_audiofile=_to(audio, null=True),
            retries=IntegerField(),
            timeout=IntegerField(),
            rating_laps=IntegerField(),
            validate_number=BooleanField(),
            number_digits=IntegerField(),
            min_number=BigIntegerField(),
            max_number=BigIntegerField(),
            phonenumber=TextField(),
            confirm_script=TextField(),
            confirm_key=TextField(),
            conference=TextField(),
            sms_text=TextField(),
            completed=BooleanField(),
            **keys,
            **more,
        )

    section_template = section("section_template", template, **_dates())
    sealed_section = section("sealed_section", sealed)
    branching = table(
        "branching_template",
        keys=TextField(),
        section=_to(section_template, gone="CASCADE"),
        goto=_to(section_template, null=True, gone="SET NULL"),
        **_dates(),
    )
    sealed_branching = table(
        "sealed_branching",
        keys=TextField(),
        section=_to(sealed_section, gone="CASCADE"),
        goto=_to(sealed_section, null=True, gone="CASCADE"),
    )
    return [audio, template, sealed, section_template, sealed_section, branching, sealed_branching]


def _carried(table, person):
    gateway = table(
        "gateway",
        name=TextField(unique=True),
        status=IntegerField(),
        description=TextField(),
        addprefix=TextField(),
        removeprefix=TextField(),
        gateways=TextField(),
        gateway_codecs=TextField(),
        gateway_timeouts=TextField(),
        gateway_retries=TextField(),
        originate_dial_string=TextField(),
        secondused=IntegerField(null=True),
        failover=ForeignKeyField("self", null=True, index=False, on_delete="SET NULL"),
        addparameter=TextField(),
        count_call=IntegerField(null=True),
        count_in_use=IntegerField(null=True),
        maximum_call=IntegerField(null=True),
        created_date=UtcField(),
        updated_date=UtcField(),
    )
    gateway_user = table(
        "gateway_user", gateway=_to(gateway, gone="CASCADE"), user=_to(person, index=True, gone="CASCADE")
    )
    words = (
        "name",
        "base_url",
        "settings",
        "recipient_keyword",
        "content_keyword",
        "uuid_keyword",
        "charge_keyword",
        "status_mapping",
        "status_msg_id",
        "status_status",
        "status_error_code",
        "status_date",
        "status_date_format",
        "reply_content",
        "reply_sender",
        "reply_date",
        "reply_date_format",
        "success_format",
    )
    sms_gateway = table("sms_gateway", **{word: TextField() for word in words})
    sms_template = table(
        "sms_template",
        label=TextField(),
        template_key=TextField(unique=True),
        sender_phonenumber=TextField(),
        sms_text=TextField(),
        created_date=UtcField(),
    )
    mail_template = table(
        "mail_template",
        label=TextField(),
        template_key=TextField(unique=True),
        from_email=TextField(),
        from_name=TextField(),
        subject=TextField(),
        message_plaintext=TextField(),
        message_html=TextField(),
        created_date=UtcField(),
    )
    do_not_call = table(
        "do_not_call",
        msisdn=TextField(unique=True),
        source=TextField(),
        proof=TextField(),
        language=TextField(),
        added_at=UtcField(),
        lifted_at=UtcField(null=True),
    )
    return [gateway, gateway_user, sms_gateway, sms_template, mail_template, do_not_call]


def _people(table, person):
    permission = table("permission", user=_to(person, gone="CASCADE"), name=TextField())
    token = table(
        "rest_token",
        token_hash=TextField(unique=True),
        user=_to(person, index=True, gone="CASCADE"),
        created_at=UtcField(),
    )
    rule = table(
        "rule", name=TextField(), description=TextField(), frequency=TextField(), params=TextField(null=True)
    )
    return [permission, token, rule]


def _planned(table, tables):
    by_name = {one._meta.table_name: one for one in tables}
    person = by_name["permission"].user.rel_model
    setting = table(
        "calendar_setting",
        user=_to(person),
        label=TextField(),
        callerid=TextField(null=True),
        caller_name=TextField(),
        call_timeout=IntegerField(),
        survey=_to(by_name["sealed_survey"]),
        aleg_gateway=_to(by_name["gateway"]),
        sms_gateway=_to(by_name["sms_gateway"], null=True),
        voicemail=BooleanField(),
        amd_behavior=IntegerField(null=True),
        voicemail_audiofile=_to(by_name["audio_file"], null=True),
        timezone=TextField(),
        **_dates(),
    )
    words = {
        name: TextField(null=True)
        for name in (
            "address",
            "city",
            "state",
            "zip_code",
            "phone_no",
            "fax",
            "company_name",
            "company_website",
            "language",
            "note",
        )
    }
    profile = table(
        "calendar_user_profile",
        user=_to(person, unique=True, gone="CASCADE"),
        manager=_to(person),
        calendar_setting=_to(setting, index=True),
        country=TextField(),
        accountcode=BigIntegerField(null=True),
        **words,
        **_dates(),
    )
    calendar = table(
        "calendar",
        name=TextField(),
        user=_to(person, null=True),
        max_concurrent=IntegerField(null=True),
        created_date=UtcField(),
    )
    event = table(
        "appointment_event",
        title=TextField(),
        description=TextField(null=True),
        start=UtcField(),
        end=UtcField(),
        creator=_to(person),
        created_on=UtcField(),
        end_recurring_period=UtcField(null=True),
        rule=_to(by_name["rule"], null=True),
        calendar=_to(calendar),
        notify_count=IntegerField(null=True),
        status=IntegerField(null=True),
        data=TextField(null=True),
        parent_event=ForeignKeyField("self", null=True, index=False, on_delete="CASCADE"),
        occ_count=IntegerField(null=True),
        produced=BooleanField(default=False),
        series_start=UtcField(null=True),
    )
    alarm = table(
        "alarm",
        event=_to(event, gone="CASCADE"),
        alarm_phonenumber=TextField(null=True),
        alarm_email=TextField(null=True),
        daily_start=TextField(),
        daily_stop=TextField(),
        advance_notice=IntegerField(),
        maxretry=IntegerField(),
        retry_delay=IntegerField(),
        num_attempt=IntegerField(),
        method=IntegerField(),
        survey=_to(by_name["sealed_survey"], null=True),
        mail_template=_to(by_name["mail_template"], null=True),
        sms_template=_to(by_name["sms_template"], null=True),
        date_start_notice=UtcField(),
        status=IntegerField(),
        result=IntegerField(null=True),
        url_cancel=TextField(null=True),
        url_confirm=TextField(null=True),
        phonenumber_transfer=TextField(null=True),
        phonenumber_sms_failure=TextField(null=True),
        created_date=UtcField(),
        recipient_timezone=TextField(null=True),
        cause=TextField(null=True),
    )
    callrequest = table(
        "callrequest",
        user=_to(person, index=True),
        request_uuid=TextField(unique=True),
        aleg_uuid=TextField(),
        call_time=UtcField(),
        call_type=IntegerField(null=True),
        status=IntegerField(null=True),
        callerid=TextField(),
        caller_name=TextField(),
        phone_number=TextField(),
        timeout=IntegerField(),
        timelimit=IntegerField(),
        extra_dial_string=TextField(),
        subscriber=BigIntegerField(null=True),
        campaign=BigIntegerField(null=True),
        aleg_gateway=_to(by_name["gateway"], null=True),
        content_type=TextField(),
        object_id=BigIntegerField(),
        completed=BooleanField(),
        extra_data=TextField(),
        num_attempt=IntegerField(),
        last_attempt_time=UtcField(null=True),
        result=TextField(),
        hangup_cause=TextField(),
        duration=FloatField(null=True),
        parent_callrequest=ForeignKeyField("self", null=True, index=False, on_delete="SET NULL"),
        alarm_request_id=BigIntegerField(null=True, index=True),
        **_dates(),
    )
    request = table(
        "alarm_request",
        alarm=_to(alarm, null=True, gone="CASCADE"),
        attempt=IntegerField(null=True),
        date=UtcField(),
        status=IntegerField(null=True),
        callstatus=IntegerField(null=True),
        duration=IntegerField(null=True),
        callrequest=_to(callrequest, null=True, gone="SET NULL"),
        created_date=UtcField(),
    )
    result = table(
        "survey_result",
        callrequest=_to(callrequest, gone="CASCADE"),
        section=_to(by_name["sealed_section"], gone="CASCADE"),
        response=TextField(),
        record_file=TextField(),
        recording_duration=IntegerField(null=True),
        created_date=UtcField(),
    )
    aggregate = table(
        "survey_aggregate",
        survey=_to(by_name["sealed_survey"], gone="CASCADE"),
        section=_to(by_name["sealed_section"], gone="CASCADE"),
        response=TextField(),
        count=BigIntegerField(),
    )
    return [setting, profile, calendar, event, alarm, callrequest, request, result, aggregate]
