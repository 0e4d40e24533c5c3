"""Rules of the project that no tool holds by itself: floors, folders, pins, examples."""

import ast
import doctest
import importlib
import pkgutil
import re
import subprocess
import sys

import pytest

from support.project import PROJECT, TESTS

PACKAGE = PROJECT / "kjfp_helpers"
MOST_MODULES = 12


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


def test_a_folder_holds_at_most_a_dozen_modules():
    held = {
        folder: sorted(path.stem for path in (PROJECT / folder).glob("*.py"))
        for folder in (*folders(PACKAGE), *folders(TESTS))
    }
    counts = {folder: len({*names} - {"__init__"}) for folder, names in held.items()}
    assert {folder: held[folder] for folder in held if counts[folder] > MOST_MODULES} == {}
    assert sum(counts.values()) > 500


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


def is_private(name):
    return name.startswith("_") and not name.endswith("_")


def private_names(tree):
    """The private names that a module of the package binds, its own or an object's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
                yield node.attr


def names_of_others(tree):
    """The names that a test takes from modules and objects, with the line."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(names=names):
                yield from ((node.lineno, part.name) for part in names)
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                pass
            case ast.Attribute(attr=name):
                yield node.lineno, name
            case ast.Call(
                func=ast.Attribute(attr="setattr" | "delattr") | ast.Name(id="getattr" | "setattr"),
                args=[*_, ast.Constant(value=str(name)), _]
                | [_, ast.Constant(value=str(name))]
                | [ast.Constant(value=str(name)), _],
            ):
                yield node.lineno, name.rpartition(".")[2]


@pytest.mark.slow
def test_tests_touch_public_names_only():
    """Private names of other libraries, which the package does not bind, are not meant."""
    bound = {
        name
        for path in PACKAGE.rglob("*.py")
        for name in private_names(ast.parse(path.read_text("utf-8")))
        if is_private(name)
    }
    assert len(bound) > 1000
    touched = {
        f"{path.relative_to(PROJECT)}:{line} {name}"
        for path in TESTS.rglob("*.py")
        for line, name in names_of_others(ast.parse(path.read_text("utf-8")))
        if name in bound
    }
    assert not touched


def names_in_text(text):
    """The dotted names of the package that a script, a notebook or a page imports or names."""
    text = text.replace("\\n", "\n").replace('\\"', '"')
    for module, names in re.findall(r"from (kjfp_helpers[\w.]*) import (\([^)]*\)|[\w, ]+)", text):
        for name in re.findall(r"(?:^|[(,])\s*([A-Za-z_]\w*)", re.sub(r"#.*", "", names)):
            yield f"{module}.{name}"
    yield from re.findall(r"""["'`](kjfp_helpers(?:\.\w+)+)["'`]""", text)


def resolves(name):
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def test_names_of_the_package_within_scripts_notebooks_and_pages_exist():
    """No tool follows a name in a text when what it names is renamed."""
    importlib.import_module("papermill")  # before its engine, see the engine's own docstring
    endings = {".py", ".ipynb", ".md", ".toml"}
    files = [*PACKAGE.rglob("*"), *TESTS.rglob("*"), *(PROJECT / "notebooks").rglob("*")]
    named = {
        name: path.relative_to(PROJECT)
        for path in [*files, *PROJECT.glob("*.*")]
        if path.suffix in endings
        for name in names_in_text(path.read_text("utf-8"))
    }
    assert len(named) > 1000
    assert not {name: path for name, path in named.items() if not resolves(name)}


def test_pins_are_exact_and_hold_no_address():
    lines = (PROJECT / "constraints.txt").read_text().splitlines()
    assert len(lines) > 50
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)


def modules_with_examples():
    """The modules whose text shows an example; the others are not imported for it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if ">>> " in path.read_text("utf-8"):
            dotted = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
            yield dotted.removesuffix(".__init__")


@pytest.mark.parametrize("name", list(modules_with_examples()))
def test_the_docstring_examples_of_a_module_hold(name):
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted and not outcome.failed
