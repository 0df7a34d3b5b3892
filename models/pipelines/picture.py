"""The pipelines as a picture in plain text, for operators: `trunkline pipelines` prints it."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from models.pipelines.parts import Actor, Pipelines, Queue, Route, spelled

WIDTH = 110
UNLINKED = "(asked for directly)"

Raises = Mapping[str, Sequence[str]]
Line = Sequence[str] | str  # the cells of a table's row, or text that keeps clear of its columns


def picture(pipelines: Pipelines, raises: Raises | None = None) -> str:
    """Draw what follows what, who carries it, what runs by the clock, and the queues.

    Parameters:
      raises: where known, the events that each actor makes happen next.
    """
    raises = raises or {}
    parts: dict[str, Sequence[Line]] = {
        "What follows what": [*_events(pipelines, raises)],
        "Who carries what: the first line that fits; a carrier that is unavailable ▸ the next": [
            _route(route, first=n == 0, alone=len(routes) == 1)
            for routes in pipelines.routes.values()
            for n, route in enumerate(routes)
        ],
        "What the clock brings": [*_periods(pipelines, raises), *_reminders(pipelines)],
        "Queues: threads of each worker process; a rate holds for all of them together": [
            line for queue in pipelines.queues.values() for line in _queue(queue, pipelines)
        ],
    }
    lines: list[str] = []
    for title, body in parts.items():
        lines += [f"── {title} ".ljust(WIDTH, "─"), "", *_table(body), ""]
    return "\n".join(_cut(line.rstrip()) for line in lines)


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def _table(lines: Sequence[Line]) -> Iterator[str]:
    rows = [line for line in lines if not isinstance(line, str)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for line in lines:
        cells = [line] if isinstance(line, str) else map(str.ljust, line, widths)
        yield "  " + "   ".join(cells)


_PATIENCE = ("queue", "attempts", "backoff", "timeout", "expires")  # the words of the file


def _events(pipelines: Pipelines, raises: Raises) -> Iterator[Line]:
    linked = {actor for followers in pipelines.follows.values() for actor in followers} | {*pipelines.every}
    unlinked = tuple(actor for actor in pipelines.actors if actor not in linked)
    events = {**pipelines.follows, **({UNLINKED: unlinked} if unlinked else {})}
    width = max(map(len, events), default=0)
    yield (f"{'when this happens':{width + 6}}this follows", *_PATIENCE)
    for event, followers in events.items():
        stem = f"{event} {'─' * (width + 1 - len(event))}"
        if not followers:
            yield (f"{stem}╴   nothing", *("" for _ in _PATIENCE))
        for n, follower in enumerate(followers):
            last = n == len(followers) - 1
            knot = f"{stem}{'─' if last else '┬'}" if n == 0 else f"{'╰' if last else '├':>{len(stem) + 1}}"
            yield (f"{knot}─▶ {follower}", *_patience(pipelines.actors[follower]))
            yield from _raised(raises.get(follower, ()), f"{' ' if last else '│':>{len(stem) + 1}}   ")


def _raised(events: Sequence[str], margin: str) -> Iterator[str]:
    for n, line in enumerate(wrap(", ".join(events), WIDTH - len(margin) - 6)):
        yield f"{margin}{'╰┄▷' if n == 0 else '   '} {line}"


def _patience(actor: Actor) -> tuple[str, ...]:
    limits = [spelled(limit) if limit else "" for limit in (actor.timeout, actor.expires)]
    return (actor.queue, f"{actor.attempts:>8}", str(actor.backoff) if actor.attempts > 1 else "", *limits)


def _route(route: Route, *, first: bool, alone: bool) -> tuple[str, ...]:
    to = f"{route.prefix}…" if route.prefix else "everybody" if alone else "the others"
    shown = [f"shows {route.shown}"] if route.shown else []
    told = ", ".join([*shown, f"{route.price} a segment"] if route.price else shown)
    return (route.channel if first else "", to, " ▸ ".join(route.use), _limit(route.rate), told)


def _limit(rate: object) -> str:
    return f"at most {rate}" if rate else ""


def _periods(pipelines: Pipelines, raises: Raises) -> Iterator[Line]:
    for actor, period in pipelines.every.items():
        yield (f"every {spelled(period)}", actor, f"in queue {pipelines.actors[actor].queue}")
        yield from _raised(raises.get(actor, ()), " " * 12)


def _reminders(pipelines: Pipelines) -> Iterator[Line]:
    for kind, offsets in pipelines.reminders.items():
        ahead = ", ".join(spelled(offset) for offset in offsets if offset)
        moments = [f"{ahead} before"] * bool(ahead) + ["at the time"] * (not all(offsets))
        yield ("reminders", kind, " and ".join(moments) or "none")


def _queue(queue: Queue, pipelines: Pipelines) -> Iterator[Line]:
    work = [actor.name for actor in pipelines.actors.values() if actor.queue == queue.name]
    threads = f"{queue.threads:>3} thread{'' if queue.threads == 1 else 's'}"
    for n, line in enumerate(wrap(", ".join(work), WIDTH // 2)):
        yield (queue.name, threads, _limit(queue.rate), line) if n == 0 else ("", "", "", line)
