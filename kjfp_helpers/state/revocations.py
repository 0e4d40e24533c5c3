"""Revoked decisions: which event revokes or replaces which, and which still stand."""

from collections.abc import Iterable, Mapping, Sequence

from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import DecisionRevoked, Event, stored_kind

MIN_DECIDERS = 2
"""So many persons decide together what stands above a computed list."""

REVOCABLE: tuple[type, ...] = (
    kinds.CaseVetoed,
    kinds.SeatAdded,
    kinds.SeatsLeftVacant,
    kinds.LevelConfirmed,
    kinds.ConflictRuled,
    kinds.ScoringClosed,
    kinds.LateScoresRuled,
    kinds.IdentitiesRevealed,
    kinds.BallotVoided,
    kinds.GateWaived,
    kinds.SheetSigned,
    kinds.VisitFindingDecided,
    kinds.ObjectionRuled,
    kinds.CommendationRevoked,
    kinds.AssessmentConfirmed,
    kinds.DiscussionNoted,
    kinds.MeetingHeld,
    kinds.VoterConflictRuled,
)
"""Decisions that :class:`kjfp_helpers.core.events.DecisionRevoked` takes back."""

TAKEN_BACK_BY: Mapping[type, type] = {
    **dict.fromkeys(REVOCABLE, DecisionRevoked),
    kinds.AgendaDrawn: kinds.AgendaDrawn,
    kinds.BallotOpened: kinds.BallotVoided,
    kinds.BallotCounted: kinds.BallotCounted,
    kinds.MemberWithdrawn: kinds.MemberReinstated,
    kinds.MemberReinstated: kinds.MemberWithdrawn,
    kinds.PacketSealed: kinds.PacketReopened,
    kinds.PacketReopened: kinds.PacketSealed,
    kinds.MemberRecused: kinds.ConflictRuled,
    kinds.ScoreGiven: kinds.ScoreGiven,
    kinds.CaseDeferred: kinds.CaseDeferred,
    kinds.SummaryAssessed: kinds.SummaryAssessed,
    kinds.SummaryReadingsAssigned: kinds.SummaryReadingsAssigned,
    kinds.AssessmentPointsRuled: kinds.AssessmentPointsRuled,
    kinds.ExperienceTagged: kinds.ExperienceTagged,
    kinds.SummaryReaderReleased: kinds.SummaryReaderReleased,
    kinds.SummaryHeadsRuled: kinds.SummaryHeadsRuled,
    kinds.SummarySetAside: kinds.SummarySetAside,
    kinds.SummaryTyped: kinds.FormWithdrawn,
    kinds.NomineesChosen: kinds.NomineesChosen,
    kinds.NominationWithdrawn: kinds.NominationRestored,
    kinds.NominationRestored: kinds.NominationWithdrawn,
    kinds.ArrivalRecorded: kinds.ArrivalRecorded,
    kinds.FindingSettled: kinds.FindingReopened,
    kinds.FindingReviewed: kinds.FindingReopened,
    kinds.FindingReopened: kinds.FindingReviewed,
    kinds.FindingAssigned: kinds.FindingAssigned,
    kinds.FieldCorrected: kinds.FieldCorrected,
    kinds.UnitAssigned: kinds.UnitAssigned,
    kinds.VersionChosen: kinds.VersionChosen,
    kinds.SenderRemembered: kinds.SenderRemembered,
    kinds.MaterialClassified: kinds.MaterialClassified,
    kinds.FormEntered: kinds.FormWithdrawn,
    kinds.FormWithdrawn: kinds.FormEntered,
    kinds.DeclarationWithdrawn: kinds.ConflictsDeclared,
    kinds.OfficeConflictWaived: kinds.OfficeConflictWaived,
    kinds.PaperReceived: kinds.FormWithdrawn,
    kinds.CorrectionDeadlineExtended: kinds.CorrectionDeadlineExtended,
    kinds.DocumentDateSet: kinds.DocumentDateSet,
    kinds.RulesFrozen: kinds.RulesAmended,
    kinds.RulesAmended: kinds.RulesAmended,
    kinds.ReadingsAssigned: kinds.ReadingsAssigned,
    **dict.fromkeys(
        (kinds.SamplingFrameFrozen, kinds.SpotCheckDrawn, kinds.LotFrameFrozen, kinds.LotDrawn),
        kinds.LotFrameFrozen,
    ),
    kinds.SpotCheckUnitOrdered: kinds.SpotCheckUnitOrdered,
    kinds.VisitPlanned: kinds.VisitPlanned,
    kinds.VisitFormImported: kinds.VisitImportWithdrawn,
    kinds.VisitImportWithdrawn: kinds.VisitFormImported,
    kinds.VisitFindingReplied: kinds.VisitFindingReplied,
    kinds.SpotCheckClosed: kinds.SpotCheckReopened,
    kinds.SpotCheckReopened: kinds.SpotCheckClosed,
    kinds.ExhibitionItemsDecided: kinds.ExhibitionItemsDecided,
    kinds.NoticePublished: kinds.NoticeWithdrawn,
    kinds.NoticeWithdrawn: kinds.NoticePublished,
    kinds.ObjectionReceived: kinds.ObjectionWithdrawn,
    kinds.ObjectionWithdrawn: kinds.ObjectionReceived,
    kinds.ObjectionAssigned: kinds.ObjectionAssigned,
    kinds.ObjectionInquired: kinds.ObjectionInquired,
    kinds.CommendationIssued: kinds.CommendationWithdrawn,
    kinds.CommendationWithdrawn: kinds.CommendationIssued,
    kinds.PaperOriginalChecked: kinds.PaperOriginalChecked,
}
"""Kind of decision to the kind of event that takes it back or replaces it."""

RECORDS: frozenset[type] = frozenset(
    {
        kinds.RoundOpened,
        kinds.MailReceived,
        kinds.ColumnItemReceived,
        kinds.IntakeRead,
        kinds.OutputsRecorded,
        kinds.UnitReportsVersioned,
        kinds.EarlierLedgerAccepted,
        kinds.VisitFormIssued,
        kinds.MethodsCompared,
        kinds.ShortlistComputed,
        kinds.ConflictsDeclared,
        kinds.LetterIssued,
        kinds.IdentityViewed,
        kinds.ObjectionReplied,
        kinds.ArchiveMade,
        DecisionRevoked,
    }
)
"""What is no decision: what arrived, what the rules gave, what was made of it, what a member
declared (which is only ever added to, and bars by a ruling).

What was taken back is decided anew by recording the decision again.
"""


def has_two_names(by: Iterable[str]) -> bool:
    """Return whether two different persons are named.

    Examples
    --------
    >>> has_two_names(("张三", " 张三 ")), has_two_names(("张三", "李四"))
    (False, True)
    """
    return len({name.strip() for name in by} - {""}) >= MIN_DECIDERS


def list_revoked(events: Iterable[Event]) -> dict[int, Event]:
    """Return what was taken back: number of the decision to the event that did it.

    One without two names, or about an event of another kind, takes nothing back.
    """
    known: dict[int, type] = {}
    revoked: dict[int, Event] = {}
    for event in events:
        body = event.body
        if isinstance(body, DecisionRevoked):
            if known.get(body.decision) in REVOCABLE and has_two_names(body.by):
                revoked.setdefault(body.decision, event)
        else:
            known[event.seq] = type(body)
    return revoked


def standing_events(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return the events without the decisions that were taken back, and what took them back."""
    revoked = list_revoked(events)
    if not revoked:
        return tuple(events)
    back = {event.seq for event in revoked.values()}
    return tuple(one for one in events if one.seq not in revoked and one.seq not in back)


def make_revocation(
    events: Sequence[Event], decision: int, *, reason: str, document: str, by: Sequence[str]
) -> DecisionRevoked:
    """Return the event that takes a decision back, checked.

    Parameters
    ----------
    events : sequence of Event
        The ledger.
    decision : int
        Number of the decision in the ledger.
    reason, document : str
        Why, and the document or resolution.
    by : sequence of str
        The two persons who decided.

    Raises
    ------
    ParameterError
        When something is missing, or there is no such decision to be taken back.
    """
    body = next((event.body for event in events if event.seq == decision), None)
    if not isinstance(body, REVOCABLE) or decision in list_revoked(events):
        raise ParameterError(
            "撤销决定",
            expected="尚有效的决定",
            found=f"台账第{decision}条",
            advice="刷新页面，从“已作出的决定”中选",
        )
    require_grounds("撤销决定", reason, document, by)
    return DecisionRevoked(
        decision=decision,
        decided=stored_kind(type(body)),
        reason=reason.strip(),
        document=document.strip(),
        by=tuple(by),
        member=getattr(body, "member", None),
    )


def require_grounds(where: str, reason: str, document: str, by: Iterable[str]) -> None:
    """Refuse a decision without reason, document or two names.

    Raises
    ------
    ParameterError
    """
    lacking = [
        title
        for title, said in (("理由", reason), ("文件或会议记录", document))
        if not said.strip()
    ]
    if lacking:
        raise ParameterError(
            where, expected="写明理由和文件", found=f"未填{'、'.join(lacking)}", advice="补上"
        )
    if not has_two_names(by):
        raise ParameterError(
            where,
            expected="两名不同的人",
            found="、".join(by) or "未填",
            advice="补上两名经办人的姓名",
        )
