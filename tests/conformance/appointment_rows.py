"""The appointment module's enumerations and resources: every code list and every field is an item."""


def _fields(resource: str, names: str, *rules: str) -> str:
    """A line for each field, and one for each thing more that is said of the resource."""
    return "\n".join(f"{resource}: {what}" for what in (*names.split(), *rules))


CODES = "\n".join(
    f"codes: {name}"
    for name in (
        "event.status",
        "alarm.status",
        "alarm-request.status",
        "alarm.method",
        "alarm.result",
        "amd_behavior",
        "callrequest.status",
        "callrequest.call_type",
        "CDR leg_type",
        "CDR amd_status",
        "CDR disposition",
        "section type",
        "SMS message status",
        "mail spool status",
        "gateway.status",
        "rule.frequency",
    )
)

PLACES = {
    "§4.1 calendar-setting": _fields(
        "calendar-setting",
        "url user label callerid caller_name call_timeout survey aleg_gateway sms_gateway voicemail amd_behavior"
        " voicemail_audiofile created_date updated_date",
        "in use stays",
    ),
    "§4.2 calendar-user": _fields(
        "calendar-user",
        "url username password email first_name last_name groups calendar",
        "a profile with the first setting is made",
        "without a setting 400 and nothing stored",
        "deleting it takes all that is its",
    ),
    "§4.3 calendar-user-profile": _fields(
        "calendar-user-profile",
        "manager id user address city state country zip_code phone_no fax company_name company_website language note"
        " accountcode created_date updated_date calendar_setting",
        "the path is the user's id",
        "the list's reduced fields",
    ),
    "§4.4 calendar": _fields("calendar", "url name user max_concurrent created_date"),
    "§4.5 rule": _fields(
        "rule",
        "url name description frequency params",
        "the predefined set",
        "the grammar of params",
        "refused on write",
    ),
    "§4.6 event": _fields(
        "event",
        "url title description start end creator created_on end_recurring_period rule calendar notify_count status"
        " data parent_event occ_count",
        "get_list_child",
        "update_last_child_status",
        "get_list_alarm",
        "deleting it takes children, alarms and requests",
    ),
    "§4.7 alarm": _fields(
        "alarm",
        "url event alarm_phonenumber alarm_email daily_start daily_stop advance_notice maxretry retry_delay"
        " num_attempt method survey mail_template sms_template date_start_notice status result url_cancel url_confirm"
        " phonenumber_transfer phonenumber_sms_failure created_date",
    ),
    "§4.8 alarm-request": _fields(
        "alarm-request",
        "url alarm date status callstatus duration callrequest created_date",
        "a posted one is made like any other",
        "get_nested_alarm_request",
        "no event of one's own is 200 with error",
    ),
    "§4.9 users, gateways, templates": "\n".join(
        (
            _fields("users", "url username last_name first_name email groups"),
            _fields(
                "gateway",
                "url name status description addprefix removeprefix gateways gateway_codecs gateway_timeouts"
                " gateway_retries originate_dial_string secondused failover addparameter count_call count_in_use"
                " maximum_call created_date updated_date",
            ),
            _fields(
                "sms-gateway",
                "url name base_url settings recipient_keyword content_keyword uuid_keyword charge_keyword"
                " status_mapping status_msg_id status_status status_error_code status_date status_date_format"
                " reply_content reply_sender reply_date reply_date_format success_format",
            ),
            _fields("sms-template", "url label template_key sender_phonenumber sms_text created_date"),
            _fields(
                "mail-template",
                "url label template_key from_email from_name subject message_plaintext message_html created_date",
            ),
            _fields("content-type", "url name app_label model"),
        )
    ),
    "§4.9 surveys": "\n".join(
        (
            _fields("audio-files", "url name audio_file user created_date updated_date"),
            _fields("survey-template", "url user name tts_language description created_date updated_date"),
            _fields(
                "section-template",
                "url survey type question script order audiofile invalid_audiofile retries timeout key_0 key_1 key_2"
                " key_3 key_4 key_5 key_6 key_7 key_8 key_9 rating_laps validate_number number_digits min_number"
                " max_number phonenumber confirm_script confirm_key conference sms_text completed created_date"
                " updated_date",
                "its default branch",
            ),
            _fields(
                "branching-template",
                "url keys section goto created_date updated_date",
                "keys are unique in a section",
            ),
            _fields(
                "sealed-survey",
                "url name tts_language description user campaign created_date updated_date",
                "sealing copies deeply, and later edits change nothing",
            ),
            _fields("surveyaggregate", "section__question response count", "no id", "an id of no survey"),
        )
    ),
    "§4.9 callrequest, CDR": "\n".join(
        (
            _fields(
                "callrequest",
                "url user request_uuid aleg_uuid call_time call_type status callerid caller_name phone_number timeout"
                " timelimit extra_dial_string subscriber campaign aleg_gateway content_type object_id completed"
                " extra_data num_attempt last_attempt_time result hangup_cause parent_callrequest alarm_request_id"
                " created_date updated_date",
            ),
            _fields(
                "CDR",
                "user request_uuid used_gateway callrequest callid callerid phone_number starting_date duration"
                " billsec disposition hangup_cause hangup_cause_q850 leg_type amd_status",
            ),
        )
    ),
    "§4 screens": """
        screen: calendar_setting
        screen: calendar_user
        screen: calendar
        screen: event
        screen: alarm
        screen: survey
        screen: bulk delete
        screen: the alarm-request log
        screen: filters of the event list
        screen: the alarm form offers pending events and hides what is not asked
        screen: the event form hides what is not asked
        screen: only the owner's rows
    """,
}
