"""``python -m kjfp_helpers.cli.recorded_run RECORD WORDS...``: a command that a page runs.

How it ended is written into its record by the command itself, so that the result is there when the
page that started it is closed.
"""

import sys
from pathlib import Path

from kjfp_helpers.cli.main import main
from kjfp_helpers.infra.page_commands.run_record import end_record, read_lines, running


def run_recorded(record: Path, words: list[str]) -> int:
    """Run a command; return its exit code once the record holds it.

    Nothing is run while the same command of another page is.
    """
    with running(record) as is_first:
        if not is_first:
            return 1
        code = 1
        try:
            code = main(words)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            end_record(record, code, read_lines(record))
    return code


if __name__ == "__main__":
    sys.exit(run_recorded(Path(sys.argv[1]), sys.argv[2:]))
