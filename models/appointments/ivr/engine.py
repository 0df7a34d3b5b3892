"""The engine: a state and what was heard in, a state and what is to be done out; it knows no carrier and no clock.

A node is played, and what its type says is done; then the call goes on at the node that a branch names, or ends.
Every call ends: `MOST_STEPS` bounds the nodes entered, questions put and inputs heard, whatever a survey's branches
and whoever keys in say.
"""

from dataclasses import replace

from models.appointments.ivr.actions import (
    Action,
    AddToDnc,
    Answer,
    Collect,
    Complete,
    Conference,
    Hangup,
    Play,
    Record,
    SendText,
    Speak,
    Transfer,
)
from models.appointments.ivr.entries import ASKING, accepted, band, response, taken, whole_seconds, width
from models.appointments.ivr.inputs import Digits, Done, HungUp, Input, Recorded, Silence
from models.appointments.ivr.scripts import Node, Talk
from models.appointments.ivr.states import KEYS, NOTHING, OTHERS, RECORDING, State
from models.appointments.surveys import sections
from models.appointments.surveys.writing import ANY, INVALID, ON, TIMEOUT

MOST_STEPS = 200
LONGEST_RECORDING = 120  # seconds
TRANSFERRING = "3"  # the rating that asks for another time


def begin(talk: Talk) -> tuple[State, list[Action]]:
    """Somebody answered: what is done first."""
    turn = _Turn(talk, State())
    turn.go(talk.script.nodes[0].id if talk.script.nodes else None)
    return turn.state, turn.actions


def heard(talk: Talk, state: State, what: Input) -> tuple[State, list[Action]]:
    """What is done next. An input that nothing awaits changes nothing but the count of steps."""
    turn = _Turn(talk, replace(state, steps=state.steps + 1))
    turn.hear(what)
    return turn.state, turn.actions


class _Turn:
    """From one input to the next thing that the line is awaited for."""

    def __init__(self, talk: Talk, state: State) -> None:
        self.talk, self.state = talk, state
        self.actions: list[Action] = []

    def hear(self, what: Input) -> None:
        node = self.talk.script.by_id.get(self.state.section_id or 0)
        awaits = self.state.awaits
        if isinstance(what, Recorded) and awaits == RECORDING and node:
            self._recorded(node, what)  # perhaps after its end: a recording is told when it is ready
        elif isinstance(what, HungUp):
            kept = RECORDING if awaits == RECORDING else NOTHING
            self.state = replace(self.state, ended=True, awaits=kept)
        elif self.state.ended:
            return
        elif self.state.steps > MOST_STEPS or node is None:
            self._end()
        elif isinstance(what, Digits | Silence) and awaits == KEYS:
            self._entered(node, taken(node.section, what.pressed) if isinstance(what, Digits) else "")
        elif isinstance(what, Silence) and awaits == RECORDING:
            self.go(_onwards(node))
        elif isinstance(what, Done) and awaits == OTHERS:
            self.go(_onwards(node) if node.type not in ASKING else self.state.then)

    def go(self, goto: int | None) -> None:
        """On from node to node, until the line is awaited or the call ends."""
        while goto is not None and self.state.steps < MOST_STEPS:
            node = self.talk.script.by_id[goto]
            self.state = State(node.id, steps=self.state.steps + 1)
            if node.section.completed:
                self.actions.append(Complete())
            if self._done(node):
                return
            goto = _onwards(node)
        self._end()

    def _done(self, node: Node) -> bool:
        """Do what a node says. Whether the call stays at it."""
        if node.type in ASKING:
            self._ask(node)
            return True
        if node.type == sections.DNC:
            self.actions.append(AddToDnc(self.talk.contact))
            self._note(node, f"DNC: {self.talk.contact}")
        self._say(node)
        if node.type in (sections.HANGUP, sections.DNC):
            self._end()
            return True
        if node.type == sections.RECORD:
            self.actions.append(Record(LONGEST_RECORDING, max(1, node.section.timeout)))
            return self._await(RECORDING)
        if node.type == sections.CALL_TRANSFER:
            return self._transfer(node)
        if node.type == sections.CONFERENCE:
            room = node.section.conference.strip() or f"section-{node.id}"
            self.actions.append(Conference(room))
            self._note(node, f"conf: {room}")
            return self._await(OTHERS)
        if node.type == sections.SMS:
            self._text(node)
        return False

    def _await(self, what: str) -> bool:
        self.state = replace(self.state, awaits=what)
        return True

    def _end(self) -> None:
        self.actions.append(Hangup())
        self.state = replace(self.state, awaits=NOTHING, ended=True)

    def _note(self, node: Node, answer: str, *, rating: bool = False) -> None:
        self.actions.append(Answer(node.id, answer, answer, rating))

    def _say(self, node: Node) -> None:
        """The node's audio file, else its script."""
        if audio_id := node.section.__data__.get("audiofile"):
            self.actions.append(Play(audio_id))
        elif text := self.talk.spoken(node.section.script):
            self.actions.append(Speak(text, self.talk.script.language))

    def _ask(self, node: Node) -> None:
        self._say(node)
        self.actions.append(Collect(width(node.section), max(1, node.section.timeout)))
        self._await(KEYS)

    def _text(self, node: Node) -> None:
        to = self.talk.told("sms_phonenumber") or self.talk.contact
        if text := self.talk.written(node.section.sms_text).strip():
            self.actions.append(SendText(node.id, to, self.talk.callerid, text))
            self._note(node, f"SMS: {to}")

    def _transfer(self, node: Node) -> bool:
        to = self.talk.connected(node)
        if not to or to in self.talk.unwanted:
            return False  # nobody to connect, or nobody who wants that: the call goes on
        confirm = self.talk.spoken(node.section.confirm_script)
        self._connect(to, confirm, node.section.confirm_key)
        self._note(node, f"phonenumber: {to}")
        return self._await(OTHERS)

    def _connect(self, to: str, confirm_text: str = "", confirm_key: str = "") -> None:
        ref = self.talk.told("transfer_ref")
        self.actions.append(Transfer(to, self.talk.contact, "/" in to, confirm_text, confirm_key, ref))

    def _entered(self, node: Node, entered: str) -> None:
        digits = accepted(node.section, entered)
        if digits is not None:
            self._answered(node, digits)
            return
        tries = self.state.tries + 1
        if tries > node.section.retries:
            self.go(_astray(node, entered))
            return
        self.state = replace(self.state, tries=tries, steps=self.state.steps + 1)
        if audio_id := node.section.__data__.get("invalid_audiofile"):
            self.actions.append(Play(audio_id))
        self._ask(node)

    def _answered(self, node: Node, digits: str) -> None:
        rating = node.type == sections.RATING
        self._note(node, response(node.section, digits), rating=rating)
        goto = _answering(node, digits)
        to = "" if self.talk.script.transfers else self.talk.transfer_to
        if rating and digits == TRANSFERRING and to and to not in self.talk.unwanted:
            self._connect(to)
            self.state = replace(self.state, awaits=OTHERS, then=goto)
        else:
            self.go(goto)

    def _recorded(self, node: Node, what: Recorded) -> None:
        if what.file:
            seconds = whole_seconds(what.seconds)
            self.actions.append(Answer(node.id, "", band(seconds), record_file=what.file, seconds=seconds))
        self.state = replace(self.state, awaits=NOTHING)
        if not self.state.ended:
            self.go(_onwards(node))


def _onwards(node: Node) -> int | None:
    """After a node that asks nothing."""
    goto = node.branches.get(ON)
    return node.branches.get(TIMEOUT) if goto is None else goto


def _answering(node: Node, digits: str) -> int | None:
    """After an answer: its own branch, `any`, and without either a rating hangs up and the others ask again."""
    for key in (digits, ANY):
        if key in node.branches:
            return node.branches[key]
    return None if node.type == sections.RATING else node.id


def _astray(node: Node, entered: str) -> int | None:
    """After the last try in vain: `invalid` after a wrong entry, `timeout` after none; a choice has both for none."""
    keys = [INVALID, TIMEOUT] if entered else [TIMEOUT]
    if node.type == sections.MULTI_CHOICE and not entered:
        keys.append(INVALID)
    return next((node.branches[key] for key in keys if key in node.branches), None)
