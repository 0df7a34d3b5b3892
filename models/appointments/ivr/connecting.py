"""Connecting: whom nobody is put through to, because he stands on the do-not-call list."""

from models import donotcall
from models.appointments.callrequests import AlarmCall
from models.appointments.dialling import Undiallable, dialled
from models.appointments.gateways import Gateway
from models.appointments.ivr.scripts import Talk
from models.deliveries import Ring
from models.numbers import PhoneNumber


def unwanted(talk: Talk, call: AlarmCall) -> frozenset[str]:
    """Who, of all that could be connected in a call, is to be left alone; as it is written in the script and its data.

    A number is looked for as it is written and as the gateway dials it; of a dial string, the number at its end.
    """
    connectable = talk.connectable
    if not connectable:
        return frozenset()
    spelled = {to: _spelled(to, call.aleg_gateway) for to in connectable}
    refused = donotcall.refused_of({number for numbers in spelled.values() for number in numbers})
    return frozenset(to for to, numbers in spelled.items() if refused & set(map(donotcall.digits, numbers)))


def _spelled(to: str, gateway: Gateway | None) -> list[str | PhoneNumber]:
    if "/" in to:
        return [to.rpartition("/")[2].partition("@")[0]]
    try:
        found = dialled(to, gateway.removeprefix, gateway.addprefix) if gateway else None
    except Undiallable:
        found = None
    return [to, *(Ring(**found._asdict()).numbers if found else [])]
