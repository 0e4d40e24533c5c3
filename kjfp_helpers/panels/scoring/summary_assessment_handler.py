"""One reader at the summaries: what may be recorded there, and what the page is given."""

from collections.abc import Iterable, Mapping
from typing import Any

from kjfp_helpers.core.events import Event, EventBody, SummaryAssessed
from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.core.records import Summary
from kjfp_helpers.notice.assessment.reader_agreement import ReaderAgreement, reader_agreement
from kjfp_helpers.notice.assessment.summary_heads import outline_summary
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.protocol import (
    Message,
    MessageHandler,
    Rejected,
    Reply,
    checked_text,
    rejection,
)
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.access import current_user

TITLE = "工作总结考核"
HEAD_LABELS = {True: "有", False: "缺"}


class SummaryAssessmentHandler(MessageHandler):
    """A reader's conversation over the summaries received."""

    event_type = SummaryAssessed

    def __init__(self, session: RoundSession, state: RoundState, reader: str) -> None:
        self._state, self._reader = state, reader or current_user(session.round)
        frame = state.screening.summaries
        self.units = list(frame.loc[frame["missing"].notna(), "unit"])
        self._heads = state.round.notice.summary.heads
        self._levels = state.round.rubric.summary_levels
        self._texts = {
            r.unit: r.body for r in state.submissions.records if isinstance(r.body, Summary)
        }
        self._assessed: dict[tuple[str, str], tuple[int, SummaryAssessed]] = {}
        for event in state.events:
            self.apply_event(event)
        actor = session.actor_label(SummaryAssessed, self._reader)
        super().__init__(session, f"{TITLE} {self._reader}", actor, state.events[-1].seq)
        self.commands, self.queries = {"save": self._save}, {}

    def apply_event(self, event: Event) -> None:
        """Take the latest assessment of each reader in."""
        if isinstance(event.body, SummaryAssessed):
            reader = event.body.reader or event.actor
            self._assessed[event.body.unit, reader] = (event.seq, event.body)

    def welcome(self) -> Reply:
        """Return the texts, what was found in them, and the reader's own assessments."""
        return {
            "title": TITLE,
            "noun": "份",
            "material": "总结",
            "activity": "考核",
            "can": ["choose"],
            "packet": f"{self._session.round.name}-{self._reader}",
            "note": " · ".join(
                filter(
                    None,
                    (
                        f"考核人：{self._reader}",
                        f"已收总结 {len(self.units)} 份，"
                        f"共 {len(self._state.screening.summaries)} 个单位",
                        describe_agreement(
                            reader_agreement(self._session.ledger.events(), self._levels)
                        ),
                    ),
                )
            ),
            "rehearsal": self._session.round.rehearsal,
            "declared": True,
            "sealed": None,
            "closed": False,
            "scale": None,
            "questions": {"summary": self._questions()},
            "cases": [{**self._case(unit), **self._page(unit)} for unit in self.units],
        }

    def describe_result(self, message: Message) -> Reply:
        """Return the unit as it stands."""
        return {"case": self._case(str(message.get("case")))}

    def _questions(self) -> list[Reply]:
        heads = [
            {"id": head.id, "title": head.title, "ask": "", "options": list(HEAD_LABELS.values())}
            for head in self._heads
        ]
        level = {"id": "level", "title": "考核等次", "ask": "", "options": list(self._levels)}
        return [*heads, level]

    def _page(self, unit: str) -> Reply:
        text, names = self._texts[unit], self._state.round.unit_by_code
        held = outline_summary(self._heads, text.sections)
        page = render_template(
            "summary",
            summary=text,
            unit=names[unit],
            figures=self._figures(unit),
            heads=[(head.title, held.get(head.id)) for head in self._heads],
        )
        proposed = {head.id: HEAD_LABELS[head.id in held] for head in self._heads}
        return {
            "kind": "summary",
            "label": names[unit].short_name,
            "page": page,
            "proposed": proposed,
        }

    def _figures(self, unit: str) -> list[dict[str, Any]]:
        frame = self._state.screening.stocktake
        own = frame[frame["unit"] == unit].iloc[0]
        parts = ("target", "done", "rate")
        return [
            {"label": label, **{part: own[f"{name}_{part}"] for part in parts}}
            for name, label in STOCKTAKE_ROWS
        ]

    def _case(self, unit: str) -> Reply:
        seq, own = self._assessed.get((unit, self._reader), (None, None))
        answers = {name: HEAD_LABELS[held] for name, held in own.heads.items()} if own else {}
        if own and own.level:
            answers["level"] = own.level
        return {
            "key": unit,
            "answers": answers,
            "comment": own.comment if own else "",
            "event_seq": seq,
            "undo_seq": 0,
            "parked": False,
            "note": self._agreement(unit, own.level if own else ""),
        }

    def _agreement(self, unit: str, level: str) -> str:
        """Say what other readers found, once the reader's own level is given."""
        others = [
            body.level
            for (whose, reader), (_, body) in self._assessed.items()
            if whose == unit and reader != self._reader and body.level
        ]
        if not level or not others:
            return ""
        agree = "一致" if set(others) == {level} else "不一致"
        return f"另一位考核人：{'、'.join(others)}（{agree}）"

    def _save(self, message: Message) -> Iterable[EventBody]:
        unit, answers = str(message.get("case")), message.get("answers")
        if unit not in self.units or not isinstance(answers, Mapping):
            raise rejection("评定没有读出，请重新打开本页。")
        seq, own = self._assessed.get((unit, self._reader), (None, None))
        if own and own.edit and own.edit == message.get("request_id"):
            raise Rejected(type="saved", event_seq=seq, **self.describe_result(message))
        if seq != message.get("base_seq"):
            raise Rejected(type="stale", case=self._case(unit))
        level, known = answers.get("level", ""), {word: held for held, word in HEAD_LABELS.items()}
        heads = {head.id: known.get(answers[head.id]) for head in self._heads if head.id in answers}
        if level not in ("", *self._levels) or None in heads.values():
            raise rejection("评定不在所列各项之中，请改正。")
        return [
            SummaryAssessed(
                unit=unit,
                level=level,
                comment=checked_text(message.get("comment")),
                reader=self._reader,
                heads={name: bool(held) for name, held in heads.items()},
                edit=str(message.get("request_id", "")),
            )
        ]


def describe_agreement(found: ReaderAgreement) -> str:
    """Return how well readers of the same summaries agree, ``""`` while none was read twice."""
    if not found.n:
        return ""
    told = f"两人以上评 {found.n} 份，等次相同 {found.same} 份"
    if found.share is None:
        return f"{told}；份数太少，不作推断"
    told += f"（{found.same / found.n:.0%}，95% 区间 {found.share[0]:.0%}–{found.share[1]:.0%}）"
    if found.weighted is None:
        return f"{told}；等次没有差别，一致性算不出"
    if found.interval is None:
        return f"{told}；加权一致性 {found.weighted:.2f}"
    low, high = found.interval
    return f"{told}；加权一致性 {found.weighted:.2f}（95% 区间 {low:.2f}–{high:.2f}）"
