"""A kernel without Jupyter: a process that answers a page's messages and may be killed any time."""

import contextlib
import multiprocessing
import os
import random
import signal
import time
from dataclasses import dataclass

from kjfp_helpers.panels.scoring.scoring_handler import ScoringHandler
from kjfp_helpers.state import RoundSession, RoundState
from support.state.altered_state import altered

FORK = multiprocessing.get_context("fork")


class Kernel:
    """One process that holds a member's conversation; all that is large is loaded before it forks."""

    def __init__(self, session: RoundSession, state: RoundState, member: str):
        self.pipe, other = FORK.Pipe()
        self.process = FORK.Process(target=_serve, args=(other, session, state, member))
        self.process.start()
        other.close()

    def say(self, **message):
        self.pipe.send(message)

    def answer(self, seconds=60):
        """Return the next answer, or None when the kernel is gone."""
        try:
            return self.pipe.recv() if self.pipe.poll(seconds) else None
        except (EOFError, ConnectionResetError):
            return None

    def ask(self, **message):
        self.say(**message)
        return self.answer()

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        self.pipe.close()


def _serve(pipe, session, state, member):
    """Serve one page; the ledger is read anew, what arrived is what the parent had derived."""
    session = RoundSession.open(session.round.folder, session.outputs)
    handler = ScoringHandler(session, altered(state, events=session.ledger.events()), member)
    while True:
        pipe.send(handler.handle(pipe.recv()))


class Scorer:
    """A scripted member: types marks, sends them, keeps what is not acknowledged, as the page does."""

    def __init__(self, start, chance, window="w"):
        self.start, self.chance, self.window = start, chance, window
        self.waiting, self.acknowledged, self.typed, self.count = None, {}, [], 0
        self.open()

    def open(self):
        self.kernel = self.start()
        self.welcome = self.kernel.ask(type="hello", window=self.window)
        if not self.welcome["declared"]:
            self.send("declare", statement="", none=True)
            self.welcome = self.kernel.ask(type="hello", window=self.window)
        self.seqs = {case["key"]: case["event_seq"] for case in self.welcome["cases"]}

    def send(self, type, **message):
        given = {"window": self.window, "packet": self.welcome["packet"], **message}
        self.kernel.say(type=type, **given)
        return self.kernel.answer()

    def type(self):
        """Make an edit that is not sent yet."""
        case = self.chance.choice(self.welcome["cases"])
        questions = self.welcome["questions"][case["kind"]]
        self.count += 1
        self.waiting = {
            "request_id": f"{self.window}-{self.count}",
            "case": case["key"],
            "base_seq": self.seqs[case["key"]],
            "answers": {one["id"]: self.chance.randint(0, 100) for one in questions},
            "comment": f"第{self.count}次",
        }
        self.typed.append(self.waiting)

    def post(self):
        """Send what waits, again if need be."""
        given = {"window": self.window, "packet": self.welcome["packet"]}
        self.kernel.say(type="save", **given, **self.waiting)

    def take(self, answer):
        """Note an acknowledgement."""
        if answer and answer["type"] == "saved":
            self.acknowledged[self.waiting["request_id"]] = answer["event_seq"]
            self.seqs[self.waiting["case"]] = answer["event_seq"]
            self.waiting = None
        return answer

    def save(self):
        self.type()
        self.post()
        return self.take(self.kernel.answer())

    def killed(self, moment):
        """Be killed some seconds after an edit was sent; come back and send it again."""
        self.type()
        self.post()
        self.kernel.pipe.poll(moment)
        self.kernel.kill()
        self.reopen()

    def reopen(self):
        before = dict(self.seqs)
        self.open()
        lost = {key: seq for key, seq in before.items() if seq and (self.seqs[key] or 0) < seq}
        assert not lost, f"acknowledged marks are gone: {lost}"
        if self.waiting:
            self.post()
            assert self.take(self.kernel.answer())["type"] == "saved"


@dataclass(frozen=True)
class Turn:
    """What one member of a crowd did: edits acknowledged, seconds each save took, start and end."""

    member: str
    saved: dict
    seconds: list
    start: float
    end: float


def crowd(session: RoundSession, members: int, saves: int) -> list[Turn]:
    """Let many members score at once, each from a process of their own with a kernel of its own."""
    state = session.current_state()
    assert state.decision  # derived before processes fork, not in each
    session.ledger.close()
    done, gate = FORK.Queue(), FORK.Barrier(members)
    runs = [
        FORK.Process(target=_score, args=(session, state, member.member, saves, gate, done))
        for member in session.round.panel[:members]
    ]
    for run in runs:
        run.start()
    turns = [done.get(timeout=120) for _ in runs]
    for run in runs:
        run.join()
    return turns


def _score(session, state, member, saves, gate, done) -> None:
    scorer = Scorer(lambda: Kernel(session, state, member), random.Random(member), member)
    gate.wait()
    start, seconds, saved = time.time(), [], {}
    for _ in range(saves):
        before = time.perf_counter()
        if scorer.save()["type"] == "saved":
            saved[scorer.typed[-1]["request_id"]] = scorer.typed[-1]
        seconds.append(time.perf_counter() - before)
    done.put(Turn(member, saved, seconds, start, time.time()))
    scorer.kernel.kill()
