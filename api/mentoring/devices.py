"""`/mentor/device/`: the device that a mentor's notices are pushed to. Its token is taken and never shown."""

import falcon
from falcon import Request, Response
from marshmallow import Schema, fields, validate

from api.bodies import checked
from models.mentoring import devices

LONGEST = 1000  # characters; push services use under 300


class Device(Schema):
    """A device as the app sends it."""

    token = fields.String(
        required=True,
        validate=validate.Regexp(
            rf"[!-~]{{1,{LONGEST}}}\Z",
            error=f"Send 1 to {LONGEST} printable ASCII characters without blanks.",
        ),
    )


_DEVICE = Device()


class Devices:
    """The mentor's one device."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response) -> None:
        """Say whether a device is registered."""
        resp.media = {"registered": devices.has_one(req.context.caller.mentor_id)}

    def on_put(self, req: Request, resp: Response) -> None:
        """Register the device that the app runs on; it is nobody else's from then on."""
        devices.register(req.context.caller.mentor_id, checked(req, _DEVICE)["token"])
        resp.media = {"registered": True}

    def on_delete(self, req: Request, resp: Response) -> None:
        """Forget the device, as when the mentor logs out."""
        devices.forget(req.context.caller.mentor_id)
        resp.status = falcon.HTTP_204
