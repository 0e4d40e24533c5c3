"""Import of the filled-in work list (``findings.xlsx``) into the work queue."""

from collections.abc import Iterable
from pathlib import Path

from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import PacketError, os_error_reason
from kjfp_helpers.core.events import EventBody
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.reports.office.packets.returned_cells import read_cells
from kjfp_helpers.reports.office.registers import work_list
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary import resolutions
from kjfp_helpers.state.secretary.work_item import WorkItem
from kjfp_helpers.state.secretary.work_queue import items_by_finding


def import_work_list(
    session: RoundSession, on_progress: ProgressCallback, *, file: Path
) -> StepResult:
    """Record what the list says is done, and nothing else; rows with a fault are told.

    A row counts that says 已办结 of an item that is still open, with result, person, day and a word
    on it. What the ledger holds already is passed over, so that the same list does no harm twice.

    Raises
    ------
    PacketError
        When the file cannot be read or is no such list.
    LedgerError, AccessError
        When nothing could be recorded.
    """
    state = session.current_state()
    try:
        sheets = read_cells(file.name, file.read_bytes())
    except OSError as error:
        raise PacketError(file.name, found=os_error_reason(error), advice="核对路径") from error
    rows = list(work_list.parse_rows(sheets.get(work_list.SHEET, {})))
    if not rows:
        raise PacketError(
            file.name,
            expected=f"kjfp check 生成的 findings.xlsx，有“{work_list.SHEET}”",
            found="没有编号的行",
            advice="用 findings.xlsx 填写，不要另建，不要改动表头和编号",
        )
    bodies, failed, recorded = _read_decisions(state, rows)
    if bodies:
        session.record(*bodies)
    on_progress(1, 1)
    notes = [f"办结{recorded}项，已记入台账；再运行 kjfp check 更新清单和信函"] if recorded else []
    return StepResult(recorded, len(rows) - recorded - len(failed), tuple(failed), tuple(notes))


def _read_decisions(
    state: RoundState, rows: Iterable[work_list.FilledRow]
) -> tuple[list[EventBody], list[str], int]:
    """Return the events of the rows that count, the faults of others, and how many count."""
    items = {work_list.item_number(item): item for item in items_by_finding(state).values()}
    bodies: list[EventBody] = []
    failed: list[str] = []
    recorded = 0
    for row in rows:
        item = items.get(row.number)
        if row.work != work_list.DONE or (item is not None and item.done):
            continue
        fault = _fault(row, item)
        if fault or item is None:
            failed.append(f"第{row.row}行（{row.number}）：{fault}，此行未收")
            continue
        items.pop(row.number)  # a row that was copied counts once
        bodies += _decide(state, row, item)
        recorded += 1
    return bodies, failed, recorded


def _fault(row: work_list.FilledRow, item: WorkItem | None) -> str:
    if item is None:
        return "这一项已不在清单中，或上面已有一行"
    if item.kind in work_list.ELSEWHERE:
        return "须在“收件与核对”页“待处理”里选定"
    return row.fault


def _decide(state: RoundState, row: work_list.FilledRow, item: WorkItem) -> tuple[EventBody, ...]:
    reason = f"{row.said}（经办{row.by}，{row.day}，据问题清单）"
    if row.outcome == work_list.CONFIRMED:
        return resolutions.confirm_finding(state, item, reason)
    return resolutions.mark_handled(item, reason)
