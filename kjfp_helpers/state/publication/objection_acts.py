"""Events of the acts on objections, each checked before it is recorded; and who objects."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import (
    IdentityViewed,
    ObjectionAssigned,
    ObjectionInquired,
    ObjectionReceived,
    ObjectionRuled,
    ObjectionWithdrawn,
)
from kjfp_helpers.core.state_labels import CHANNELS, OUTCOMES, UNFOUNDED
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.office_conflicts import conflict_error
from kjfp_helpers.state.publication.objection_files import ObjectionFiles, Objector
from kjfp_helpers.state.publication.objections import Objection, list_objections
from kjfp_helpers.state.revocations import has_two_names


def find_objection(session: RoundSession, number: int) -> Objection:
    """Return an objection by its number.

    Raises
    ------
    ParameterError
        When there is none of that number.
    """
    for objection in list_objections(session.ledger.events(), _zone(session)):
        if objection.number == number:
            return objection
    raise ParameterError(
        "异议编号", expected="已登记的编号", found=f"第{number}号", advice="先登记异议，或核对编号"
    )


def make_receipt(
    session: RoundSession,
    *,
    cases: Sequence[str],
    at: datetime,
    channel: str,
    subject: str,
    objector: Objector | None = None,
    evidence: Sequence[tuple[str, bytes]] = (),
    number: int = 0,
) -> ObjectionReceived:
    """Return the event that enters an objection; its files are kept apart from the ledger.

    Parameters
    ----------
    cases : sequence of str
        Ids of the nominees it is about; may be empty where it is about the procedure.
    at : datetime
        When it came; without a zone it is in the round's.
    channel : str
        One of :data:`~kjfp_helpers.core.state_labels.CHANNELS`.
    subject : str
        What it says.
    objector : Objector, optional
        Who objects; ``None`` for an anonymous one.
    evidence : sequence of tuple of str and bytes
        Name and content of the files that came with it.
    number : int
        An objection entered before, to be replaced; 0 for a new one, whose number is drawn where
        it is recorded. Objector and files of an earlier one stay where none are given.

    Raises
    ------
    ParameterError
        When something is missing or unknown.
    OutputError
        When a file cannot be kept.
    """
    known = session.current_state().screening.case_by_id
    unknown = [case for case in cases if case not in known]
    _require(not unknown, "异议对象", "本轮的推荐对象编号，如 T11-1", "、".join(unknown))
    _require(channel in CHANNELS, "来源方式", "、".join(CHANNELS), channel)
    _require(bool(subject.strip()), "异议内容", "写明反映的问题", "空缺")
    _require(objector is None or bool(objector.name.strip()), "署名", "反映人姓名", "空缺")
    zone = ZoneInfo(_zone(session))
    earlier = find_objection(session, number) if number else None
    if earlier is not None:
        _require_no_strike(earlier)
    files = ObjectionFiles(session.round.folder)
    moment = at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)
    kept = earlier.received.body if earlier else None
    identity = kept.identity if kept else ""
    return ObjectionReceived(
        number=number,
        cases=tuple(dict.fromkeys(cases)),
        at=moment.isoformat(timespec="minutes"),
        channel=channel,
        subject=subject.strip(),
        identity=files.store_identity(objector) if objector else identity,
        evidence=(*(kept.evidence if kept else ()), *files.store_evidence(evidence)),
    )


def make_assignment(
    session: RoundSession, number: int, inquirers: Sequence[str], reason: str = ""
) -> ObjectionAssigned:
    """Return the event that names who inquires into an objection; the last naming holds.

    Who is tied to a case of the objection is refused when it is recorded.

    Raises
    ------
    ParameterError
        When nobody is named, or there is no such objection.
    """
    find_objection(session, number)
    names = tuple(name.strip() for name in inquirers if name.strip())
    _require(bool(names), "核查人", "至少一人", "空缺")
    return ObjectionAssigned(number=number, inquirers=names, reason=reason)


def make_inquiry(
    session: RoundSession, number: int, *, findings: str, document: str, by: Sequence[str]
) -> ObjectionInquired:
    """Return the event of what the inquiry found.

    Raises
    ------
    ParameterError
        When findings, document or names are missing, or there is no such objection.
    """
    find_objection(session, number)
    _require(bool(findings.strip()), "核查结果", "写明查明的事实", "空缺")
    _require(bool(document.strip()), "核查报告", "报告名称或文号", "空缺")
    names = tuple(name.strip() for name in by if name.strip())
    _require(bool(names), "核查人", "至少一人", "空缺")
    return ObjectionInquired(
        number=number, findings=findings.strip(), document=document.strip(), by=names
    )


def make_ruling(
    objection: Objection,
    *,
    outcome: str,
    struck: Sequence[str],
    reason: str,
    document: str,
    by: Sequence[str],
) -> ObjectionRuled:
    """Return the ruling on an objection, checked.

    Raises
    ------
    ParameterError
        When something is missing, the names are not two persons, nobody inquired into a named
        objection, or a case is struck that it is not about or that it found nothing against.
    """
    _require(objection.withdrawn is None, f"第{objection.number}号异议", "没有撤回", "已撤回")
    _require(outcome in OUTCOMES, "裁定", "、".join(OUTCOMES), outcome)
    inquired = objection.inquired is not None or outcome == OUTCOMES[-1]
    _require(inquired, f"第{objection.number}号异议", "先登记核查结果", "没有核查")
    other = [case for case in struck if case not in objection.received.body.cases]
    _require(not other, "撤下名单", "异议所指的推荐对象", "、".join(other))
    is_clear = outcome in (UNFOUNDED, OUTCOMES[-1])
    _require(not (struck and is_clear), "撤下名单", f"裁定为{outcome}的不撤下", "、".join(struck))
    _require(bool(reason.strip() and document.strip()), "裁定", "理由和文件", "有空缺")
    _require(has_two_names(by), "裁定", "由两人决定", "、".join(by))
    return ObjectionRuled(
        number=objection.number,
        outcome=outcome,
        struck=tuple(dict.fromkeys(struck)),
        reason=reason.strip(),
        document=document.strip(),
        by=tuple(name.strip() for name in by),
    )


def make_withdrawal(session: RoundSession, number: int, reason: str) -> ObjectionWithdrawn:
    """Return the event that takes an objection back, or one that was entered by mistake.

    Raises
    ------
    ParameterError
        When no reason is given, there is no such objection, or a name was struck for it.
    """
    _require_no_strike(find_objection(session, number))
    _require(bool(reason.strip()), "撤回异议", "写明理由", "空缺")
    return ObjectionWithdrawn(number=number, reason=reason.strip())


def view_objector(session: RoundSession, number: int) -> Objector | None:
    """Return who objects, ``None`` for an anonymous objection; that it was looked at is recorded.

    Raises
    ------
    AccessError
        When this account may not, or is tied to a case of the objection.
    OutputError
        When the file is missing or altered.
    """
    received = find_objection(session, number).received.body
    digest = received.identity
    if not digest:
        return None
    state = session.current_state()
    refused = conflict_error(state, session.access(), IdentityViewed, received.cases)
    if refused:
        raise refused
    session.record(IdentityViewed(subject=f"第{number}号异议", field="署名"))
    return ObjectionFiles(session.round.folder).read_identity(number, digest)


def _require_no_strike(objection: Objection) -> None:
    """Refuse to change an objection for which a name was struck: the ruling goes first."""
    ruled = objection.ruled
    if ruled is not None and ruled.body.struck:
        raise ParameterError(
            f"第{objection.number}号异议",
            expected="没有因此撤下名单的裁定",
            found=f"台账第{ruled.seq}条已撤下名单",
            advice="先在“结果与入围”页“已作出的决定”里撤销该裁定",
        )


def _zone(session: RoundSession) -> str:
    return session.round.notice.round.timezone


def _require(holds: bool, where: str, expected: str, found: str) -> None:
    if not holds:
        raise ParameterError(where, expected=expected, found=found or "空缺", advice="请补正后重试")
