"""Mail: hand a letter to a carrier."""

from models.commands import SendMail
from models.deliveries import Mail
from providers.base import Letter, Receipt
from workers.carrying import carrying
from workers.outcomes import Errand


@carrying(SendMail, Mail)
def send_mail(errand: Errand) -> Receipt:
    """Subject, text, HTML and files as they were written down."""
    mail: Mail = errand.delivery
    letter = Letter(
        str(mail.to), str(mail.subject), str(mail.text), str(mail.html), mail.files(), str(mail.unsubscribe),
        str(mail.sender),
    )  # fmt: skip
    receipt: Receipt = errand.carrier.post(letter, reference=errand.reference, timeout=errand.timeout)
    return receipt
