"""The resolution that changes a rule of the simulated year after scores were given."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kjfp_helpers.core.events import Event, EventLog, RulesAmended
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.rehearsal.faults.answer_key import find_first_act, read_answers
from kjfp_helpers.rules import Round

RULE = re.compile(r"(\[ruling\.reserves\][^\[]*?\nvalue = )5\b")
RESERVES = 6


def amend_rules(round: Round, events: Iterable[Event]) -> Mapping[str, Any] | None:
    """Amend the rule file as resolved; return the arguments of ``kjfp amend``.

    ``None`` where the year has no amendment, one was made, or the rule is another one already.

    Raises
    ------
    OutputError
        When the rule file cannot be written.
    """
    path = round.folder / "notice.toml"
    text, count = RULE.subn(rf"\g<1>{RESERVES}", path.read_text("utf-8"))
    planned = find_first_act(read_answers(round), "amended")
    if planned is None or not count or EventLog(events).last(RulesAmended) is not None:
        return None
    atomic_write(path, text.encode())
    return {
        "resolution": "演练决议〔2020〕2号",
        "reason": "一名评委因病退出，为备公示期间递补，各类候补由5名增为6名",
        "by": ("测试秘书", "测试组长"),
    }
