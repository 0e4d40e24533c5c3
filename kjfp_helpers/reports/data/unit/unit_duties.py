"""Duties of a unit: what it must send, mend or explain, by when, and what follows otherwise."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.findings import Severity
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.eligibility.history.correspondence import ABSENCE_CODES, REMINDER, RETURN
from kjfp_helpers.infra.cache import once_per_object
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.unit.correction_items import CorrectionItem, CorrectionItems
from kjfp_helpers.state.secretary.unit_dossiers import correction_end, reply_end

if TYPE_CHECKING:
    from kjfp_helpers.eligibility.history.correspondence import Letter
    from kjfp_helpers.reports.data.state_index import StateIndex
    from kjfp_helpers.rules import Unit

BARS, OWED, FAULT, QUESTION = range(4)
"""Order of duties by their consequence: a nominee is out, a paper lacks, a fault, a question."""
_OF_ABSENCE: Mapping[str, str] = {
    "stocktake": "三项任务目标不能判断是否完成",
    "summary": "不能考核",
    "exhibit": "线上展览没有本单位的内容",
}
_OF_CODE: Mapping[str, str] = {
    "figure_missing": "该项任务目标不能判断是否完成",
    "section_missing": "考核时按缺少该部分处理",
    "part_missing": "线上展览中该部分空缺",
    "no_picture": "线上展览只有文字",
}
_PICTURE_CODES = ("too_small", "not_jpeg", "padded", "caption_missing", "name_mismatch")
_OF_NOMINEE = "不办：仍参加评审，由办公室按现有材料认定"
_OTHERWISE = "不办：由办公室按现有材料认定，本报告列为未办"


def list_duties(index: "StateIndex", unit: "Unit") -> list[dict[str, Any]]:
    """Return the duties of a unit, the gravest consequence first; worked out once for an index.

    Returns
    -------
    list of dict
        ``key`` (stable while the matter is the same), ``number`` and ``letter`` (as the letter has
        them), ``order`` (:data:`BARS` ...), ``title``, ``about`` (nominee or paper), ``where``,
        ``found``, ``told`` (the same for the office, other units by name), ``how``, ``due`` (ISO
        date or ``""``), ``due_text``, ``consequence``, ``state``, ``case`` (id or ``""``), ``kind``
        (of material or ``""``), ``count`` (findings).
    """
    known = _known_duties(index)
    if unit.code not in known:
        known[unit.code] = sorted(
            (*_owed_duties(index, unit), *_correction_duties(index, unit)),
            key=lambda duty: (duty["order"], duty["due"] or "9", duty["position"]),
        )
    return known[unit.code]


@once_per_object
def _known_duties(index: "StateIndex") -> dict[str, list[dict[str, Any]]]:
    """Return where the duties are kept, by unit."""
    return {}


def _owed_duties(index: "StateIndex", unit: "Unit") -> Iterator[dict[str, Any]]:
    """Yield what the reminder asks for."""
    standing, terms = index.unit_standings[unit.code], index.deadlines
    last = index.state.submissions.letters.last(unit.code, REMINDER)
    for number, kind in enumerate(standing.owed, start=1):
        title = formatting.MATERIAL_TITLES[kind]
        sent = last is not None and kind in last.body.owed
        asked = date.fromisoformat(last.body.day) if last and sent else terms.day
        due = reply_end(index.state, asked) if asked else None
        passed = terms.passed_day_text(kind, unit.code)
        yield {
            "key": f"owed|{kind}",
            "number": f"催报{number}",
            "position": number,
            "letter": _letter_text(REMINDER, last if sent else None, title),
            "order": OWED,
            "code": ABSENCE_CODES[kind],
            "title": f"未报送{title}",
            "about": title,
            "where": "",
            "clause": formatting.format_clause(terms.clause_text(unit, kind)),
            "found": "未收到",
            "told": "未收到",
            "how": f"报送{title}，并书面说明{'逾期' if passed else '未报'}原因",
            "wanted": f"原定{passed}，已过" if passed else "",
            **_due(due),
            "consequence": f"不报：{_OF_ABSENCE[kind]}",
            "state": "已催报，未收到" if sent else "待办",
            "case": "",
            "kind": kind,
            "count": 1,
            "files": [],
        }


def _due(day: date | None) -> dict[str, str]:
    """Return the last day for a duty, as a date and in words."""
    if day is None:
        return {"due": "", "due_text": "即办"}
    return {"due": day.isoformat(), "due_text": f"{formatting.format_date(day)}前"}


def _correction_duties(index: "StateIndex", unit: "Unit") -> Iterator[dict[str, Any]]:
    """Yield what the return for correction asks for."""
    state, standing = index.state, index.unit_standings[unit.code]
    letters = state.submissions.letters
    last, today = letters.last(unit.code, RETURN), letters.day
    listed = CorrectionItems(state, standing)
    items = [*listed.faults(), *listed.questions()]
    end = correction_end(state, standing, today) if today and items else None
    given = letters.until(last.body) if last else None
    for item in items:
        place = _place_in(last, item) if last else None
        sent, due = place is not None, end if place is None else given
        yield {
            "key": _key(item),
            "number": f"补正{place or item.number}",
            "position": item.first,
            "letter": _letter_text(
                RETURN,
                last if sent else None,
                "所列" if place == "" else f"第{place or item.number}项",
            ),
            "order": _order(index, item),
            "code": item.findings[0].code,
            "title": item.title,
            "about": _about(index, item),
            "where": _where(item),
            "clause": formatting.format_clause(item.clause),
            "found": item.found,
            "told": _found_in_full(item),
            "how": item.advice,
            "wanted": item.expected,
            **_due(due),
            "consequence": _consequence(index, item),
            "state": _state(due, today, sent=sent),
            "case": item.findings[0].case,
            "kind": item.kind,
            "count": item.count,
            "files": sorted({one.source.rpartition("/")[2] for one in item.findings}),
        }


def _where(item: CorrectionItem) -> str:
    """Return the place of a matter; of a whole file, the file, or its message where that is told.

    A mail's own matter is about the file, which is named already.
    """
    if item.where not in ("全件", formatting.MISSING):
        return item.where
    name, mark, rest = item.file.partition("（第")
    return f"第{rest.removesuffix('）')}" if item.kind == "mail" and mark and name else item.file


def _found_in_full(item: CorrectionItem) -> str:
    """Return what was found with the other unit that the letter does not name."""
    if formatting.ANOTHER_UNIT not in item.found:
        return item.found
    return mask_personal_numbers(formatting.remove_control_chars(item.findings[0].found))


def _key(item: CorrectionItem) -> str:
    finding = item.findings[0]
    source = finding.source.rpartition("/")[2]
    return "|".join((finding.code, finding.field, finding.case, source, finding.place))


def _place_in(letter: "Letter", item: CorrectionItem) -> str | None:
    """Return the number of a matter in a letter that asks for it; ``""`` where that is unknown."""
    asked = {one[:3]: place for place, one in enumerate(letter.body.findings)}
    places = [asked.get((one.code, one.field, one.case)) for one in item.findings]
    if None in places:
        return None
    if not letter.body.numbers:
        return ""
    numbers = sorted({letter.body.numbers[place] for place in places if place is not None})
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}至{numbers[-1]}"


def _letter_text(title: str, letter: "Letter | None", entry: str) -> str:
    if letter is None:
        return f"《{title}》{entry}"
    return f"{formatting.format_letter_number(letter.body.number)}《{title}》{entry}"


def _state(due: date | None, today: date | None, *, sent: bool) -> str:
    if not sent:
        return "待办"
    return "逾期未补正" if due and today and today > due else "已发函，待答复"


def _about(index: "StateIndex", item: CorrectionItem) -> str:
    finding = item.findings[0]
    case = index.state.screening.case_by_id.get(finding.case)
    if case:
        return mask_personal_numbers(formatting.remove_control_chars(case.name))
    if finding.field in NOMINEE_KINDS:
        return f"{KIND_TITLES[finding.field]}名额"
    if item.kind == "mail":
        return item.file.partition("（第")[0] or "来件"
    return item.document


def _is_barred(index: "StateIndex", item: CorrectionItem) -> bool:
    """Return whether a nominee is kept out because of the matter."""
    finding = item.findings[0]
    case = index.state.screening.case_by_id.get(finding.case)
    if case:
        return not case.eligible and finding.code in case.reasons
    if finding.field in NOMINEE_KINDS:
        own = index.cases.get(finding.unit, ())
        return any(finding.code in one.reasons for one in own if one.kind == finding.field)
    return any(form.source == finding.source for form in index.unread_forms.get(finding.unit, ()))


def _order(index: "StateIndex", item: CorrectionItem) -> int:
    if _is_barred(index, item):
        return BARS
    return FAULT if item.findings[0].severity is Severity.ERROR else QUESTION


def _consequence(index: "StateIndex", item: CorrectionItem) -> str:
    """Return what follows where the unit does nothing, as the rules of the round have it."""
    finding = item.findings[0]
    if _is_barred(index, item):
        if finding.case:
            return "不办：不参加评审"
        if finding.field in NOMINEE_KINDS:
            own = [one for one in index.cases.get(finding.unit, ()) if one.kind == finding.field]
            return f"不办：这{len(own)}件都不参加评审"
        return "不重报：该件不参加评审"
    if finding.code in _PICTURE_CODES:
        return "不补：该图不计入合格图片"
    known = _OF_CODE.get(finding.code)
    if known:
        return f"不办：{known}"
    case = index.state.screening.case_by_id.get(finding.case)
    return _OF_NOMINEE if case and case.eligible else _OTHERWISE
