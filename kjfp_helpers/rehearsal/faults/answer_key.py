"""Reads the answer key (``answers.json``) of a rehearsal, for simulated actors and tests."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.rules import Round


def read_answers(round: Round) -> Mapping[str, Any]:
    """Return the answers of a rehearsal.

    Raises
    ------
    OutputError
        The folder holds no answers, so it is no rehearsal.
    """
    try:
        answers: Mapping[str, Any] = json.loads((round.folder / "answers.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(
            f"{round.name}/answers.json",
            expected="演练轮次的答案文件",
            found="没有找到或无法读取",
            advice="先用 kjfp rehearse 生成演练轮次",
        ) from error
    return answers


def filter_acts(answers: Mapping[str, Any], *names: str) -> Iterator[Mapping[str, str]]:
    """Yield the planned acts with one of the names; nothing in an older rehearsal without acts."""
    return (row for row in answers.get("acts", ()) if row["act"] in names)


def find_first_act(answers: Mapping[str, Any], name: str) -> Mapping[str, str] | None:
    """Return the first act of a name, ``None`` where the year has none."""
    return next(filter_acts(answers, name), None)


def office_actor_label(round: Round, role: str, number: int = 0) -> str:
    """Return whom an event of the office names as acting: ``测试秘书（secretary，秘书）``."""
    holders = [row for row in round.roles if row.role == role]
    if not holders:
        return f"演练{role}"
    holder = holders[min(number, len(holders) - 1)]
    return f"{holder.name}（{holder.user}，{role}）"
