"""The command that makes the reports, killed at a moment and run again."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time

from support.project import PROJECT


class Command:
    """``kjfp regenerate`` on a round; ``seconds`` is how long its first whole run took."""

    def __init__(self, folder, outputs, jobs=2):
        self.folder, self.reports, self.seconds = folder, outputs / "reports", 0.0
        self._words = [
            sys.executable,
            "-m",
            "kjfp_helpers.cli",
            "regenerate",
            str(folder),
            "--outputs",
            str(outputs),
            "--jobs",
            str(jobs),
        ]
        self._settings = {
            "cwd": PROJECT,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.STDOUT,
            "env": {**os.environ, "PYTHONPATH": str(PROJECT), "KJFP_HOME": ""},
        }

    def finish(self):
        """Run it to its end; return what it said."""
        start = time.monotonic()
        done = subprocess.run(self._words, check=False, text=True, **self._settings)
        assert done.returncode == 0, done.stdout
        self.seconds = self.seconds or time.monotonic() - start
        return done.stdout

    def begin(self, *more):
        """Begin it, with further words."""
        return subprocess.Popen([*self._words, *more], text=True, **self._settings)

    def kill(self, moment):
        """Begin it and kill it after some seconds; return whether it was still running."""
        running = self.begin()
        try:
            running.wait(moment)
        except subprocess.TimeoutExpired:
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
            return True
        finally:
            running.stdout.close()
        return False


OF_THE_PAST = ("runs.jsonl", "changes.html")
"""Files that tell when what was made, and why: no part of what is made again."""


def tree(folder):
    """Return the hash of every file below a folder by its name, but of those on past runs."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in OF_THE_PAST
    }


def interrupted(command, moments, whole):
    """Make all reports anew, killed at each moment of a run; hold what stands against ``whole``."""
    shutil.rmtree(command.reports)
    for moment in moments:
        command.kill(moment)
        left = tree(command.reports) if command.reports.exists() else {}
        torn = [
            name
            for name, digest in left.items()
            if name.endswith((".html", ".ipynb")) and whole.get(name) != digest
        ]
        assert not torn, (moment, torn)
    command.finish()
    assert tree(command.reports) == whole, moments
