"""What units did after the last day; each function changes the papers of a unit and notes it.

What each plants in ``answers.json`` under ``acts``, beside its rows under ``planted``:

================ ==================================================================
act              what the unit did
================ ==================================================================
silent           sent nothing at all
corrected_late   obeyed a return for correction after the last day
chosen           named in a reply whom of too many it keeps (``case``)
withdrawn        took a nomination back by letter
================ ==================================================================
"""

from collections.abc import Sequence
from datetime import date

from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.rehearsal.faults import nomination_faults
from kjfp_helpers.rehearsal.faults.nomination_faults import Hand
from kjfp_helpers.rehearsal.generator.model import Letter, Papers

REPLY_DAYS = (date(2020, 8, 18), date(2020, 8, 19))
"""Days on which units answered the letters of 17 August."""


def stay_silent(hand: Hand, papers: Papers) -> None:
    """Send nothing."""
    papers.nominations, papers.letters, papers.shots = [], [], []
    papers.stocktake = papers.parts = papers.exhibit = None
    for code, what in (("stocktake", "盘点表"), ("summary", "工作总结"), ("exhibit", "展览素材")):
        hand.note(papers, f"{code}_absent", f"没有任何来件，缺{what}", letter="")
    hand.act(papers, "silent", "应报材料均为未报送，只有一份催报通知，没有收讫回执", letter="")


def correct_late(hand: Hand, papers: Papers) -> None:
    """Send a form with a blank box in time, and the corrected one when it was asked for."""
    entry = papers.people()[0]
    papers.first_version, papers.again = ("individual", {"address": None}), [entry]
    text = (
        f"收到贵办8月17日退回补正通知，现补报先进个人推荐表（{entry.name}）一份，"
        "通信地址一栏已补填，请以此件为准。",
    )
    _reply(hand, papers, "4-correction", "补正材料", ("again",), text)
    hand.note(papers, "superseded", "地址一栏空白，已由补正件替换", entry)
    hand.note(papers, "resubmission", "按通知补正，以后件为准", entry, letter="correction")
    says = "以补正件为准；首件按期，补正件不算逾期，仍可进入评审"
    hand.act(papers, "corrected_late", says, entry, letter="correction")


def choose_nominee(hand: Hand, papers: Papers) -> None:
    """Recommend one person too many, and name the last of them when asked to choose."""
    nomination_faults.over_quota(hand, papers, kind="individual")
    papers.again = papers.people()[-1:]
    (kept,), others = papers.again, papers.people()[:-1]
    text = (
        f"贵办8月17日来函收悉。经研究，我单位先进个人保留推荐{kept.name}同志，"
        f"不再推荐{'、'.join(entry.name for entry in others)}同志，推荐表随函再次附上。特此函复。",
    )
    _reply(hand, papers, "5-reply", "关于推荐对象的复函", ("again",), text)
    hand.note(papers, "superseded", "复函所附推荐表与前件相同", kept)
    hand.note(papers, "resubmission", "随复函再次报送", kept, letter="reply")
    says = f"选定的{kept.name}可进入评审，其余因超出名额暂缓；选定以复函（来件）为依据"
    hand.act(papers, "chosen", says, kept, code="over_quota", letter="reply")


def withdraw_nominee(hand: Hand, papers: Papers) -> None:
    """Take back the nomination of the last person by letter."""
    entry = papers.people()[-1]
    what = KIND_TITLES[entry.kind]
    text = (
        f"我单位推荐的{what}{entry.name}同志因工作调动，经研究，决定撤回对该同志的推荐，"
        "不再另行推荐。特此函告。",
    )
    _reply(hand, papers, "6-withdrawal", "关于撤回推荐的函", (), text)
    hand.note(papers, "no_material", "撤回推荐的函只有正文", letter="withdrawal")
    says = "已撤回：不参评、不占名额，依据为单位来函（来件）"
    hand.act(papers, "withdrawn", says, entry, code="withdrawn", letter="withdrawal")


def _reply(
    hand: Hand,
    papers: Papers,
    key: str,
    subject: str,
    carries: Sequence[str],
    text: Sequence[str],
) -> None:
    sent, received = hand.planner.moment(*REPLY_DAYS)
    papers.letters.append(
        Letter(
            name=f"{papers.unit.code}-{key}",
            subject=f"{papers.unit.short_name}{subject}",
            carries=tuple(carries),
            sent=sent,
            received=received,
            text=tuple(text),
        )
    )
