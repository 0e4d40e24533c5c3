"""What a returned packet changes: never more than was typed, never over a newer mark unasked."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.core.events import MemberRecused, ScoreGiven
from kjfp_helpers.panel_review.scoring.case_scores import CaseScores as Held
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.panel_review.scoring.returned_packet_merge import ReturnedRow, merge_returned_rows
from support.rounds.panels_and_scores import case

CASES = tuple(f"T{number}-1" for number in (11, 12, 13))
ROW = st.builds(
    ReturnedRow,
    scores=st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from([60.0, 70.0])),
    comment=st.sampled_from(["", "有出处"]),
    reason=st.sampled_from(["", "", "同单位"]),
)
ROWS = st.fixed_dictionaries(dict.fromkeys(CASES, ROW))


def packet(rows, seq):
    marks = {
        name: Held(scores=dict(row.scores), comment=row.comment, seq=seq[name])
        for name, row in rows.items()
    }
    cases = {name: case(unit=name[1:3]) for name in rows}
    numbers = {name: number for number, name in enumerate(rows, 1)}
    return MemberPacket(
        member="M01", code="M01-X", rubric=None, cases=cases, numbers=numbers, scores=marks
    )


def blank(row):
    return ReturnedRow(scores=row.scores, comment=row.comment)


def clears(row, held):
    """Whether a row leaves blank a mark or a comment that the ledger holds."""
    return not set(held.scores) <= set(row.scores) or bool(held.comment and not row.comment)


@given(
    exported=ROWS,
    later=ROWS,
    typed=ROWS,
    take=st.booleans(),
    moved=st.sets(st.sampled_from(CASES)),
    gone=st.sets(st.sampled_from(CASES)),
)
def test_every_changed_row_is_taken_shown_or_told_and_no_other(
    exported, later, typed, take, moved, gone
):
    exported = {name: blank(row) for name, row in exported.items()}
    base = packet(exported, dict.fromkeys(CASES, 5))
    stands = {name: blank(later[name]) if name in moved else exported[name] for name in CASES}
    now = packet(stands, {name: 9 if name in moved else 5 for name in CASES})
    for name in gone:
        del now.cases[name], now.scores[name]
    before = deepcopy(now.scores)
    told = merge_returned_rows(base, now, exported, typed, imported_edits=(), prefer_file=take)
    given_ = {body.case: body for body in told.decisions}
    assert len(given_) == len(told.decisions) and now.scores == before
    for name in CASES:
        row, changed = typed[name], typed[name] != exported[name]
        conflict = [one for one in (*told.conflicts, *told.replaced) if one.case == name]
        assert (name in told.removed_cases) == (changed and name in gone)
        if not changed or name in gone:
            assert name not in given_ and not conflict
        elif row.reason:
            assert given_[name] == MemberRecused(member="M01", case=name, reason=row.reason)
        elif row.matches(before[name]):
            assert name not in given_ and not conflict
        else:
            asked = name in moved or clears(row, before[name])
            assert bool(conflict) == asked
            assert (name in given_) == (take or not asked)
            if name in given_:
                assert isinstance(given_[name], ScoreGiven)
                assert given_[name].scores == row.scores and given_[name].comment == row.comment


@given(exported=ROWS, typed=ROWS)
def test_what_was_taken_once_is_not_taken_again_after_it_was_changed(exported, typed):
    exported = {name: blank(row) for name, row in exported.items()}
    typed = {name: blank(row) for name, row in typed.items()}
    base = packet(exported, dict.fromkeys(CASES, 5))
    first = merge_returned_rows(base, base, exported, typed, imported_edits=(), prefer_file=False)
    names = {body.edit for body in first.decisions}
    changed = packet(dict.fromkeys(CASES, ReturnedRow(scores={"a": 1.0})), dict.fromkeys(CASES, 9))
    again = merge_returned_rows(
        base, changed, exported, typed, imported_edits=names, prefer_file=False
    )
    waiting = {one.case for one in first.conflicts}
    assert not again.decisions and {one.case for one in again.conflicts} <= waiting
