"""Export of a member's workbook, and import of a returned one by three-way merge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kjfp_helpers.commands.packets.import_messages import import_notes
from kjfp_helpers.core.errors import PacketError, os_error_reason
from kjfp_helpers.core.events import ConflictsDeclared, Event, EventBody, EventLog, ScoreGiven
from kjfp_helpers.core.records import Case
from kjfp_helpers.panel_review import describe_barred_units
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.panel_review.scoring.returned_packet_merge import MergeResult, merge_returned_rows
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.packets.packet_conflicts import MergeConflict, list_merge_conflicts
from kjfp_helpers.reports.office.packets.packet_layout import case_rows
from kjfp_helpers.reports.office.packets.packet_parser import (
    parse_rows,
    read_cover,
    read_declaration,
)
from kjfp_helpers.reports.office.packets.packet_workbook import PacketStamp, build_packet_workbook
from kjfp_helpers.reports.office.packets.returned_cells import read_cells
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.anonymization.anonymized_case import AnonymizedCase, anonymize_case
from kjfp_helpers.state.frozen_rules import require_frozen_rules, rules_in_force
from kjfp_helpers.state.panel.packet_building import build_packet
from kjfp_helpers.state.round_state import state_as_of


class WorkbookExports:
    """Members' workbooks as exported at any head of the ledger."""

    def __init__(self, session: RoundSession) -> None:
        self.session, self.events = session, session.ledger.events()
        session.current_state()  # reports missing panel members first
        require_frozen_rules(session.round, self.events, strict=True)
        self._states: dict[int, RoundState] = {}
        self._anonymized: dict[tuple[int, str, bool], AnonymizedCase] = {}

    def packet(self, member: str, seq: int) -> MemberPacket:
        """Return a member's packet as it stood after an event."""
        return build_packet(self._state_at(seq), member)

    def export_workbook(self, member: str, seq: int) -> bytes:
        """Return the bytes of a member's workbook as exported after an event."""
        state = self._state_at(seq)
        round_ = state.round
        packet, who = build_packet(state, member), round_.member_by_id[member]
        stamp = PacketStamp(
            title=round_.notice.round.title,
            rehearsal=round_.rehearsal,
            member=member,
            name=who.name,
            found=describe_barred_units(round_, who),
            seq=seq,
            amendments=round_.amendments,
            hash=self.events[seq - 1].hash,
            rules=round_.digest,
        )
        named = packet.revealed_at is not None
        cases = {id: self._case(seq, case, named=named) for id, case in packet.cases.items()}
        return build_packet_workbook(packet, cases, stamp)

    def _case(self, seq: int, case: Case, *, named: bool) -> AnonymizedCase:
        """Return the anonymized case, made once for all its readers."""
        key = seq, case.id, named
        if key not in self._anonymized:
            self._anonymized[key] = anonymize_case(self._state_at(seq), case, named=named)
        return self._anonymized[key]

    def _state_at(self, seq: int) -> RoundState:
        now = self.session.current_state()
        if seq == len(now.events):
            return now
        if seq not in self._states:
            self._states[seq] = state_as_of(
                self.session.round, self.session.load_intake(), self.events[:seq]
            )
        return self._states[seq]


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """Result of an import; notes, failures and conflicts are Chinese."""

    made: int
    notes: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    conflicts: tuple[MergeConflict, ...] = ()


Drafts = dict[str, tuple[MemberPacket, set[str]]]
"""Member to the packet as a preview left it, and the ids of the edits in it."""


class ReturnedWorkbook:
    """A member's workbook as filled in and returned.

    Raises
    ------
    PacketError
        When nothing of it can be imported: it is no packet of this ledger, or altered throughout.
    """

    def __init__(self, exports: WorkbookExports, path: Path) -> None:
        self._session, self._name = exports.session, formatting.to_single_line(path.name, 60)
        data = _read_bytes(path)
        self._cells = cells = read_cells(self._name, data)
        stamp = read_cover(self._name, cells)
        self.member, seq = stamp["member"], int(stamp["seq"])
        self._require_same_origin(exports, stamp["hash"], stamp["rules"], seq)
        self.base = exports.packet(self.member, seq)
        if stamp["packet"] != self.base.code:
            raise self._packet_error(f"卷号{self.base.code}", f"卷号{stamp['packet']}")
        fresh = exports.export_workbook(self.member, seq)
        self.untouched = fresh == data
        exported = read_cells(self._name, fresh)
        self.reading = parse_rows(self._name, self.base, exported, cells)
        self._exported = parse_rows(self._name, self.base, exported, exported).rows

    def _require_same_origin(
        self, exports: WorkbookExports, hash_: str, rules: str, seq: int
    ) -> None:
        """Require that ledger, member and rules on the cover are those of this round."""
        events, round_ = exports.events, exports.session.current_state().round
        if seq > len(events) or events[seq - 1].hash != hash_:
            raise self._packet_error("本轮次台账导出的评分表", f"台账第{seq}号的校验值不符")
        if self.member not in round_.member_by_id:
            raise self._packet_error("本轮次评委的评分表", f"评委编号“{self.member}”")
        if rules != rules_in_force(round_, events[:seq]).digest:
            raise self._packet_error("导出时的规则", "规则文件在导出后有改动")

    def has_pending_changes(self) -> bool:
        """Whether it holds anything that the ledger lacks."""
        if self.untouched:
            return False
        now, imported = self._current_packet()
        try:
            statement = self._statement(now)
        except PacketError:
            statement = None
        if now.code != self.base.code or self.reading.faults:
            return True
        merged = self._merge(now, imported, prefer_file=False)
        declares = statement is not None and self._adds_declaration(now, statement)
        return bool(merged.decisions or merged.conflicts) or declares

    def record(self, *, prefer_file: bool) -> ImportResult:
        """Record what the member changed since the export, in one transaction.

        Raises
        ------
        PacketError
            When the packet was sealed or assigned anew meanwhile, or the declaration is missing.
        LedgerError
            When nothing was written.
        """
        now, imported = self._current_packet()
        statement = self._statement(now)
        merges: list[MergeResult] = []

        def choose(news: Sequence[Event]) -> Iterable[EventBody]:
            for event in news:  # passed again where a lost connection caused a retry
                if event.seq > now.last_seq:
                    now.apply(event)
            edits = imported | _edit_ids(news, self.member)
            bodies, merged = self._plan(now, edits, statement, prefer_file=prefer_file)
            merges[:] = [merged]
            return bodies

        events = self._session.record_atomically(choose, after=now.last_seq, actor=self._actor)
        return self._import_result(now, merges[0], events, statement)

    def preview(self, drafts: Drafts, *, prefer_file: bool) -> ImportResult:
        """Return what :meth:`record` would; a second copy is compared with the first one's draft.

        Raises
        ------
        PacketError, AccessError
            As :meth:`record` does.
        """
        if self.member not in drafts:
            drafts[self.member] = self._current_packet()
        now, imported = drafts[self.member]
        statement = self._statement(now)
        bodies, merged = self._plan(now, imported, statement, prefer_file=prefer_file)
        self._session.access().require_record(bodies)
        at, actor, last = self._session.now(), self._actor, now.last_seq
        events = [
            Event(seq=last + number, at=at, actor=actor, body=body)
            for number, body in enumerate(bodies, start=1)
        ]
        imported |= _edit_ids(events, self.member)
        return self._import_result(now, merged, events, statement, is_draft=True)

    def _plan(
        self, now: MemberPacket, imported: set[str], statement: str | None, *, prefer_file: bool
    ) -> tuple[list[EventBody], MergeResult]:
        """Return the events to record, and the merge that they come from."""
        text = statement or ""
        declared = [self._declaration(text)] if self._adds_declaration(now, text) else []
        if declared and now.declared and not now.departure and not self._is_open(now):
            return [*declared], MergeResult()  # recorded at any time, scores are not
        self._require_open(now)
        merged = self._merge(now, imported, prefer_file=prefer_file)
        return [*declared, *merged.decisions], merged

    @property
    def _actor(self) -> str:
        return self._session.actor_label(ScoreGiven, f"{self.member} 评分表", self.member)

    def _current_packet(self) -> tuple[MemberPacket, set[str]]:
        state = self._session.current_state()
        return build_packet(state, self.member), _edit_ids(state.events, self.member)

    def _merge(self, now: MemberPacket, imported: set[str], *, prefer_file: bool) -> MergeResult:
        return merge_returned_rows(
            self.base,
            now,
            self._exported,
            self.reading.rows,
            imported_edits=imported,
            prefer_file=prefer_file,
        )

    def _is_open(self, now: MemberPacket) -> bool:
        """Whether scores may be imported: not sealed, and assigned as when it was exported."""
        return not (now.sealed or now.outdated or now.code != self.base.code)

    def _require_open(self, now: MemberPacket) -> None:
        if now.departure is not None:
            raise PacketError(
                self._name,
                expected="在任评委的评分表",
                found=f"{now.member} 已退出",
                advice="不再导入；台账中的评分不变",
            )
        if now.outdated or now.code != self.base.code:
            raise self._packet_error("现行分派的评分表", "分派已有变动")
        if now.sealed:
            raise PacketError(
                self._name,
                expected="未封存的卷",
                found=f"已封存（台账第{now.sealed}号）",
                advice="由评委本人写明理由启封后重新导入",
            )

    def _statement(self, now: MemberPacket) -> str | None:
        declared = now.declared is not None
        return read_declaration(self._name, self.base, self._cells, declared=declared)

    @staticmethod
    def _adds_declaration(now: MemberPacket, statement: str) -> bool:
        """Whether a statement is the first, or names a relationship that earlier ones do not."""
        return now.declared is None or now.adds_relationship(statement)

    def _declaration(self, statement: str) -> ConflictsDeclared:
        round_ = self._session.current_state().round
        found = describe_barred_units(round_, round_.member_by_id[self.member])
        return ConflictsDeclared(member=self.member, found=found, statement=statement)

    def _import_result(
        self,
        now: MemberPacket,
        merged: MergeResult,
        events: Sequence[Event],
        statement: str | None,
        *,
        is_draft: bool = False,
    ) -> ImportResult:
        for event in events:
            now.apply(event)
        notes = import_notes(self.base, now, merged, events, statement, is_draft=is_draft)
        if is_draft:
            name = self._session.round.member_by_id[self.member].name
            notes.insert(0, f"评委 {self.member} {name}的评分表")
        if not self._is_open(now):
            notes.append("本卷已封存或分派已有变动：只收补充的回避声明，评分未采用")
        rows = {row.case: row for row in case_rows(self.base)}
        return ImportResult(
            made=len(merged.decisions),
            notes=tuple(f"{self._name}：{line}" for line in notes),
            failed=tuple(f"{self._name} {fault}" for fault in self.reading.faults),
            conflicts=tuple(
                difference
                for conflict in merged.conflicts
                for difference in list_merge_conflicts(
                    self._name, self.base, rows[conflict.case], conflict
                )
            ),
        )

    def _packet_error(self, expected: str, found: str) -> PacketError:
        return PacketError(
            self._name, expected=expected, found=found, advice="重新导出评分表填写，或核对轮次"
        )


def _edit_ids(events: Iterable[Event], member: str) -> set[str]:
    return {
        event.body.edit for event in EventLog(events).of(ScoreGiven) if event.body.member == member
    }


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PacketError(
            path.name,
            expected="可以读取的评分表",
            found=f"不能读取（{os_error_reason(error)}）",
            advice="核对文件名和权限",
        ) from error
