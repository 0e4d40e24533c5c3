"""Record of the runs that made reports: when, who, on which ledger head, what and why.

It stands beside the reports in ``runs.jsonl``, one line a run, and is shown in ``changes.html``.
Both tell of the past and are no part of what is made again byte for byte.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.infra.page_scripts.table_script import page_script, script_source, table_style
from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.reports.batch.batch_result import report_title
from kjfp_helpers.reports.batch.html_export import TEMPLATES
from kjfp_helpers.reports.batch.overview.change_reasons import UNCHANGED
from kjfp_helpers.reports.page_style import read_style_sheet

RUNS, CHANGES = "runs.jsonl", "changes.html"
MAX_RUNS = 40
"""Runs that are kept."""


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """A run of the batch.

    ``at`` is the time on the round's clock, ``by`` the account, ``head`` number and hash of the
    ledger; ``made`` maps a report to why it was made, ``failed`` to what stopped it.
    """

    at: str
    by: str
    head: str
    made: Mapping[str, str]
    failed: Mapping[str, str] = field(default_factory=dict)
    unchanged: int = 0

    @property
    def entry(self) -> str:
        """The ledger's last entry, as papers print it.

        >>> RunRecord(at="2020-08-20 09:00", by="甲", head="12:abcd", made={}).entry
        '第12条 abcd'
        """
        number, _, digest = self.head.partition(":")
        return f"第{number}条 {digest[:16]}"


def read_runs(folder: Path) -> list[RunRecord]:
    """Return the runs kept in a folder of reports, the oldest first; a torn line is left out."""
    runs = []
    try:
        lines = (folder / RUNS).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return []
    for line in lines:
        try:
            runs.append(RunRecord(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return runs


def reports_changed_since(runs: Sequence[RunRecord], since: str) -> set[str]:
    """Return the reports that a run made for a change after a ledger number or from a day on.

    Raises
    ------
    ParameterError
        When it is neither, or earlier runs than those kept may have made some.

    Examples
    --------
    >>> run = RunRecord(at="2020-08-20 09:00", by="甲", head="12:ab", made={"unit/41": "首次生成"})
    >>> reports_changed_since([run], "11"), reports_changed_since([run], "2020-08-21")
    ({'unit/41'}, set())
    """
    if re.fullmatch(r"[0-9]{1,9}", since):
        later = [run for run in runs if int(run.head.partition(":")[0]) > int(since)]
    elif re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", since):
        later = [run for run in runs if since <= run.at]
    else:
        raise ParameterError(
            "--since",
            expected="台账编号或日期，如 1108 或 2020-08-16",
            found=f"“{since}”",
            advice="照报告上印的台账编号填写",
        )
    if len(runs) >= MAX_RUNS and runs[0] in later:
        raise ParameterError(
            "--since",
            expected=f"晚于所保存的第一次运行（台账{runs[0].entry}，{runs[0].at}）",
            found=f"“{since}”",
            advice=f"只保存最近{MAX_RUNS}次运行；改用较近的编号，或不加 --since",
        )
    return {name for run in later for name, why in run.made.items() if why not in UNCHANGED}


def record_run(
    folder: Path, run: RunRecord, about: Mapping[str, Any], names: Mapping[str, str]
) -> None:
    """Add a run to the record and write the page of changes.

    Parameters
    ----------
    folder : Path
        ``reports`` below the outputs.
    run : RunRecord
        The run that ended.
    about : mapping
        The round as reports describe it.
    names : mapping
        Names of units, nominees and members by their codes.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    runs = [*read_runs(folder), run][-MAX_RUNS:]
    lines = (json.dumps(asdict(one), ensure_ascii=False) for one in runs)
    atomic_write(folder / RUNS, "".join(f"{line}\n" for line in lines).encode())
    atomic_write(folder / CHANGES, render_changes(runs, about, names).encode())


def render_changes(
    runs: Sequence[RunRecord], about: Mapping[str, Any], names: Mapping[str, str]
) -> str:
    """Return the page that tells of the last run report by report, and of those before."""
    last = runs[-1]
    page = template_environment(TEMPLATES / "report").get_template("changes.page.j2")
    return page.render(
        about=about,
        style=read_style_sheet() + table_style(),
        script=page_script(),
        script_source=script_source(),
        rehearsal="演练",
        last=last,
        rows=[
            {"name": name, "title": report_title(name, names), "why": why}
            for name, why in last.made.items()
        ],
        failed=[(report_title(name, names), why) for name, why in last.failed.items()],
        earlier=[
            {
                "at": run.at,
                "by": run.by,
                "entry": run.entry,
                "made": len(run.made),
                "failed": len(run.failed),
                "unchanged": run.unchanged,
            }
            for run in reversed(runs[:-1])
        ],
    )
