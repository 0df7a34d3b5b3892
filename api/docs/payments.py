"""What the routes take and give by which an account's owner can pay, or staff vouch for him."""

from api.callrequests.payments import PaymentToken
from api.callrequests.staff import Verification
from api.docs.members import OWN, OwnProfile
from api.docs.told import Section, Told
from api.errors import ERASED

PAYING = {**OWN, "payment_verified": True}

SECTIONS = (
    Section(
        "Verification",
        "Who asks for calls has a verified mail address, a verified phone, and a way to pay. The payment provider says "
        "whether that is good; staff can vouch for all three.",
        {
            "/api/v1/accounts/payment-method/": {
                "POST": Told(
                    takes=PaymentToken, sent={"token": "tok_visa"}, gives=OwnProfile, shown=PAYING, limited=True,
                    errors={503: "The payment provider or the database is away for the moment; `Retry-After` says "
                                 "how long to wait. The same token can be sent again."},
                    note="What the provider refuses is 400 on `token`, with its word for why.",
                ),
            },
            "/api/v1/accounts/users/{user_id}/verification/": {
                "PATCH": Told(
                    takes=Verification, sent={"payment_verified": True}, gives=OwnProfile, shown=PAYING,
                    errors={409: ERASED},
                ),
            },
        },
    ),
)  # fmt: skip
