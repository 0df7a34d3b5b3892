"""What operators type: to set up, to look, to mend, to hand out."""

from workers.console.exporting import export
from workers.console.looking import check, drain, show_pipelines, status, trace
from workers.console.mending import dead, settle
from workers.console.privacy import person
from workers.console.refusing import dnc
from workers.console.rehearsing import rehearse
from workers.console.setting_up import migrate
from workers.console.users import user

COMMANDS = (
    migrate,
    user,
    status,
    drain,
    dead,
    settle,
    trace,
    show_pipelines,
    check,
    export,
    person,
    dnc,
    rehearse,
)

__all__ = ["COMMANDS"]
