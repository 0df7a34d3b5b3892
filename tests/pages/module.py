"""What the tests of the pages below `/module` share: a world of appointments, and who looks at it."""

from collections.abc import Callable

from tests.appointments.planned import Planned
from tests.pages.reader import Reader

LogIn = Callable[[str], Reader]


class Office:
    """The pages of appointments: `mona` manages doctor `doc`, `fred` manages `foe`; `root` sees all; `eve` is nobody."""

    def __init__(self, world: Planned) -> None:
        self.world = world

    def reader(self, user: str = "mona") -> Reader:
        """A browser on which somebody of them is logged in."""
        new = Reader()
        assert new.log_in(user).status_code == 303
        return new
