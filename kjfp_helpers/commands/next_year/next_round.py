"""``kjfp new-round``: rules copied for the next year, those commended joining the register."""

import csv
import io
import shutil
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kjfp_helpers.core.errors import NotReadyError, OutputError
from kjfp_helpers.core.records import Individual
from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.publication.commendations import commended_cases, standing_commendation

REGISTER, LEVEL = "commended.csv", "全国"
"""The register of commendations, and the level of what this office commends."""
_TO_DO = (
    "notice.toml：round.title、document、document_title、issued、since，各期限和裁定中的日期",
    "notice.toml：[calendar] 换成新一年的放假安排；[office] 的联系人、电话",
    "targets.csv：新下达的目标任务（先照抄，未下达的清空）；panel.csv、roles.csv：评委和各账号",
)


def copy_round(session: RoundSession, target: Path) -> list[str]:
    """Copy the rule files of a round into a new folder; return what is to be done, in Chinese.

    Raises
    ------
    NotReadyError
        When the round has no standing decision to commend.
    OutputError
        When there is such a folder, or it cannot be written.
    """
    state = session.current_state()
    standing = standing_commendation(state.events)
    if standing is None:
        raise NotReadyError(
            f"轮次“{session.round.name}”",
            expected="有现行的表扬决定",
            found="没有",
            advice="先运行 kjfp decision issue，受表扬的才能并入名册",
        )
    if target.exists():
        raise OutputError(
            f"轮次 {target.name}", expected="还没有的名称", found="已有", advice="另取名称"
        )
    draft = target.with_name(f".{target.name}.part")
    rows = list(_register_rows(state, standing.body.document, standing.body.day))
    try:
        with output_errors(target):
            shutil.rmtree(draft, ignore_errors=True)
            (draft / "inbox").mkdir(parents=True)
            for name, text in session.round.texts.items():
                (draft / name).write_bytes(text.encode())
            text = session.round.texts[REGISTER]
            (draft / REGISTER).write_bytes(_with_rows(text, rows).encode())
            load_round(draft)
            draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return [
        f"名册 {REGISTER} 增加{len(rows)}行（{standing.body.document}）",
        *(f"请改 {line}" for line in _TO_DO),
        *_dated_keys(session.round.texts["notice.toml"]),
        f"改好后运行 kjfp forms {target.name}",
    ]


def _register_rows(state: RoundState, document: str, day: str) -> Iterator[dict[str, str]]:
    """Yield a row of the register for each team and person who is commended by now."""
    for case in commended_cases(state.events):
        nominee = state.screening.case_by_id[case]
        form = nominee.nominee
        yield {
            "year": day[:4],
            "level": LEVEL,
            "kind": nominee.kind,
            "name": nominee.name,
            "unit": nominee.unit,
            "employer": (form.employer or "") if isinstance(form, Individual) else "",
            "document": document,
        }


def _with_rows(text: str, rows: list[dict[str, str]]) -> str:
    """Return a table with rows added below, in its own columns."""
    columns = next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    added = io.StringIO()
    writer = csv.DictWriter(added, columns, extrasaction="ignore", lineterminator="\n")
    writer.writerows(rows)
    return f"{text.rstrip()}\n{added.getvalue()}"


def _dated_keys(text: str) -> Iterator[str]:
    """Yield a line that names the keys of the rules that hold dates of the year before."""
    keys = [key for key, value in _leaves(tomllib.loads(text)) if isinstance(value, date)]
    if keys:
        yield f"仍是上一轮日期的有：{'、'.join(keys)}"


def _leaves(values: Any, trail: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{trail}.{key}" if trail else key
        if isinstance(value, dict):
            yield from _leaves(value, name)
        elif name.partition(".")[0] != "calendar":
            yield name, value
