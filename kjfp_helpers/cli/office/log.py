"""``kjfp log``: print the ledger in plain Chinese, or write it as a workbook."""

from pathlib import Path
from typing import Any

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import PATH, RoundChoice, WholeNumber, list_option, round_argument

SHOWN = 20


@click.command(
    "log",
    cls=Command,
    help="台账：逐条列出谁在何时办了什么、理由和依据；可存为工作簿，连同每日校验值",
    writes="（FILE）",
)
@round_argument()
@click.option(
    "--last", metavar="N", type=WholeNumber(1), default=SHOWN, help=f"只列最近N条，默认{SHOWN}"
)
@list_option("--about", metavar="TEXT", text="只列含有这些文字的，如编号、姓名、单位、事项")
@click.option("--file", metavar="FILE", type=PATH, help="存为工作簿（.xlsx），含全部条目")
@click.option("--heads", metavar="FILE", type=PATH, help="存为每日校验值签字页（.docx）")
def log(
    choice: RoundChoice, last: int, about: tuple[str, ...], file: Path | None, heads: Path | None
) -> int:
    """Print the ledger in plain Chinese, or write it as a workbook."""
    from kjfp_helpers.reports.data.event_log.event_rows import build_event_rows

    with choice.open(readonly=True) as session:
        session.access().require_command("log")
        state = session.current_state()
        if file is not None or heads is not None:
            return _write(state, file, heads)
        rows = [row for row in build_event_rows(state) if _is_about(row, about)]
        for row in rows[-last:]:
            print(_to_line(row))
        print(f"✓ 台账{len(state.events)}条，符合{len(rows)}条，列出{min(last, len(rows))}条")
    return 0


def _write(state: Any, file: Path | None, heads: Path | None) -> int:
    from kjfp_helpers.reports.office.registers.daily_heads_page import write_daily_heads
    from kjfp_helpers.reports.office.registers.event_log_workbook import write_event_log

    for path, option, suffix in ((file, "--file", ".xlsx"), (heads, "--heads", ".docx")):
        _require_new(path, option, suffix)
    if file is not None:
        write_event_log(state, file)
        print(f"✓ {file.name}：台账{len(state.events)}条")
    if heads is not None:
        write_daily_heads(state, heads)
        print(f"✓ {heads.name}：每日末条校验值，至第{len(state.events)}条")
    return 0


def _require_new(path: Path | None, option: str, suffix: str) -> None:
    from kjfp_helpers.core.errors import ParameterError

    if path is not None and (path.suffix.lower() != suffix or path.exists()):
        found = "已有这个文件" if path.exists() else f"“{path.name}”"
        raise ParameterError(
            option, expected=f"新建的 {suffix} 文件", found=found, advice="请换一个文件名"
        )


def _is_about(row: dict[str, Any], wanted: tuple[str, ...]) -> bool:
    text = "　".join(str(value) for value in row.values())
    return all(word in text for word in wanted)


def _to_line(row: dict[str, Any]) -> str:
    parts = (row["about"], row["words"], row["reason"], row["document"], row["by"], row["undone"])
    words = "　".join(filter(None, (" ".join(part.split()) for part in parts)))
    return f"第{row['seq']}条　{row['at']:%Y-%m-%d %H:%M}　{row['actor']}　{row['title']}　{words}"
