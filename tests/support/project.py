"""Where the files of this project lie."""

from pathlib import Path

PROJECT = Path(__file__).parents[2]
TESTS = PROJECT / "tests"
NOTEBOOKS = PROJECT / "notebooks"
RULES = PROJECT / "data" / "2020"
