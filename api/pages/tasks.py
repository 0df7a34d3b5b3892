"""`/tasks`: the to-do list, which shows what is not done, and what is when asked."""

from collections.abc import Sequence
from typing import Any

import falcon
from falcon import Request, Response
from peewee import SQL

from api.errors import FieldErrors
from api.mentoring.tasks import Status, own
from api.pages.forms import Form
from api.pages.newest import Newest, newest
from api.pages.render import go, show
from models.mentoring import Call, Task
from models.mentoring.lists import TASKS
from models.mentoring.tasks import DONE, IN_PROGRESS, PENDING
from models.milestones import LAST_ID

LABELS = {PENDING: "To do", IN_PROGRESS: "Begun", DONE: "Done"}

_STATUS = Status()


class Tasks:
    """The to-do list."""

    for_ = "mentor pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show what is not done; `?show=all` shows the rest too."""
        me, everything = req.context.caller.mentor_id, req.get_param("show") == "all"
        latest = TASKS.of(me).latest if everything else _Open(me).latest
        listed = newest(req, latest)
        shown = Newest(with_calls(listed.rows), listed.older, listed.begun)
        show(req, resp, "tasks.html", tasks=shown, everything=everything, labels=LABELS)


class OneTask:
    """`/tasks/:id`: one of the mentor's tasks."""

    for_ = "mentor pages"

    def on_post(self, req: Request, resp: Response, task_id: str) -> None:
        """Say how far it is."""
        task, form = own(req, task_id), Form.sent(req)
        try:
            status = form.checked(_STATUS)["status"]
        except FieldErrors as error:
            raise falcon.HTTPBadRequest(description=" ".join(error.fields["status"])) from None
        task.move(status)
        back = "/tasks?show=all" if form.get("show") == "all" else "/tasks"
        go(req, resp, back, f"“{task.description}” is now: {LABELS[status].lower()}.")


class _Open:
    """What is not done, as a list that is read newest first."""

    def __init__(self, mentor: int) -> None:
        # As a literal: of a parameter PostgreSQL cannot know that the index of open tasks holds all of them.
        self._mine = Task.select().where((Task.mentor == mentor) & SQL(f"status <> '{DONE}'"))

    def latest(self, count: int, *, before: int) -> Any:
        """The newest ones with smaller ids than this."""
        return self._mine.where(Task.id < before).order_by(Task.id.desc()).limit(count)


def open_tasks(mentor: int, count: int) -> list[tuple[Task, Call | None]]:
    """The newest tasks that are not done, as `with_calls` gives them."""
    return with_calls(list(_Open(mentor).latest(count, before=LAST_ID)))


def with_calls(tasks: Sequence[Task]) -> list[tuple[Task, Call | None]]:
    """Each task with the call it is about, or None; one query."""
    about = Call.select().where(Call.feedback_task.in_([task.id for task in tasks]))
    calls = {call.feedback_task_id: call for call in about}
    return [(task, calls.get(task.id)) for task in tasks]
