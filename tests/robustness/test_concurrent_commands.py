"""Two commands at once in one output folder: the second is told so and touches nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.output_lock import HOLDER_FILE, output_lock
from support.processes.regeneration import PROJECT, tree


def _begun(command):
    """Make the reports again; return the process once some are made and more are to do."""
    shutil.rmtree(command.reports)
    first = command.begin("--jobs", "1")
    _until(lambda: len(list((command.reports / "unit").glob("*.html"))) > 2, first)
    return first


@pytest.fixture(scope="module")
def halted(command):
    """It again, halted by a signal in the middle of its work."""
    first = _begun(command)
    os.kill(first.pid, signal.SIGSTOP)
    yield first
    first.kill()
    first.wait()
    first.stdout.close()


@pytest.fixture
def running(command):
    """It again, with some reports made and more to do."""
    first = _begun(command)
    yield first
    first.kill()
    first.wait()
    first.stdout.close()


def _until(so, process, seconds=60):
    end = time.monotonic() + seconds
    while not so():
        assert process.poll() is None and time.monotonic() < end, process.poll()
        time.sleep(0.01)


def _rested(folder):
    """Return the hashes of the files below a folder once they no longer change."""
    before = None
    while before != (now := tree(folder)):
        before = now
        time.sleep(0.5)
    return now


def _beside(command, *words):
    """Run another command on the same outputs; return it and how long it took."""
    start = time.monotonic()
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "kjfp_helpers.cli",
            words[0],
            str(command.folder),
            "--outputs",
            str(command.reports.parent),
            *words[1:],
        ],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "KJFP_HOME": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, time.monotonic() - start


@pytest.mark.parametrize("words", [["regenerate"], ["regenerate", "--force"], ["check"], ["run"]])
def test_a_second_command_is_told_who_works_there_and_touches_nothing(command, halted, words):
    before = _rested(command.reports.parent)
    done, seconds = _beside(command, *words)
    assert done.returncode == 1 and not done.stdout and before == tree(command.reports.parent)
    for word in (
        "另一个命令正在运行",
        "“报告”",
        "开始",
        "演练秘书",
        f"进程 {halted.pid}",
        "等它结束后",
    ):
        assert word in done.stderr
    assert seconds < 30, "it does not wait"


def test_verify_waits_for_nobody(command, halted):
    done, _ = _beside(command, "verify")
    assert "另一个命令" not in done.stdout + done.stderr


def test_the_first_command_ends_as_if_nobody_had_come(command, halted):
    os.kill(halted.pid, signal.SIGCONT)
    assert halted.wait(120) == 0, halted.stdout.read()
    assert tree(command.reports) == command.whole
    assert not (command.reports.parent / HOLDER_FILE).exists()


def test_one_killed_in_the_middle_holds_nobody_up(command, running):
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert (command.reports.parent / HOLDER_FILE).exists(), "it was at work"
    done, _ = _beside(command, "regenerate")
    assert done.returncode == 0, done.stderr
    assert tree(command.reports) == command.whole


def test_a_turn_ends_with_what_stopped_it(tmp_path):
    with pytest.raises(KeyboardInterrupt), output_lock(tmp_path, "检查", "秘书"):
        raise KeyboardInterrupt
    with output_lock(tmp_path, "检查", "秘书"):
        with (
            pytest.raises(OutputError, match=r"“检查”，.*开始，秘书"),
            output_lock(tmp_path, "报告", "秘书"),
        ):
            raise AssertionError("two at once")
        (tmp_path / HOLDER_FILE).unlink()
        with pytest.raises(OutputError, match="刚刚开始"), output_lock(tmp_path, "报告", "秘书"):
            raise AssertionError("two at once")
    assert not (tmp_path / HOLDER_FILE).exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "outputs").touch()
    with (
        pytest.raises(OutputError, match="不能写入"),
        output_lock(tmp_path / "outputs", "检查", "秘书"),
    ):
        raise AssertionError("not locked")
