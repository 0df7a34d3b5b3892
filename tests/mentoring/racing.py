"""Jobs that begin at the same moment, round after round, on threads that keep their connections."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

from models import database
from models.database import Sql

Job = Callable[[], Any]
UNEVEN = 0.002  # seconds: the most by which a job is late, so that rounds do not all interleave alike


def somebody_waits() -> bool:
    """Whether one connection to PostgreSQL waits for what another holds, at this very moment."""
    return bool(Sql("SELECT count(*) FROM pg_locks WHERE NOT granted").one()[0])


class Track:
    """So many lanes.

    Parameters:
      seed: of who is late, so that a round can be run again.
    """

    def __init__(self, lanes: int, seed: int = 1) -> None:
        self._lanes, self._rng = lanes, random.Random(seed)
        self._pool = ThreadPoolExecutor(lanes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.race(*[database.close] * self._lanes)
        self._pool.shutdown()

    def race(self, *jobs: Job, first: int | None = None) -> list[Any]:
        """What each gives. There are at most as many as lanes.

        Parameters:
          first: the place of a job that is done before the others begin, so that its order is seen for certain.
        """
        if first is not None:
            done, *others = jobs[first](), *self.race(*jobs[:first], *jobs[first + 1 :])
            return [*others[:first], done, *others[first:]]
        start = threading.Barrier(len(jobs))
        # Every other round is even: there the database alone says who is first.
        late = self._rng.choice((0.0, UNEVEN))

        def run(job: Job, lateness: float) -> Any:
            start.wait()
            time.sleep(lateness)
            return job()

        runs = [self._pool.submit(run, job, self._rng.uniform(0, late)) for job in jobs]
        return [run.result() for run in runs]
