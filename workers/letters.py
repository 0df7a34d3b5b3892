"""Letters: what parties, heroes and staff are told by mail. (Foundation: each is written by its owner.)"""

from models.commands import (
    MailAcceptance,
    MailAgreement,
    MailApplication,
    MailCancellation,
    MailDecline,
    MailRequest,
    MailReset,
    MailTimes,
)
from workers.actor import actor

for _command in (
    MailAcceptance, MailAgreement, MailApplication, MailCancellation, MailDecline, MailRequest, MailReset, MailTimes,
):  # fmt: skip

    @actor(_command)
    def _later(**_ids: int) -> None:
        """Nothing yet."""
