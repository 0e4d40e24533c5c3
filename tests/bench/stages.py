"""What a change costs: CPU seconds until the state is whole again, with and without kept stages.

    python tests/bench/stages.py ROUND     # a finished round; it is copied, never changed

For one saved score and for one corrected field, the same events in the same process, in turns:
*anew* reads the ledger and derives all four stages from nothing, *kept* asks the open session.
Then the ranking of each kind by itself (in a round whose scoring has closed a further score does
not count, so that *kept* ranks nothing), and the first state of a command, without and with the
screening that an earlier one left.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from kjfp_helpers.core.events import FieldCorrected, ScoreGiven
from kjfp_helpers.selection import rank_cases
from kjfp_helpers.state import RoundSession, derive_state
from kjfp_helpers.state.stages.stage_digest import digest_stage

STAGES = ("submissions", "screening", "scores", "decision")


def seconds(make):
    """Return CPU seconds of each stage, and the state."""
    start = time.process_time()
    state = make()
    spent = [time.process_time() - start]
    for stage in STAGES:
        start = time.process_time()
        getattr(state, stage)
        spent.append(time.process_time() - start)
    return spent, state


def copied(round_folder, root):
    """Copy rules, ledger and intake result; pictures are not needed."""
    folder = root / round_folder.name
    (folder / "received").mkdir(parents=True)
    for path in (*round_folder.glob("*.*"), round_folder / "received" / "intake.json"):
        if path.is_file():
            shutil.copy(path, folder / path.relative_to(round_folder))
    return folder


def shown(name, spent):
    parts = "  ".join(
        f"{stage} {value:.3f}" for stage, value in zip(("read", *STAGES), spent, strict=True)
    )
    return f"{name:22}{sum(spent):7.3f}   {parts}"


def changes(session, runs):
    """Yield the name of a change and what records it."""
    state = session.current_state()
    mark = state.events.last(ScoreGiven)
    case = next(one for one in state.screening.cases if one.kind == "individual")
    for number in range(runs):
        scores = {name: 60.0 + number for name in mark.scores}
        yield "one score", replace(mark, scores=scores, edit=f"bench{number}")
    for number in range(runs):
        yield (
            "one correction",
            FieldCorrected(
                record=case.record.id, field="title", old=None, new=f"研究员{number}", reason="原件"
            ),
        )


def measure_changes(session, runs):
    spent = {}
    for name, body in changes(session, runs):
        session.record(body)
        kept, mine = seconds(session.current_state)
        anew, fresh = seconds(
            lambda: derive_state(session.round, session.load_intake(), session.ledger.events())
        )
        assert all(
            digest_stage(getattr(mine, stage)) == digest_stage(getattr(fresh, stage))
            for stage in STAGES
        )
        for way, values in (("anew", anew), ("kept", kept)):
            spent.setdefault((name, way), []).append(values)
    medians = {
        key: min(rows, key=lambda row: abs(sum(row) - statistics.median(map(sum, rows))))
        for key, rows in spent.items()
    }
    for (name, way), values in medians.items():
        print(shown(f"{name}, {way}", values))
    for name in dict.fromkeys(name for name, _ in medians):
        ratio = sum(medians[name, "anew"]) / sum(medians[name, "kept"])
        print(f"{name}: {ratio:.1f} times less")


def measure_rankings(state, runs):
    ruling, totals = state.round.notice.ruling, state.scores.tables.totals
    for kind in state.scores.rankings:
        ids = {case.id for case in state.screening.eligible_cases if case.kind == kind}
        own, spent = totals[totals["case"].isin(ids)], []
        for _ in range(runs):
            start = time.process_time()
            rank_cases(
                own,
                seats=state.round.notice.commended.seats[kind],
                method=ruling.method.value,
                quorum=ruling.quorum.value,
                decimals=ruling.decimals.value,
            )
            spent.append(time.process_time() - start)
        print(f"{f'ranking, {kind}':22}{statistics.median(spent):7.3f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("round", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stages-") as root:
        folder, outputs = copied(chosen.round.resolve(), Path(root)), Path(root) / "outputs"
        session = RoundSession.open(folder, outputs)
        seconds(session.current_state)  # imports
        measure_changes(session, chosen.runs)
        measure_rankings(session.current_state(), chosen.runs)
        session.close()  # leaves the screening
        for name, kept in (("first state, kept", True), ("first state, anew", False)):
            if not kept:
                (folder / "received" / "screening.json").unlink()
            session = RoundSession.open(folder, outputs, readonly=True)
            print(shown(name, seconds(session.current_state)[0]))
            session.close()


if __name__ == "__main__":
    main()
