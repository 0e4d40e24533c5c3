"""Faults of messages, stock-takes, summaries and exhibits; each function plants one."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from kjfp_helpers.rehearsal.faults.nomination_faults import Hand
from kjfp_helpers.rehearsal.generator.baseline import CHINA
from kjfp_helpers.rehearsal.generator.model import Letter, Papers

LATE_SAYS = {
    "admitted": "已裁定准予接收：不再暂缓，不再列入退回补正通知",
    "upheld": "已裁定维持暂缓：仍不进入评审，不再列入退回补正通知",
}
"""What the review must say of a late message by what the office ruled."""


def late(hand: Hand, papers: Papers, *, at: str, minutes: int, ruled: str) -> None:
    """Let one message with everything come after the last day; the office ruled on it."""
    letters = [item for item in papers.letters if not item.name.endswith("exhibition")]
    letters[0].carries = ("forms", "stocktake", "summary")
    for item in letters[1:]:
        papers.letters.remove(item)
    _delay(letters[0], datetime.fromisoformat(at), minutes)
    came = letters[0].received
    why = f"{came.month:02}月{came.day:02}日 {came:%H:%M}收到"
    for entry in papers.nominations:
        hand.note(papers, "late", why, entry)
    if papers.parts is not None:
        hand.note(papers, "late", f"工作总结{why}")
    hand.act(papers, ruled, LATE_SAYS[ruled], code="late")


def late_exhibit(hand: Hand, papers: Papers) -> None:
    """Let the exhibition mail come after its day."""
    _delay(papers.letters[0], datetime.fromisoformat("2020-07-17T10:20:30"), 1)
    hand.note(papers, "late", "展览素材7月17日收到", letter="exhibition")


def _delay(letter: Letter, sent: datetime, minutes: int) -> None:
    letter.sent = sent.replace(tzinfo=CHINA)
    letter.received = letter.sent + timedelta(minutes=minutes)


def resent(hand: Hand, papers: Papers, *, what: str) -> None:
    """Send a corrected version of a form or of the stock-take."""
    papers.first_version = (what, _earlier(papers, what))
    sent, received = hand.planner.moment(date(2020, 8, 14), date(2020, 8, 15))
    entry = papers.people()[0] if what == "individual" else None
    papers.again = [entry] if entry else []
    papers.letters.append(
        Letter(
            name=f"{papers.unit.code}-4-correction",
            sent=sent,
            received=received,
            subject=f"{papers.unit.short_name}更正材料，请以此件为准",
            carries=("again",) if entry else ("correction:stocktake",),
        )
    )
    first = "recommendation" if entry else _bearer(papers)
    hand.note(papers, "superseded", "已由更正件替换", entry, letter=first)
    hand.note(papers, "resubmission", "更正后重报，以后件为准", entry, letter="correction")


def _earlier(papers: Papers, what: str) -> dict[str, Any]:
    """Return what stood in the version that was sent first."""
    if what == "individual":
        return {"address": f"{papers.unit.region}演练市旧址路1号"}
    return {"experts_done": max(papers.done.experts_target or 0, 1)}


def twice(hand: Hand, papers: Papers, *, how: str) -> None:
    """Let the recommendation mail arrive twice."""
    letter = next(item for item in papers.letters if item.name.endswith("recommendation"))
    letter.again = how
    hand.note(papers, "duplicate_mail", "同一邮件收到两次")
    hand.year.planted[-1].letter += "-copy"


def no_summary(hand: Hand, papers: Papers) -> None:
    """Send no summary."""
    papers.parts = None
    hand.note(papers, "summary_absent", "没有附工作总结", letter="")


def no_stocktake(hand: Hand, papers: Papers) -> None:
    """Send no stock-take."""
    papers.stocktake = None
    hand.note(papers, "stocktake_absent", "没有附盘点表", letter="")


def no_head(hand: Hand, papers: Papers, *, head: str) -> None:
    """Leave a head out of the summary."""
    assert papers.parts
    papers.parts = tuple(name for name in papers.parts if name != head)
    hand.note(papers, "section_missing", f"工作总结没有{head}部分", letter=_bearer(papers))


def no_figure(hand: Hand, papers: Papers, *, field: str) -> None:
    """Leave a figure of the stock-take blank."""
    papers.stocktake = replace(papers.done, **{field: None})
    hand.note(papers, "figure_missing", f"{field}未填", letter=_bearer(papers))


def short(hand: Hand, papers: Papers, *, names: tuple[str, ...]) -> None:
    """Miss the targets of some figures."""
    for name in names:
        aim = getattr(papers.done, f"{name}_target")
        less: dict[str, Any] = {f"{name}_done": int(aim * 0.88)}
        papers.done = replace(papers.done, **less)
        hand.note(papers, "target_not_met", f"{name}_done少于目标", letter=_bearer(papers))
    papers.stocktake = papers.done


def other_target(hand: Hand, papers: Papers) -> None:
    """State another target than the assigned one."""
    aim = papers.done.experts_target or 0
    papers.stocktake = replace(papers.done, experts_target=aim - 5)
    hand.note(papers, "target_disagrees", "experts_target与下达数不同", letter=_bearer(papers))


def no_target(hand: Hand, papers: Papers) -> None:
    """Assign a unit no targets, whatever it states as its own."""
    papers.target = None
    _not_assigned(hand, papers, "targets.csv没有这个单位")


def blank_target(hand: Hand, papers: Papers, *, name: str) -> None:
    """Leave one assigned target of a unit blank."""
    assert papers.target
    blank: dict[str, Any] = {f"{name}_target": None}
    papers.target = replace(papers.target, **blank)
    _not_assigned(hand, papers, f"{name}_target没有下达")


def _not_assigned(hand: Hand, papers: Papers, why: str) -> None:
    hand.note(papers, "target_missing", why)
    hand.year.planted[-1].letter = ""  # the office's own table, no message


def no_pictures(hand: Hand, papers: Papers) -> None:
    """Send an exhibition text without any picture."""
    papers.shots = []
    hand.note(papers, "no_picture", "展览素材只有文字", letter="exhibition")


def _bearer(papers: Papers) -> str:
    return next(item.name for item in papers.letters if "stocktake" in item.carries)


def no_exhibit(hand: Hand, papers: Papers) -> None:
    """Send no exhibition mail."""
    papers.exhibit, papers.letters = None, papers.letters[1:]
    hand.note(papers, "exhibit_absent", "没有报送展览素材", letter="")


def no_part(hand: Hand, papers: Papers, *, part: str) -> None:
    """Leave a part out of the exhibition text."""
    assert papers.exhibit
    papers.exhibit = tuple(name for name in papers.exhibit if name != part)
    hand.note(papers, "part_missing", f"展览文本没有{part}部分", letter="exhibition")


def small(hand: Hand, papers: Papers) -> None:
    """Send two pictures that are too small."""
    for shot in papers.shots[:2]:
        shot.small = True
        hand.note(papers, "too_small", f"{shot.stem}.jpg不足2M", letter="exhibition")


def misnamed(hand: Hand, papers: Papers) -> None:
    """Name a caption otherwise than its picture."""
    shot = papers.shots[0]
    shot.caption_stem = shot.stem + "图"
    hand.note(papers, "name_mismatch", f"{shot.stem}.jpg的注释多一个字", letter="exhibition")


def uncaptioned(hand: Hand, papers: Papers) -> None:
    """Send a picture without caption."""
    shot = papers.shots[1]
    shot.caption_stem = None
    hand.note(papers, "caption_missing", f"{shot.stem}.jpg没有注释", letter="exhibition")
