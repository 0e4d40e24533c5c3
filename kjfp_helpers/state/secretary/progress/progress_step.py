"""A step of the year as the round stands: its state, what is open in it, how it goes on."""

from dataclasses import dataclass
from typing import Literal

NOT_STARTED, UNDER_WAY, DONE = "未开始", "进行中", "已完成"


@dataclass(frozen=True, kw_only=True)
class OpenPoint:
    """Something that is not done; ``page`` is where it is, a path below the outputs."""

    text: str
    page: str


@dataclass(frozen=True, kw_only=True)
class StepCommand:
    """A command that takes a step further.

    ``words`` are the command and its options without the round; ``consequence`` is what a person
    confirms first, blank where it can be run again at any time.
    """

    words: tuple[str, ...]
    label: str
    consequence: str = ""


@dataclass(frozen=True, kw_only=True)
class ProgressStep:
    """One step of the year; ``count`` is what stands out, ``more`` the words after it.

    ``page`` is the notebook of the workbook where it is done, ``how`` what is done there, in
    words, ``note`` what else is to be known of it. ``command`` takes it further, ``further`` are
    others that may be run. ``due`` says that the office has something to do here now: run the
    command, or work on the page; blank while it waits for others or for another step.
    """

    title: str
    page: str
    how: str
    state: str = NOT_STARTED
    count: str = "—"
    more: str = ""
    note: str = ""
    open: tuple[OpenPoint, ...] = ()
    command: StepCommand | None = None
    further: tuple[StepCommand, ...] = ()
    due: Literal["", "command", "page"] = ""
