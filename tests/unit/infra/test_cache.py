"""What costly work made is kept by all it came from, and what is not sure to be that is made anew."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.eligibility.duplicates.text_overlap import decode_overlaps, find_overlaps
from kjfp_helpers.infra.cache import DiskCache, call_uncached
from kjfp_helpers.selection import rank_cases
from kjfp_helpers.selection.ranking.case_ranking import read_ranking
from kjfp_helpers.state.round_state import derive_state
from kjfp_helpers.state.stages.stage_digest import digest_stage
from support.rounds.report_round import make_state
from support.thoroughness import times

STORY = "他带领乡亲们种植茶叶，建起了合作社，三年里让全村人都脱了贫，大家都说这条路走对了。"
FRAMES = ("table", "members", "scores")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "recall"


class Count:
    """Work that counts how often it was done."""

    def __init__(self):
        self.times = 0

    def double(self, number):
        self.times += 1
        return 2 * number


def test_the_same_is_worked_out_once_and_anything_else_anew(folder):
    count = Count()
    for made_with in ("one", "one", "two"):
        memory = DiskCache(folder, made_with)
        assert [memory(count.double, number, decode=int) for number in (3, 3, 4)] == [6, 6, 8]
    assert count.times == 4


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"6", b"7")),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
    ],
)
def test_a_torn_altered_or_lost_file_is_made_anew_with_the_same_bytes(folder, harm):
    count = Count()
    DiskCache(folder, "one")(count.double, 3, decode=int)
    (path,) = folder.iterdir()
    before = path.read_bytes()
    harm(path)
    assert DiskCache(folder, "one")(count.double, 3, decode=int) == 6
    assert count.times == 2 and path.read_bytes() == before


def test_where_nothing_can_be_kept_all_is_worked_out(tmp_path):
    (tmp_path / "file").touch()
    memory = DiskCache(tmp_path / "file" / "recall", "made")
    assert memory(sum, [1, 2], decode=int) == memory(sum, [1, 2], decode=int) == 3


def test_nothing_stays_that_nobody_asked_for(folder):
    count, old = Count(), DiskCache(folder, "one")
    for number in range(5):
        old(count.double, number, decode=int)
    (folder / "left.json.tmp").write_text("half a file")
    now = DiskCache(folder, "one")
    now(count.double, 3, decode=int)
    now.remove_unused()
    (path,) = folder.iterdir()
    assert json.loads(path.read_bytes().split(b"\n", 1)[1]) == 6


def test_asked_for_fresh_work_it_works_out_what_stands_and_leaves_the_same_bytes(folder):
    count = Count()
    DiskCache(folder, "one")(count.double, 3, decode=int)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    DiskCache(folder, "one", fresh=True)(count.double, 3, decode=int)
    assert count.times == 2
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def _compute_and_reload(tmp_path_factory, work, decode, *given, **named):
    """Return what was worked out, and the same as a later process recalls it."""
    folder = tmp_path_factory.mktemp("recall")
    made = DiskCache(folder, "one")(work, *given, decode=decode, **named)

    def never(*_, **__):
        raise AssertionError("worked out again")

    never.__module__, never.__qualname__ = work.__module__, work.__qualname__
    return made, DiskCache(folder, "one")(never, *given, decode=decode, **named)


MARKS = st.lists(
    st.tuples(
        st.sampled_from("ABCD"),
        st.sampled_from(["T1", "T2", "T3", "T4", "T5"]),
        st.floats(0, 100) | st.none(),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda row: row[:2],
).filter(lambda rows: any(row[2] is not None for row in rows))


@pytest.mark.slow
@settings(deadline=None, max_examples=times(13, 40))
@given(rows=MARKS, method=st.sampled_from(["mean", "trimmed", "standard", "adjusted"]))
def test_a_ranking_comes_back_to_the_last_bit(tmp_path_factory, rows, method):
    totals = pd.DataFrame(rows, columns=["member", "case", "total"]).astype({"total": float})
    made, again = _compute_and_reload(
        tmp_path_factory, rank_cases, read_ranking, totals, seats=2, method=method, quorum=1
    )
    for name in FRAMES:
        one, other = getattr(made, name), getattr(again, name)
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    plain = [name for name in vars(made) if name not in (*FRAMES, "agreement")]
    assert [getattr(made, name) for name in plain] == [getattr(again, name) for name in plain]
    assert str(made.agreement) == str(again.agreement)


@settings(deadline=None, max_examples=times(13, 40))
@given(
    st.lists(
        st.sampled_from(
            ["\ud800" + STORY * 4, STORY * 4, STORY * 2, STORY[5:] * 3, "另一件事。" * 30]
        ),
        max_size=4,
    )
)
def test_overlaps_come_back_as_they_were(tmp_path_factory, stories):
    deeds = {f"T{number}": story for number, story in enumerate(stories)}
    made, again = _compute_and_reload(tmp_path_factory, find_overlaps, decode_overlaps, deeds, [])
    assert made == again


@pytest.mark.slow
def test_a_round_derived_from_memory_is_the_round_worked_out(tmp_path):
    state = make_state(tmp_path / "round")
    given = (state.round, state.submissions.original_intake, state.events)
    fresh = derive_state(*given, call_uncached)
    for _ in range(2):  # the second time all is recalled
        kept = derive_state(*given, DiskCache(tmp_path / "recall", "one"))
        assert digest_stage(kept.screening) == digest_stage(fresh.screening)
        assert kept.decision.problems == fresh.decision.problems
        pd.testing.assert_frame_equal(
            kept.decision.shortlist, fresh.decision.shortlist, check_exact=True
        )
    assert kept.scores.rankings.keys() == fresh.scores.rankings.keys() != set()
    assert np.array_equal(*(each.scores.rankings["team"].table["p_in"] for each in (kept, fresh)))
    # figures, stories, their own figures, summaries, their outlines, pictures, two rankings
    assert len(list((tmp_path / "recall").iterdir())) == 8
