"""Rules of the project that no tool holds by itself: floors, folders, pins, examples."""

import doctest
import importlib
import os
import pkgutil
import re
import subprocess
import sys

import pytest

import kjfp_helpers
from support.project import PROJECT, TESTS

PACKAGE = PROJECT / "kjfp_helpers"
MOST_MODULES = 12
MODULES = tuple(
    module.name for module in pkgutil.walk_packages(kjfp_helpers.__path__, "kjfp_helpers.")
)


def folders(root):
    """The folders that hold Python files, by their path below the project."""
    return sorted({path.parent.relative_to(PROJECT) for path in root.rglob("*.py")})


def test_imports_point_down_only_and_no_package_depends_on_itself():
    """The contracts stand in ``pyproject.toml``."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("folder", [*folders(PACKAGE), *folders(TESTS)], ids=str)
def test_a_folder_holds_at_most_a_dozen_modules(folder):
    modules = [path.name for path in (PROJECT / folder).glob("*.py") if path.stem != "__init__"]
    assert len(modules) <= MOST_MODULES, sorted(modules)


def test_the_formatter_decides_everywhere():
    kept = re.compile(r"#\s*fmt:\s*(skip|off)")
    files = [*PACKAGE.rglob("*.py"), *TESTS.rglob("*.py")]
    assert not [path for path in files if kept.search(path.read_text("utf-8"))]


def test_every_folder_of_unit_tests_is_one_of_the_package():
    root = TESTS / "unit"
    tested = {path.parent.relative_to(root) for path in root.rglob("test_*.py")}
    assert not {str(folder) for folder in tested if not (PACKAGE / folder).is_dir()}


def test_no_two_test_files_bear_one_name():
    names = [path.name for path in TESTS.rglob("test_*.py")]
    assert len(names) == len(set(names))


def test_pins_are_exact_and_hold_no_address():
    lines = (PROJECT / "constraints.txt").read_text().splitlines()
    assert len(lines) > 50
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)


def modules_with_examples():
    """The modules whose text shows an example; the others are not imported for it."""
    for name in MODULES:
        path = PROJECT / name.replace(".", os.sep)
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if ">>> " in file.read_text("utf-8"):
            yield name


@pytest.mark.parametrize("name", list(modules_with_examples()))
def test_the_examples_of_a_module_hold(name):
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted and not outcome.failed
