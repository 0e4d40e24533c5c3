"""Frames of a round opened for reading, as attributes and methods. Nothing is written."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import pandas as pd

from kjfp_helpers.core.errors import NotReadyError, ParameterError
from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.library.column_reference import call_text, docstring_of
from kjfp_helpers.library.frames.frame_builders import BUILDERS
from kjfp_helpers.library.frames.frame_check import check_frame
from kjfp_helpers.library.frames.frame_shaping import Rows, shape_frame
from kjfp_helpers.library.frames.submission_tables import tabulate_units
from kjfp_helpers.library.readable_frame import ReadableFrame
from kjfp_helpers.library.schemas.frame_catalogue import BY_KIND, frame_schema, pattern_titles
from kjfp_helpers.rules import Round, output_folder
from kjfp_helpers.state.access import Access
from kjfp_helpers.state.printed_heads import require_known_heads
from kjfp_helpers.state.session import DATABASE, RoundSession

if TYPE_CHECKING:
    from kjfp_helpers.state.round_state import RoundState


class FrameAttribute:
    """A frame of the library as an attribute; its docstring follows from the declaration."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        return docstring_of(self._name)

    @overload
    def __get__(self, frames: None, owner: type) -> "FrameAttribute": ...

    @overload
    def __get__(self, frames: "RoundFrames", owner: type) -> pd.DataFrame: ...

    def __get__(self, frames: "RoundFrames | None", owner: type) -> "FrameAttribute | pd.DataFrame":
        return self if frames is None else frames.frame(self._name)


class RoundFrames:
    """Frames of one round, each a fresh copy with masked numbers: changing it changes nothing else.

    What the account may not see on the screens it cannot read here. What does not exist yet at this
    stage of the year is an empty frame, and for a ranking or a list a :class:`NotReadyError`.
    """

    units = FrameAttribute()
    submissions = FrameAttribute()
    cases = FrameAttribute()
    letter_items = FrameAttribute()
    versions = FrameAttribute()
    completeness = FrameAttribute()
    findings = FrameAttribute()
    stocktake = FrameAttribute()
    spot_check = FrameAttribute()
    summaries = FrameAttribute()
    exhibits = FrameAttribute()
    story_lengths = FrameAttribute()
    overlaps = FrameAttribute()
    prior_awards = FrameAttribute()
    members = FrameAttribute()
    conflicts = FrameAttribute()
    readings = FrameAttribute()
    scores = FrameAttribute()
    criterion_scores = FrameAttribute()
    shortlist = FrameAttribute()
    gates = FrameAttribute()
    events = FrameAttribute()

    def __init__(
        self,
        round: Round,
        outputs: str | Path | None = None,
        *,
        session: RoundSession | None = None,
    ) -> None:
        self.rules = round
        self._outputs = output_folder(round.name, outputs)
        self._session = session
        self._made: tuple[RoundState | None, dict[tuple[Any, ...], pd.DataFrame]] = (None, {})
        if session is None and self.has_ledger:
            self.session()

    @property
    def name(self) -> str:
        """Name of the round."""
        return self.rules.name

    @property
    def has_ledger(self) -> bool:
        """Whether there is anything to open: a ledger, or what intake read."""
        received = ReceivedFolder.for_round(self.rules.folder)
        if self._session is not None:
            return True
        named = os.environ.get(DATABASE)
        return bool(named) or (self.rules.folder / "review.db").exists() or received.exists()

    def session(self) -> RoundSession:
        """Return the read-only session.

        Raises
        ------
        LedgerError, OutputError
            When the ledger or the output folder cannot be used.
        """
        if self._session is None:
            self._session = RoundSession.open(self.rules.folder, self._outputs, readonly=True)
            require_known_heads(self._session)
        return self._session

    def access(self) -> Access:
        """Return what the account may see."""
        return self.session().access() if self.has_ledger else Access.for_current_user(self.rules)

    def state(self) -> "RoundState":
        """Return the current state; derived again only after a change.

        Raises
        ------
        NotReadyError
            When no mail was read yet.
        KjfpError
            When rules, ledger and what was received do not go together.
        """
        if not self.has_ledger or not self.session().received.exists():
            raise NotReadyError(
                f"轮次“{self.name}”",
                expected="已收件",
                found="还没有读过来件",
                advice=f"先运行 kjfp intake {self.name}",
            )
        return self.session().current_state()

    def frame(self, name: str, *asked: Any) -> pd.DataFrame:
        """Return a fresh copy of a frame by its name; ``asked`` is what its method takes.

        Raises
        ------
        UnknownFrameError, ParameterError
            When there is no frame of that name, or it is asked for otherwise.
        ScreenRefused
            When the account may not see it.
        NotReadyError
            When it cannot be made yet.
        """
        schema = frame_schema(name)
        self._require_asked(name, asked)
        self.access().require_screen(*schema.metadata["screens"])
        if name == "units":
            return self._finish(name, lambda: tabulate_units(self.rules), ("units",))
        state = self.state()
        if self._made[0] is not state:
            self._made = (state, {})
        return self._finish(name, lambda: BUILDERS[name](state, *asked), (name, *map(str, asked)))

    def _require_asked(self, name: str, asked: tuple[Any, ...]) -> None:
        """Stop unless a frame is asked for as its method asks for it."""
        wanted = 2 if name == "reweighted" else int(name in BY_KIND)
        if len(asked) != wanted or (wanted == 2 and not isinstance(asked[1], Mapping)):
            given = "权重不是对照表" if len(asked) == wanted else f"给出 {len(asked)} 个参数"
            raise ParameterError(
                f"表 {name}", expected=f"写作 {call_text(name)}", found=given, advice="改正写法"
            )
        if wanted:
            self.require_kind(asked[0])

    def __getattr__(self, name: str) -> Any:
        """Say which frame may be meant by a name that there is not."""
        if name.startswith("_") or hasattr(type(self), name):
            return object.__getattribute__(self, name)  # raises what went wrong
        return frame_schema(name)

    def _finish(self, name: str, build: Callable[[], Rows], key: tuple[Any, ...]) -> pd.DataFrame:
        """Return a copy of a frame that was made once, shaped and checked."""
        kept = self._made[1]
        if key not in kept:
            frame = shape_frame(frame_schema(name), build(), self.rules)
            check_frame(name, frame, self.rules)
            kept[key] = frame
        copy = kept[key].copy()
        if name in ("shortlist", *BY_KIND):
            copy = ReadableFrame(copy)
        copy.attrs = {
            "frame": name,
            "titles": pattern_titles(self.rules),
            "caption": self._caption(name),
        }
        return copy

    def _caption(self, name: str) -> str:
        """Return what is to be read above a frame: that it is a rehearsal's, or a draft."""
        marks = ["演练，数据均为虚构"] if self.rules.rehearsal else []
        if name == "shortlist" and (line := self.draft_line()):
            marks.append(line)
        return "；".join(marks)

    def draft_line(self) -> str:
        """Return the line that marks the list as a draft, blank once it may be published."""
        from kjfp_helpers.state.secretary.publication_gates import draft_line, list_gates

        return draft_line(list_gates(self.state()))

    def ranking(self, kind: str) -> pd.DataFrame:
        """Return the ranked cases of a kind, best first: ``describe("ranking")``.

        Parameters
        ----------
        kind : {"team", "individual"}

        Raises
        ------
        NotReadyError
            When there is no ranking yet, saying why.
        """
        return self.frame("ranking", kind)

    def rater_effects(self, kind: str) -> pd.DataFrame:
        """Return each member's severity, discrimination, noise: ``describe("rater_effects")``.

        Raises
        ------
        NotReadyError
            As for :meth:`ranking`.
        """
        return self.frame("rater_effects", kind)

    def sensitivity(self, kind: str) -> pd.DataFrame:
        """Return what would move the cases near the cut: ``describe("sensitivity")``.

        Raises
        ------
        NotReadyError
            When there is no list of this kind yet, saying why.
        """
        return self.frame("sensitivity", kind)

    def reweighted(self, kind: str, weights: Mapping[str, float]) -> pd.DataFrame:
        """Return the ranks and the list with other weights: ``describe("reweighted")``.

        Parameters
        ----------
        kind : {"team", "individual"}
        weights : mapping
            Criterion to its weight (0-1); the others keep their proportions.

        Raises
        ------
        NotReadyError
            As for :meth:`ranking`.
        ParameterError
            When a criterion is unknown, or the weights do not sum to 1.
        """
        return self.frame("reweighted", kind, weights)

    @staticmethod
    def require_kind(kind: str) -> str:
        """Return a kind of nominee, ``team`` or ``individual``.

        Raises
        ------
        ParameterError
            When it is neither.
        """
        if kind not in NOMINEE_KINDS:
            words = "、".join(f"{one}（{KIND_TITLES[one]}）" for one in NOMINEE_KINDS)
            raise ParameterError(
                "类别", expected=words, found=f"“{kind}”", advice=suggest(str(kind), NOMINEE_KINDS)
            )
        return kind
