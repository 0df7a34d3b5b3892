"""Statuses that somebody writes over `/rest-api` while an attempt is under way: the attempt tells how it stands."""

from typing import Any

import pytest

from models.appointments.alarms import (
    EMAIL,
    FAILURE,
    IN_PROCESS,
    PENDING,
    RETRY,
    SMS,
    SUCCESS,
    Alarm,
    AlarmRequest,
)
from models.appointments.callrequests import CALLING
from models.appointments.callrequests import SUCCESS as CALL_MADE
from models.deliveries import Mail, Text
from tests.appointments.clinic import (
    Clinic,
    accept,
    calls,
    end,
    fresh,
    mails,
    perform,
    requests,
    rings,
    statuses,
    texts,
)
from tests.house import Client


def patch(client: Client, path: str, **body: Any) -> tuple[int, str]:
    answer = client.ask("PATCH", f"/rest-api/{path}/", body, user="mona")
    return answer.status_code, answer.json.get("detail", "")


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize("status", [PENDING, RETRY])
def test_an_alarm_is_not_begun_anew_while_its_phone_may_ring(
    client: Client, clinic: Clinic, status: int, taken: bool
) -> None:
    alarm = clinic.alarm()
    perform()
    if taken:
        accept(rings(alarm)[0])
    code, said = patch(client, f"alarm/{alarm.id}", status=status, maxretry=3)
    perform()

    assert (code, "when that has ended" in said) == (409, True)
    assert (fresh(alarm).status, fresh(alarm).maxretry, len(rings(alarm))) == (IN_PROCESS, 0, 1)
    end(rings(alarm)[0])
    assert patch(client, f"alarm/{alarm.id}", status=status)[0] == 200
    perform()
    assert len(rings(alarm)) == 2


def test_nor_by_way_of_another_status(client: Client, clinic: Clinic) -> None:
    alarm = clinic.alarm()
    perform()

    assert patch(client, f"alarm/{alarm.id}", status=SUCCESS)[0] == 200
    assert patch(client, f"alarm/{alarm.id}", status=PENDING)[0] == 409
    perform()
    assert len(rings(alarm)) == 1


def test_nor_by_a_posted_attempt(client: Client, clinic: Clinic) -> None:
    alarm = clinic.alarm()
    perform()
    patch(client, f"alarm/{alarm.id}", status=SUCCESS)
    AlarmRequest.create(alarm=alarm, date=alarm.date_start_notice)
    perform()
    before = len(rings(alarm))
    end(rings(alarm)[0])
    perform()

    assert (before, len(rings(alarm))) == (1, 2)


def test_a_whole_row_that_was_read_before_it_began_is_refused_as_well(client: Client, clinic: Clinic) -> None:
    alarm = clinic.alarm()
    path = f"/rest-api/alarm/{alarm.id}/"
    read = client.ask("GET", path, user="mona").json
    perform()

    assert client.ask("PUT", path, {**read, "maxretry": 3}, user="mona").status_code == 409
    read = client.ask("GET", path, user="mona").json
    assert client.ask("PUT", path, {**read, "maxretry": 3}, user="mona").status_code == 200
    assert (fresh(alarm).status, fresh(alarm).maxretry) == (IN_PROCESS, 3)


@pytest.mark.parametrize(("method", "table", "told"), [(SMS, Text, texts), (EMAIL, Mail, mails)])
def test_nor_while_its_text_or_mail_is_on_its_way(
    client: Client, clinic: Clinic, method: int, table: Any, told: Any
) -> None:
    alarm = clinic.alarm(method=method)
    perform()
    code, _ = patch(client, f"alarm/{alarm.id}", status=PENDING)
    perform()

    assert (code, len(told(alarm))) == (409, 1)
    accept(table.get())
    assert patch(client, f"alarm/{alarm.id}", status=PENDING)[0] == 200
    perform()
    assert len(told(alarm)) == 2


def test_an_alarm_of_which_nothing_is_under_way_is_begun_anew(client: Client, clinic: Clinic) -> None:
    alarm = clinic.alarm()
    Alarm.update(status=IN_PROCESS, due_at=None).execute()

    assert patch(client, f"alarm/{alarm.id}", status=PENDING)[0] == 200
    perform()
    assert len(rings(alarm)) == 1


@pytest.mark.parametrize("status", [PENDING, FAILURE, RETRY, SUCCESS, None])
def test_the_end_of_a_call_is_not_written_by_hand(client: Client, clinic: Clinic, status: int | None) -> None:
    alarm = clinic.alarm()
    perform()
    accept(rings(alarm)[0])
    (request,) = requests(alarm)
    code, said = patch(client, f"alarm-request/{request.id}", status=status)

    assert (code, "under way" in said) == (409, True)
    assert (statuses(alarm), calls(alarm)[0].status) == ([IN_PROCESS], CALLING)
    end(rings(alarm)[0])
    assert (statuses(alarm), calls(alarm)[0].status, fresh(alarm).status) == ([SUCCESS], CALL_MADE, SUCCESS)
    assert patch(client, f"alarm-request/{request.id}", status=status)[0] == 200


def test_an_attempt_under_way_keeps_its_alarm_and_its_call(client: Client, clinic: Clinic) -> None:
    alarm, other = clinic.alarm(), clinic.alarm(status=SUCCESS)
    perform()
    (request,) = requests(alarm)
    path = f"alarm-request/{request.id}"

    for change in ({"callrequest": None}, {"alarm": other.id}):
        assert patch(client, path, **change)[0] == 409
    same = {"status": IN_PROCESS, "alarm": alarm.id, "callrequest": calls(alarm)[0].id}
    assert patch(client, path, **same, duration=3)[0] == 200


def test_what_is_no_attempt_yet_is_written_freely(client: Client, clinic: Clinic) -> None:
    request = AlarmRequest.create(alarm=clinic.alarm(), date=clinic.event().start, status=IN_PROCESS)

    assert patch(client, f"alarm-request/{request.id}", status=FAILURE)[0] == 200
