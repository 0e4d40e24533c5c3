"""The screening that a command leaves for the next one: used as it is, or not at all."""

import json
import os
import stat

import pytest

from kjfp_helpers.core.events import FieldCorrected
from kjfp_helpers.state import RoundSession, derive_state
from kjfp_helpers.state.stages import screening
from kjfp_helpers.state.stages.screening_file import SCREENING_FILE
from kjfp_helpers.state.stages.stage_digest import digest_stage
from support.rounds.panel_round import open_round


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    session = open_round(tmp_path_factory.mktemp("kept"))
    assert session.current_state().screening.cases
    session.close()
    return session.round.folder, session.outputs


@pytest.fixture
def kept(folder):
    """The file, put back after the test."""
    file = folder[0] / "received" / SCREENING_FILE
    before = file.read_bytes()
    yield file
    file.unlink(missing_ok=True)
    file.write_bytes(before)
    file.chmod(0o600)


@pytest.fixture
def counted(monkeypatch):
    """How often a screening was derived."""
    calls = []
    real = screening.screen_submissions
    monkeypatch.setattr(
        screening, "screen_submissions", lambda *given: calls.append(1) or real(*given)
    )
    return calls


def screened(folder, **how):
    session = RoundSession.open(*folder, **how)
    try:
        state = session.current_state()
        fresh = derive_state(state.rules, state.original_intake, state.events)
        return digest_stage(state.screening), digest_stage(fresh.screening)
    finally:
        session.close()


def test_the_next_command_takes_the_screening_from_the_file_and_it_is_the_same(
    folder, kept, counted
):
    mine, fresh = screened(folder)
    assert mine == fresh and len(counted) == 1, "once for the fresh one, none for the kept"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def damage(data):
    content = data.partition(b"\n")[2]
    other = json.loads(content)
    yield "empty", b""
    yield "truncated", data[: len(data) // 2]
    yield "altered", data.replace(b"true", b"false", 1)
    yield "not JSON", b"{}\n" + content
    yield "another key", _signed(other | {"key": "0" * 64})
    yield "without cases", _signed(other | {"screening": other["screening"] | {"cases": {}}})
    yield "other types", _signed(other | {"screening": [1, 2]})
    yield "no mapping", _signed([1])


def _signed(content):
    import hashlib

    text = json.dumps(content).encode()
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


@pytest.mark.slow
def test_a_damaged_or_foreign_file_is_ignored_and_written_again(folder, kept, counted):
    good = kept.read_bytes()
    for what, data in damage(good):
        kept.write_bytes(data)
        counted.clear()
        mine, fresh = screened(folder)
        assert mine == fresh and len(counted) == 2, what
        assert kept.read_bytes() == good, what


def test_a_file_that_cannot_be_read_is_no_error(folder, kept):
    kept.unlink()
    kept.mkdir()
    mine, fresh = screened(folder)
    assert mine == fresh
    kept.rmdir()


def test_a_read_only_session_writes_nothing(folder, kept):
    kept.unlink()
    screened(folder, readonly=True)
    assert not os.path.lexists(kept)


def test_a_correction_is_seen_by_the_next_command(folder, kept):
    session = RoundSession.open(*folder)
    case = session.current_state().screening.cases[0]
    name = "team_name" if case.kind == "team" else "name"
    session.record(
        FieldCorrected(record=case.record.id, field=name, old=None, new="另一名称", reason="原件")
    )
    session.close()
    session = RoundSession.open(*folder)
    assert session.current_state().screening.case_by_id[case.id].name == "另一名称"
    session.close()
