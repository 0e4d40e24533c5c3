"""Notebook 11 through stock papermill, and every frame, on a rehearsal round as the year goes on."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import kjfp_helpers as kjfp
from kjfp_helpers.cli import main
from kjfp_helpers.commands.simulation import simulated_scoring
from kjfp_helpers.core.errors import NotReadyError
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.library.schemas.frame_catalogue import frame_schemas
from kjfp_helpers.state import RoundSession
from support.library_stages import asked
from support.project import NOTEBOOKS
from support.thoroughness import THOROUGH

NOTEBOOK = NOTEBOOKS / "11_explore.ipynb"
STAGES = ("before check", "before scores", "after the list")
SEATS = (("\nteams = 20\n", "\nteams = 2\n"), ("\nindividuals = 50\n", "\nindividuals = 3\n"))
NEED_SCORES = ("teams", "people", "severity", "agreement", "cut-teams", "cut-people", "changes")
NEED_SCORES += ("weights", "list", "times")
"""Cells that before the scores say in one sentence that there are none."""


def places(home):
    return home / "data" / "rehearsal", home / "outputs" / "rehearsal"


@pytest.fixture(scope="module")
def homes(received_copy, tmp_path_factory):
    """A project folder for each stage."""
    base = tmp_path_factory.mktemp("analysis")
    home, received = base / "home", received_copy(base / "received", units=6)
    folder, outputs = places(home)
    for source, target in zip(received, (folder, outputs), strict=False):
        shutil.move(source, target)
    text = (folder / "notice.toml").read_text("utf-8")
    for old, new in SEATS:
        assert old in text
        text = text.replace(old, new)
    (folder / "notice.toml").write_text(text, "utf-8")
    at = [str(folder), "--outputs", str(outputs)]
    steps = ((), ("check", "assign"), ("shortlist",))
    for stage, commands in zip(STAGES, steps, strict=True):
        if stage == STAGES[2]:
            session = RoundSession.open(folder, outputs)
            simulated_scoring.simulate_readings(session, lambda done, total: None)
            session.close()
        assert [main([command, *at]) for command in commands] == [0] * len(commands)
        shutil.copytree(home, base / stage)
    return {stage: base / stage for stage in STAGES}


def hashes(folder):
    return {path: path.stat().st_mtime_ns for path in Path(folder).rglob("*")}


@pytest.fixture(scope="module", params=STAGES if THOROUGH else (STAGES[0], STAGES[2]))
def run(request, homes, tmp_path_factory):
    """Run the notebook as a person would; return its stage, its cells by id, and what changed."""
    home, made = homes[request.param], tmp_path_factory.mktemp("made") / "out.ipynb"
    before = hashes(home)
    command = [sys.executable, "-m", "papermill", str(NOTEBOOK), str(made), "-p", "round"]
    environment = {**os.environ, "KJFP_HOME": str(home)}
    subprocess.run(
        [*command, "rehearsal", "--no-progress-bar"],
        check=True,
        cwd=home,
        env=environment,
        capture_output=True,
    )
    cells = {cell.id: cell for cell in nbformat.read(made, as_version=4).cells}
    return request.param, cells, before == hashes(home)


def code_cells(cells):
    kept = (cell for cell in cells.values() if cell.cell_type == "code")
    return [cell for cell in kept if not cell.metadata.get("tags")]


def texts(cell):
    """Return the words of what a cell shows; pictures speak by their text."""
    data = [output["data"] for output in cell.outputs]
    return " ".join("".join(one.get("text/html", one.get("text/plain", ""))) for one in data)


def test_every_question_is_answered_or_says_in_a_sentence_what_is_missing(run):
    stage, cells, _ = run
    for cell in code_cells(cells):
        (output,) = cell.outputs
        assert output.output_type in ("execute_result", "display_data"), cell.id
        is_sentence = 'class="note' in texts(cell)
        assert is_sentence == (stage != STAGES[2] and cell.id in NEED_SCORES), cell.id
        if is_sentence:
            words = re.sub("<[^>]*>", "", texts(cell)).strip()
            assert words.endswith("。") and len(words) < 120


def test_nothing_of_the_round_changes(run):
    assert run[2]


def test_no_personal_number_is_shown(run):
    for cell in code_cells(run[1]):
        words = re.sub(
            r"data:image/png;base64,[\w+/=]+|<style>.*?</style>", "", texts(cell), flags=re.S
        )
        assert mask_personal_numbers(words) == words, cell.id


def test_the_list_bears_its_marks(run):
    stage, cells, _ = run
    assert "演练" in texts(cells["open"])
    assert ("草案" in texts(cells["list"])) == (stage == STAGES[2])


@pytest.mark.parametrize("stage", STAGES)
def test_every_frame_of_the_rehearsal_holds_what_is_declared(homes, stage):
    review = kjfp.open_round(*places(homes[stage]))
    lacking = set()
    for name in frame_schemas():
        for words in asked(name):
            try:
                assert len(review.frame(name, *words).columns)
            except NotReadyError:
                lacking.add(name)
    all_of_scores = {"ranking", "rater_effects", "sensitivity", "reweighted", "shortlist"}
    assert lacking == (set() if stage == STAGES[2] else all_of_scores)
