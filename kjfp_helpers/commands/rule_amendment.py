"""``kjfp amend``: record amendments of the frozen rules by a resolution."""

from collections.abc import Sequence

from kjfp_helpers.commands.decision_options import require_particulars
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import DifferenceError
from kjfp_helpers.core.events import Event, RulesAmended
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.rules import RuleChange
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.frozen_rules import (
    Frozen,
    freeze_state,
    has_scores,
    last_freeze,
    rule_changes,
)


def amend(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    resolution: str = "",
    reason: str = "",
    by: Sequence[str] = (),
) -> StepResult:
    """Record that a resolution changed the frozen rules after scores were given.

    Without ``resolution``, ``reason`` and ``by`` it lists the differences and records nothing.

    Parameters
    ----------
    resolution, reason : str
        Number of the resolution, and the reason.
    by : sequence of str
        The two persons who record it.

    Raises
    ------
    DifferenceError
        When there is nothing to amend, or the new rules lack a unit that the ledger names.
    ParameterError
        When one of resolution, reason and two names is missing.
    """
    events = session.ledger.events()
    frozen = _require_amendable(session, events)
    changes = rule_changes(session.round, frozen)
    listed = tuple(map(str, changes))
    if not (resolution or reason or by):
        advice = (
            "以上为与冻结时的差别，未记入台账；"
            "确认的加 --resolution 文号 --reason 理由 --by 姓名 --by 姓名"
        )
        return StepResult(notes=(*listed, advice))
    names = require_particulars(
        "规则修订",
        "写明决议文号、理由和两名经办人",
        {"--resolution": resolution, "--reason": reason},
        by,
    )
    _require_named_rows(session, changes)
    # deriving the state refuses rules that cannot be applied
    problems = session.current_state(require_frozen=False).decision.problems
    body = RulesAmended(
        digest=session.round.digest,
        files=dict(session.round.files),
        texts=dict(session.round.texts),
        changes=tuple((file, key, before, after) for file, key, before, after in changes),
        resolution=resolution.strip(),
        reason=reason.strip(),
        by=names,
    )
    (event,) = session.record(body)
    done = f"修订已记入台账第{event.seq}条；此后的文件都注明这次修订，请重新生成名单和报告"
    return StepResult(made=len(changes), notes=(*listed, done, *problems))


def _require_amendable(session: RoundSession, events: Sequence[Event]) -> Frozen:
    """Return the frozen rules; require that the files differ and scores were given."""
    where, name = "规则修订", session.round.name
    frozen = last_freeze(events)
    if frozen is None:
        raise DifferenceError(
            where,
            expected="规则已冻结",
            found="尚未冻结",
            advice=f"直接修改规则文件，定稿后运行 kjfp assign {name}",
        )
    if freeze_state(session.round, events) == "frozen":
        raise DifferenceError(
            where,
            expected="规则文件与冻结时有差别",
            found="没有差别",
            advice="先按决议修改规则文件，再运行本命令",
        )
    if not has_scores(events):
        raise DifferenceError(
            where,
            expected="已有评分",
            found="尚无评分",
            advice=f"不必修订；运行 kjfp assign {name} 按新规则重新冻结、分派",
        )
    return frozen


def _require_named_rows(session: RoundSession, changes: Sequence[RuleChange]) -> None:
    """Refuse to remove a unit whose mail is in: documents and ledger name it."""
    if not any(change.file == "units.csv" for change in changes):
        return
    read = session.load_intake()
    named = {mail.unit for mail in read.mails} | {record.unit for record in read.records}
    gone = sorted(named - {""} - session.round.unit_by_code.keys())
    if gone:
        raise DifferenceError(
            "规则修订",
            expected="units.csv 保留已有来件的单位",
            found=f"删去了 {'、'.join(gone)}",
            advice="恢复这些行",
        )
