"""Rows of the assessment's tables, the same for the workbook and the screen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.events import SummaryAssessed
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import Summary
from kjfp_helpers.eligibility.duplicates.copied_summaries import show_passages
from kjfp_helpers.notice.assessment.assessment_progress import Assessment
from kjfp_helpers.notice.assessment.heading_confirmations import HEAD_LABELS, HeadConfirmations
from kjfp_helpers.notice.assessment.reader_agreement import agree_on_levels
from kjfp_helpers.notice.assessment.summary_headings import outline_summary
from kjfp_helpers.notice.assessment.unit_grades import UnitAssessment
from kjfp_helpers.notice.stocktake.totals import CLASS_TITLES, rank_within
from kjfp_helpers.reports import formatting
from kjfp_helpers.rules import SOURCE_TITLES
from kjfp_helpers.state.access import actor_title
from kjfp_helpers.state.assessment.assessor_conflicts import find_assessor_conflicts
from kjfp_helpers.state.assessment.summary_acts import list_head_confirmations

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

Row = dict[str, Any]
READ, CONFIRMED, APART, RULED = "程序读出", "考核人确认", "须裁定", "裁定"


def result_rows(state: "RoundState", assessment: Assessment) -> Iterator[Row]:
    """Yield every unit with total, grade, rank within its class and the points per indicator."""
    totals = {one.unit.code: one.total for one in assessment.units}
    ranks = rank_within(totals, {one.unit.code: one.unit.quota for one in assessment.units})
    confirmed = assessment.confirmed.body.results if assessment.confirmed else {}
    absent = assessment.confirmed.body.absent if assessment.confirmed else ()
    for order, one in enumerate(assessment.units):
        then = confirmed.get(one.unit.code)
        told = f"{then[1]} {then[0]:g}分" if then else None
        if one.unit.code in absent:
            told = f"按{assessment.scheme.lowest.title}处理"
        yield {
            "order": order,
            "unit": one.unit.code,
            "unit_name": one.unit.short_name,
            "class": CLASS_TITLES[one.unit.quota],
            "total": one.total,
            "grade": one.grade or None,
            "rank": ranks.get(one.unit.code),
            "state": one.state,
            "readers": f"{len(one.readers)}/{one.needed}",
            "confirmed": told,
            **{row.indicator.id: row.points for row in one.indicators},
        }


def reader_names(state: "RoundState") -> dict[str, str]:
    """Return what readers are called, by account."""
    return {row.user: row.name for row in state.round.roles}


def indicator_rows(state: "RoundState", assessment: Assessment) -> Iterator[Row]:
    """Yield every indicator of every unit: points, how they came about, who gave which level."""
    names = reader_names(state)
    for one in assessment.units:
        for row in one.indicators:
            given = sorted((names.get(who, who), title) for who, title in row.levels.items())
            yield {
                "unit": one.unit.code,
                "unit_name": one.unit.short_name,
                "indicator": row.indicator.title,
                "source": SOURCE_TITLES[row.indicator.source],
                "most": row.indicator.points,
                "points": row.points,
                "levels": "、".join(f"{name} {title}" for name, title in given),
                "apart": "须裁定" if row.apart and row.points is None else "",
                "text": mask_personal_numbers(row.text)
                if row.is_ruled or row.indicator.source != "read"
                else "",
                "by": "、".join(row.ruling.body.by) if row.ruling and row.is_ruled else "",
            }


def agreement_rows(assessment: Assessment) -> Iterator[Row]:
    """Yield how well readers agree on each indicator that is read."""
    for at, indicator in enumerate(assessment.scheme.indicators):
        if indicator.source != "read":
            continue
        order = [level.title for level in indicator.levels]
        given = [
            [order.index(title) for title in one.indicators[at].levels.values()]
            for one in assessment.units
        ]
        found = agree_on_levels(given)
        yield {
            "indicator": indicator.title,
            "n": found.n,
            "same": found.same,
            "share": found.same / found.n if found.n else None,
            "share_interval": _interval(found.share, percent=True),
            "weighted": found.weighted,
            "interval": _interval(found.interval),
            "note": "份数太少，不作推断" if found.share is None else "",
        }


def _interval(ends: tuple[float, float] | None, *, percent: bool = False) -> str:
    if ends is None:
        return ""
    low, high = ends
    return f"{low:.0%}—{high:.0%}" if percent else f"{low:.2f}—{high:.2f}"


def phrase_rows(state: "RoundState", assessment: Assessment) -> Iterator[Row]:
    """Yield how often each reader used each phrase of the scheme, the most used first."""
    comments: dict[str, dict[str, str]] = {}
    for event in state.standing_events.of(SummaryAssessed):
        body = event.body
        comments.setdefault(body.reader or event.actor, {})[body.unit] = body.comment
    names = reader_names(state)
    for reader, by_unit in sorted(comments.items()):
        texts = [text for text in by_unit.values() if text.strip()]
        used = [
            (sum(phrase in text for text in texts), indicator.title, phrase)
            for indicator in assessment.scheme.indicators
            for phrase in indicator.phrases
        ]
        for n, title, phrase in sorted(used, key=lambda one: -one[0]):
            if n:
                yield {
                    "reader": names.get(reader, reader),
                    "indicator": title,
                    "phrase": phrase,
                    "n": n,
                    "of": len(texts),
                    "share": n / len(texts),
                }


def reading_rows(state: "RoundState", assessment: Assessment) -> Iterator[Row]:
    """Yield who reads which summary, in reading order, and whether it is done."""
    names = reader_names(state)
    for reader, units in sorted(assessment.readings.items()):
        for order, code in enumerate(units, start=1):
            one = assessment.by_unit.get(code)
            if one is not None:
                yield {
                    "reader": names.get(reader, reader),
                    "order": order,
                    "unit": code,
                    "unit_name": one.unit.short_name,
                    "done": _reading_state(assessment, reader, one),
                }


def _reading_state(assessment: Assessment, reader: str, one: UnitAssessment) -> str:
    if reader in one.readers:
        return "已评定"
    return "已改派" if reader in assessment.released else "待评定"


def head_rows(state: "RoundState", *, as_read: bool = False) -> Iterator[Row]:
    """Yield which heads the summary of each unit holds, with the words that name them.

    ``as_read`` leaves out what readers confirmed: one reader does not see another's.
    """
    heads = state.round.notice.summary.heads
    summaries = state.submissions.record_by_unit("summary")
    confirmations = list_head_confirmations(state)
    for row in formatting.frame_rows(state.screening.summaries):
        record = summaries.get(row["unit"])
        told: Row = {"unit": row["unit"], "unit_name": row["unit_name"]}
        if record is None or not isinstance(record.body, Summary):
            yield told | {head.id: None for head in heads} | {"missing": None, "how": "未收到"}
            continue
        outline = outline_summary(heads, record.body.sections)
        said = HeadConfirmations() if as_read else confirmations[row["unit"]]
        held = {head.id: head.id in outline if as_read else bool(row[head.id]) for head in heads}
        for head in heads:
            told[head.id] = HEAD_LABELS[held[head.id]]
            words = outline[head.id].heading if head.id in outline else ""
            told[f"{head.id}_words"] = formatting.remove_control_chars(words)
        told["missing"] = sum(not there for there in held.values())
        told["how"] = _ground(said)
        told["apart"] = "；".join(
            f"{head.title}：{said.describe(head.id)}" for head in heads if head.id in said.apart
        )
        yield told


def _ground(said: HeadConfirmations) -> str:
    """Return on what the heads of a summary rest."""
    if said.apart:
        return APART
    return RULED if said.ruled else CONFIRMED if said.held else READ


def conflict_rows(state: "RoundState") -> Iterator[Row]:
    """Yield why a reader does not read a unit's summary, by reader."""
    names, units = reader_names(state), state.round.unit_by_code
    for (reader, unit), one in sorted(find_assessor_conflicts(state).items()):
        yield {
            "reader": names.get(reader, reader),
            "unit": unit,
            "unit_name": units[unit].short_name,
            "reason": mask_personal_numbers(one.reason),
            "kind": "须回避" if one.is_certain else "可能有关，尽量不派",
        }


def copy_rows(state: "RoundState") -> Iterator[Row]:
    """Yield the passages that two summaries share, side by side, the most alike pairs first."""
    units, records = state.round.unit_by_code, state.submissions.record_by_unit("summary")
    alike = sorted(state.screening.summary_overlaps, key=lambda one: (-one.share, one.one))
    for number, overlap in enumerate(alike, start=1):
        pair = {
            "pair": number,
            "one": units[overlap.one].short_name,
            "other": units[overlap.other].short_name,
            "share": overlap.share,
        }
        shown = show_passages(overlap, records[overlap.one], records[overlap.other])
        for passage in shown:
            yield pair | {"one_text": _clean(passage.one), "other_text": _clean(passage.other)}
        if not shown:
            yield pair | {"one_text": "", "other_text": ""}


def experience_rows(state: "RoundState", assessment: Assessment) -> Iterator[Row]:
    """Yield the typical experiences that were tagged, with where each stands in its summary."""
    for one in assessment.experiences:
        body = one.event.body
        unit = state.round.unit_by_code.get(body.unit)
        yield {
            "unit": body.unit,
            "unit_name": unit.short_name if unit else body.unit,
            "title": _clean(body.title),
            "excerpt": _clean(body.excerpt),
            "place": one.place or "总结已重新报送，原文不在其中",
            "reader": actor_title(one.event.actor),
            "seq": one.event.seq,
        }


def _clean(text: str) -> str:
    return mask_personal_numbers(formatting.remove_control_chars(text))
