"""Where something is held about the phones that were rung for a person's alarms."""

from models.deliveries import Ring
from models.privacy.place import CAUSE, EMPTY, GONE, Place, attempts

RINGS = (
    "SELECT d.id FROM delivery_ring AS d JOIN alarm_request AS r ON r.id = d.origin_id "
    "JOIN alarm AS a ON a.id = r.alarm_id JOIN appointment_event AS e ON e.id = a.event_id "
    "WHERE d.origin = 'alarm_request' AND e.creator_id = {user}"
)

PLACES = (
    Place("rings", Ring, f"t.id IN ({RINGS})", {"to": GONE, "callerid": EMPTY, "said": "'[]'", **CAUSE}),
    attempts("ring", RINGS),
)

OWNED = {"ring_id": RINGS}
