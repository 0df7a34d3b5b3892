"""Feedback: what was answered to a survey, read from the reports that were kept."""

from models.commands import ParseFeedback
from models.mentoring import surveys
from models.receipts import Receipt
from providers.reports.records import answers
from workers.actor import actor


@actor(ParseFeedback)
def parse_feedback(feedback_id: int, receipt_id: int) -> None:
    """Merge a report's answers into its survey's row, however often and in whatever order reports come."""
    receipt = Receipt.get_by_id(receipt_id)
    if not receipt.body:
        return  # kept for its time, or told of somebody who was erased
    given = answers(receipt.source, receipt.body)
    surveys.add_answers(
        feedback_id, [surveys.Answer(one.question, one.text, one.order, one.at) for one in given]
    )
