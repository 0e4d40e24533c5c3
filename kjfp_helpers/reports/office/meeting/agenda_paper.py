"""The agenda of the meeting as a paper: order, bands, what is too close to call, who leaves."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.meeting.case_facts import clean, shows_names
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.selection.meeting_agenda import BAND_TITLES
from kjfp_helpers.state.meeting.agenda import Agenda, describe_group, list_contradictions
from kjfp_helpers.state.meeting.voters import list_voter_questions, list_voters

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

_COLUMNS = (
    ("序号", 1.2),
    ("推荐对象", 4.6),
    ("推荐单位", 3.2),
    ("名次", 1.2),
    ("入围概率", 2.3),
    ("退场人员", 3.6),
)
_ORDINALS = "一二三四五六七八九"


def write_agenda(state: "RoundState", agendas: list[Agenda], path: Path) -> None:
    """Write the agenda of the kinds for which it was drawn.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    about = state.round.notice.round
    document = OfficialDocument(rehearsal=about.rehearsal, amendments=state.round.amendments)
    document.add_title(f"{about.title}\n会议议程")
    for agenda in agendas:
        document.add_paragraph(describe_group(state, agenda.kind, agenda.drawn.bands))
    voters = list_voters(state)
    document.add_paragraph(
        f"表决人{len(voters)}名：{'、'.join(clean(voter.label) for voter in voters)}。"
    )
    for number, agenda in enumerate(agendas):
        document.add_heading(f"{_ORDINALS[number]}、{KIND_TITLES[agenda.kind]}")
        document.add_table(_COLUMNS, _rows(state, agenda))
        for line in _exit_lines(state, agenda):
            document.add_paragraph(line)
    document.add_heading(f"{_ORDINALS[len(agendas)]}、顺序的排定")
    for line in _draw_lines(agendas):
        document.add_paragraph(line)
    if not shows_names(state):
        document.add_paragraph("评委尚未得知推荐对象身份，投影页只显示序号。")
    document.save(path)


def _rows(state: "RoundState", agenda: Agenda) -> Iterator[tuple[str, ...]]:
    """Yield the cases in order, each band under its title."""
    band = ""
    for item in agenda.items:
        if item.band != band:
            band = item.band
            count = sum(one.band == band for one in agenda.items)
            yield (f"{BAND_TITLES[band]}（{count}件）",)
        case = state.screening.case_by_id[item.case]
        yield (
            str(item.number),
            f"{clean(case.name)}（{item.case}）",
            state.round.unit_by_code[case.unit].short_name,
            formatting.format_number(item.rank),
            formatting.format_probability(item.chance),
            "、".join(voter.name for voter, _ in item.leaving) or "无",
        )


def _exit_lines(state: "RoundState", agenda: Agenda) -> Iterator[str]:
    for item in agenda.items:
        if item.leaving:
            named = "；".join(f"{clean(voter.label)}（{reason}）" for voter, reason in item.leaving)
            name = clean(state.screening.case_by_id[item.case].name)
            yield f"讨论第{item.number}件{name}前请退场：{named}。"
    yield from _remarks(state, agenda)
    if agenda.gone:
        yield f"第{'、'.join(map(str, agenda.gone))}件已退出评审，其余序号不变。"
    if agenda.missing:
        named = "、".join(agenda.missing)
        yield f"排定以后另有{len(agenda.missing)}件列入评审：{named}，须重新排定。"


def _remarks(state: "RoundState", agenda: Agenda) -> Iterator[str]:
    """Yield what the chances leave aside, where the list says otherwise, and whom to ask."""
    yield "入围概率依宽严校正分估计，未计名额限制和会议决定。"
    if other := list_contradictions(state, agenda):
        yield f"因各项限制或决定，与现有名单不一致的：{'、'.join(map(clean, other))}。"
    names = {voter.id: clean(voter.label) for voter in list_voters(state)}
    cases = {item.case: item.number for item in agenda.items}
    asked = [one for one in list_voter_questions(state) if one[0] in cases]
    for case, voter, reason in asked:
        yield f"请会前核实第{cases[case]}件是否须{names[voter]}退场：{reason}。"


def _draw_lines(agendas: list[Agenda]) -> Iterator[str]:
    yield (
        "先按入围概率分档，档内顺序随机：各件按“种子 编号”（中间一个空格）的 SHA-256 校验值"
        "由小到大排列，可用 sha256sum 核对。种子为排定之前台账最后一条的序号和校验值前16位，"
        "每次排定都留在台账，重新排定须写明理由。"
    )
    for agenda in agendas:
        drawn = agenda.drawn
        again = f"（第{agenda.draws}次排定，理由：{drawn.reason}）" if agenda.draws > 1 else ""
        yield f"{KIND_TITLES[agenda.kind]}：种子 {drawn.seed}，台账第{agenda.seq}条{again}。"
