"""What operators type: to set up, to look, to mend."""

from workers.console.looking import check, drain, show_pipelines, status, trace
from workers.console.mending import dead, settle
from workers.console.setting_up import migrate, user

COMMANDS = (migrate, user, status, drain, dead, settle, trace, show_pipelines, check)

__all__ = ["COMMANDS"]
