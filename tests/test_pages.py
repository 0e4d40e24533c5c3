"""The pages for engineers agree with the code."""

import re
import tomllib
from importlib import import_module
from importlib.util import find_spec

import pytest

from support import generated_pages
from support.project import PROJECT

PAGES = sorted(
    path
    for pattern in (
        "*.md",
        ".github/*.md",
        "data/*.md",
        "notebooks/*.md",
        "tests/*.md",
        "kjfp_helpers/**/*.md",
    )
    for path in PROJECT.glob(pattern)
)
GLOSSARY = (PROJECT / "kjfp_helpers" / "GLOSSARY.md").read_text("utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `([^`]+)` \|$", GLOSSARY, re.MULTILINE)


def test_the_rule_files_are_described_as_the_models_have_them():
    assert generated_pages.RULES_PAGE.read_text("utf-8") == generated_pages.rules_page(), (
        "run: python tests/support/generated_pages.py"
    )


def test_the_frames_are_described_as_they_are_declared():
    assert generated_pages.FRAMES_PAGE.read_text("utf-8") == generated_pages.frames_page(), (
        "run: python tests/support/generated_pages.py"
    )


def test_the_floors_are_told_as_the_contract_has_them():
    page = generated_pages.PACKAGE_PAGE.read_text("utf-8")
    assert generated_pages.BEGIN in page and page == generated_pages.package_page(page), (
        "run: python tests/support/generated_pages.py"
    )


def resolve(identifier: str) -> object:
    """Return the module, class or function of a dotted name below the package."""
    parts = ["kjfp_helpers", *identifier.split(".")]
    count = len(parts)
    while not _is_module(".".join(parts[:count])):
        count -= 1
    found = import_module(".".join(parts[:count]))
    for name in parts[count:]:
        found = getattr(found, name)
    return found


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def test_the_glossary_has_many_terms_each_once():
    terms = [chinese for chinese, _, _ in ROWS]
    assert len(terms) > 100 and len(set(terms)) == len(terms)


def test_each_identifier_of_the_glossary_exists():
    lost = []
    for _, _, identifier in ROWS:
        try:
            resolve(identifier)
        except (AttributeError, ImportError):
            lost.append(identifier)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_links_lead_to_files_that_exist(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_files_that_a_page_names_exist(page):
    """Paths in code spans that begin at the project or at the package."""
    spans = re.findall(
        r"`((?:kjfp_helpers|tests|notebooks|\.ci)/[\w./-]+|[a-z_]+(?:/[a-z_0-9]+)+\.(?:py|js))`",
        page.read_text("utf-8"),
    )
    homes = (PROJECT, PROJECT / "kjfp_helpers", PROJECT / "tests", page.parent)
    assert [span for span in spans if not any((home / span).exists() for home in homes)] == []


def test_the_changelog_begins_with_the_present_version_and_gives_each_a_date():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    text = (PROJECT / "CHANGELOG.md").read_text("utf-8")
    heads = re.findall(r"^## (.*)$", text, re.MULTILINE)
    versions = [
        re.fullmatch(r"(\d+\.\d+\.\d+)（(\d{4}-\d\d-\d\d)）", head).groups() for head in heads
    ]
    assert versions[0][0] == project["version"] and versions == sorted(versions, reverse=True)
