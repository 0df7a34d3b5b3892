"""`/mentor/task/`: the mentor's to-do list. Only a task's status is his to change."""

import falcon
from falcon import Request, Response
from marshmallow import Schema, fields, validate

from api import shown
from api.bodies import checked
from api.paging import id_in_path, page
from models.mentoring import Task
from models.mentoring.lists import TASKS
from models.mentoring.tasks import STATUSES


class Status(Schema):
    """A task as its mentor sends it: every other key is ignored."""

    status = fields.String(
        required=True, validate=validate.OneOf(STATUSES, error=f"Send one of {', '.join(STATUSES)}.")
    )


_WHOLE, _PART = Status(), Status(partial=True)


class Tasks:
    """The mentor's tasks."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the tasks, done or not."""
        resp.media = page(req, TASKS.of(req.context.caller.mentor_id), shown.task)


class OneTask:
    """One of the mentor's tasks. Others' do not exist for him."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response, task_id: str) -> None:
        """Show the task."""
        resp.media = shown.task(own(req, task_id))

    def on_put(self, req: Request, resp: Response, task_id: str) -> None:
        """Say how far the task is; any move between the three is allowed."""
        task = own(req, task_id)
        task.move(checked(req, _WHOLE)["status"])
        resp.media = shown.task(task)

    def on_patch(self, req: Request, resp: Response, task_id: str) -> None:
        """Say how far the task is, or nothing."""
        task = own(req, task_id)
        change = checked(req, _PART)
        if change:
            task.move(change["status"])
        resp.media = shown.task(task)


def own(req: Request, task_id: str) -> Task:
    """The mentor's own task.

    Raises:
      falcon.HTTPNotFound: he has no such task.
    """
    here = (Task.id == id_in_path(task_id)) & (Task.mentor == req.context.caller.mentor_id)
    task: Task | None = Task.get_or_none(here)
    if task is None:
        raise falcon.HTTPNotFound(description="You have no such task.")
    return task
