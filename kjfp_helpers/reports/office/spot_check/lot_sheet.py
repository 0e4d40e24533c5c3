"""Frame and lot on paper: all that anybody needs to draw the lot again with a shell."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.notice.spot_check.lot_drawing import LotRow, rank_units, redraw_recipe
from kjfp_helpers.notice.spot_check.sampling_frame import SamplingFrame, frame_text
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.state import RoundState

FRAME_TEXT, FRAME_SHEET, LOT_SHEET = "frame.txt", "frame.docx", "lot.docx"
_FRAME_COLUMNS = (("代码", 1.6), ("单位", 9.2), ("分层", 5.2))
_RANK_COLUMNS = (("签位", 1.4), ("代码", 1.6), ("单位", 2.8), ("结果", 1.6), ("签号", 8.6))
_FACT_COLUMNS = (("项目", 2.8), ("内容", 13.2))
_TEXT_COLUMNS = (("行", 1.2), ("原文", 14.8))


def write_frame(state: RoundState, folder: Path) -> list[Path]:
    """Write ``frame.txt`` and the sheet that is published before the value is; none before."""
    check = state.spot_check
    if check.frame is None or check.frozen is None:
        return []
    text = folder / FRAME_TEXT
    atomic_write(text, frame_text(check.frame.lines).encode())
    sheet = folder / FRAME_SHEET
    document = _open(state, "抽查名册")
    _add_frame(document, state, check.frame, check.frozen.body.digest)
    _sign(document, state, _local_day(state, check.frozen.at))
    document.save(sheet)
    return [text, sheet]


def write_lot(state: RoundState, folder: Path) -> list[Path]:
    """Write the lot with frame, hash, value, recipe and every rank; nothing before the draw."""
    check = state.spot_check
    drawn, frozen = check.lot, check.frozen
    if check.frame is None or frozen is None or check.drawn is None or drawn is None:
        return []
    path = folder / LOT_SHEET
    document = _open(state, "抽查抽签结果")
    names = {unit.code: unit.short_name for unit in state.round.units}
    listed = "、".join(names.get(code, code) for code in drawn.units)
    clause = formatting.format_clause_part(state.round.notice.spot_check.clause)
    document.add_paragraph(
        f"根据{state.round.notice.round.citation}{clause}，经公开抽签，确定抽查单位{len(drawn.units)}个：{listed}。"
    )
    if drawn.covered:
        covered = "、".join(names.get(code, code) for code in drawn.covered)
        document.add_paragraph(f"其中按覆盖要求补抽：{covered}。")
    for event, freeze in check.void:
        document.add_paragraph(
            f"台账第{event.seq}条的抽签已作废（第{freeze.seq}条重新冻结名册："
            f"{getattr(freeze.body, 'reason', '')}）。"
        )
    document.add_heading("一、签号")
    document.add_table(
        _FACT_COLUMNS,
        (
            ("公开值", drawn.value),
            ("来源和公布日", f"{check.frame.source}，{formatting.format_date(check.frame.day)}"),
            ("名册校验值", frozen.body.digest),
            ("种子", drawn.seed),
        ),
    )
    document.add_table(
        _RANK_COLUMNS,
        _rank_rows(state, check.frame, rank_units(check.frame, drawn.seed)),
    )
    document.add_heading("二、重抽方法")
    document.add_paragraph(
        "把附后的名册原文逐行存为 frame.txt（UTF-8，每行以换行结束），在装有 sha256sum、sort "
        "的计算机上运行下列各行，即得各层按签号排列的单位；各层取前列的个数，大区没有抽到的，"
        "取该大区中签号最小的补足。"
    )
    recipe = enumerate(redraw_recipe(drawn.value), start=1)
    document.add_table(_TEXT_COLUMNS, ((str(at), line) for at, line in recipe))
    _sign(document, state, _local_day(state, check.drawn.at))
    document.start_attachment("附件", "名册原文（frame.txt）")
    lines = enumerate(check.frame.lines, start=1)
    document.add_table(_TEXT_COLUMNS, ((str(at), line) for at, line in lines))
    document.save(path)
    return [path]


def _local_day(state: RoundState, at: datetime) -> str:
    zone = ZoneInfo(state.round.notice.round.timezone)
    return formatting.format_date(at.astimezone(zone).date())


def _open(state: RoundState, title: str) -> OfficialDocument:
    document = OfficialDocument(rehearsal=state.round.rehearsal, amendments=state.round.amendments)
    document.add_title(title)
    return document


def _sign(document: OfficialDocument, state: RoundState, day: str) -> None:
    notice = state.round.notice
    document.add_signature(notice.round.office, day, seal=notice.office.seal)


def _add_frame(
    document: OfficialDocument, state: RoundState, frame: SamplingFrame, digest: str
) -> None:
    rule, about = state.round.notice.spot_check, state.round.notice.round
    document.add_paragraph(
        f"根据{about.citation}{formatting.format_clause_part(rule.clause)}，从下列{len(frame.units)}个单位中抽签确定抽查单位。"
        f"签由公开值决定：{frame.source}，{formatting.format_date(frame.day)}公布；公布之前无人知道，"
        "公布以后任何人都可以照公布的方法重抽。"
    )
    titles = _stratum_titles(state)
    drawn = "；".join(
        f"{titles.get(name, name)}{len(frame.of_stratum(name))}个抽{count}个"
        for name, count in frame.draws.items()
    )
    document.add_paragraph(f"抽取个数：{drawn}。")
    if frame.cover:
        names = {unit.code: unit.short_name for unit in state.round.units}
        groups = "；".join(
            f"{title}至少{least}个（{'、'.join(names.get(code, code) for code in codes)}）"
            for title, least, codes in frame.cover
        )
        document.add_paragraph(f"覆盖要求：{groups}。没有抽到的按签号补抽。")
    for code, reason in frame.excluded.items():
        unit = state.round.unit_by_code.get(code)
        document.add_paragraph(f"不列入名册：{unit.name if unit else code}，{reason}。")
    document.add_table(_FACT_COLUMNS, [("校验值", f"{digest}（frame.txt 的 SHA-256）")])
    full_names = {unit.code: unit.name for unit in state.round.units}
    document.add_table(
        _FRAME_COLUMNS,
        (
            (code, full_names.get(code, code), titles.get(stratum, stratum))
            for code, stratum in frame.units
        ),
    )


def _stratum_titles(state: RoundState) -> dict[str, str]:
    return {one.id: one.title for one in state.round.notice.spot_check.drawn_strata}


def _rank_rows(
    state: RoundState, frame: SamplingFrame, rows: tuple[LotRow, ...]
) -> Iterator[tuple[str, ...]]:
    titles, stratum = _stratum_titles(state), ""
    names = {unit.code: unit.short_name for unit in state.round.units}
    for row in rows:
        if row.stratum != stratum:
            stratum = row.stratum
            yield (f"{titles.get(stratum, stratum)}（{stratum}），抽前{frame.draws[stratum]}个",)
        yield str(row.place), row.code, names.get(row.code, row.code), row.how or "—", row.number
