"""Each rule of the table "One home per rule" stands where it says, and nowhere else."""

import re
from pathlib import Path

import pytest

from support.project import PROJECT, TESTS
from support.rule_cases.case_files import rule_file
from test_pages import resolve

PACKAGE = PROJECT / "kjfp_helpers"
TABLE = (
    (PACKAGE / "README.md").read_text("utf-8").partition("<!-- rules -->")[2].partition("\n## ")[0]
)
ROWS = re.findall(r"^\| ([^|]+) \| `([^`]+)` \| ([^|]+) \| (?:`(\w+)` )?\|$", TABLE, re.MULTILINE)
CASE_FILES = sorted(path.stem for path in (TESTS / "support" / "rule_cases").glob("*.json"))
ITSELF = "＊"
"""Mark of a place that applies a rule by itself: the page's script, formulas of a workbook."""

ELSEWHERE = {
    "a weighted sum": (
        r"\.weight\s*\*\s*(?:_?scores?\b|Number|item)|\bfsum\(|reduce\([^;]*\.weight",
        [],
    ),
    "an extreme score": (
        r"<=?\s*[\w.]*comment_below|comment_below\s*<=|>=?\s*[\w.]*comment_from|<\s*[\w.]*comment_from",
        [
            "rules/rubric.py",
            "panels/widgets/page/data/scale.js",
            "rehearsal/actors/simulated_panel.py",
        ],
    ),
    "a reading with a score that counts": (
        r">=\s*since\b|>=\s*\w+\[\"since\"\]",
        ["panel_review/scoring/score_tables.py"],
    ),
    "the pairs ever assigned": (
        r"for body in bodies for member, ids in body\.readings",
        ["panel_review/assignment/reading_assignment.py"],
    ),
    "seats per kind": (r"\.commended\.(?:teams|individuals)\b", []),
    "quota per kind": (r"quota\.(?:teams|individuals)\b", []),
    "the members who read": (
        r"readings\[\"member\"\],\s*\*",
        ["state/panel/review_progress.py"],
    ),
    "an identity number": (
        r"\\d\{1[457]\}|\\d\{6\}\(\?:19",
        ["core/privacy.py", "intake/common/parsed_value.py"],
    ),
    "a mobile number": (r"1\[3-9\]|1\\d\{10\}", ["intake/fields/contacts.py"]),
    "a long number": (
        r"\\d\(\?:\[\\s[^)]*\\d[^)]*\)\{\d,\}|\[\\d\*\\s",
        ["core/privacy.py"],
    ),
    "a value that is missing": (
        r"bool\(value != value\)|def is_missing|is pd\.NA or",
        ["infra/missing_values.py"],
    ),
    "the nearest word": (
        r"get_close_matches",
        ["core/suggestions.py", "intake/common/label_matching.py"],
    ),
    "width of a character": (r"east_asian_width|wcwidth", ["core/text_width.py"]),
    "the reader of a format": (
        r"(?<!def )(?<!self\.)\bread_(?:docx|pdf|xlsx)\(",
        ["intake/format_reading.py"],
    ),
    "a message by its name": (r"endswith\([^)]*\.eml", ["intake/mail/message.py"]),
}
"""What a second home of a rule would be written with, and the files that may hold it."""


def test_the_table_is_read():
    assert len(ROWS) > 20 and len(ROWS) == TABLE.count("\n| ") - 2


@pytest.mark.parametrize(("rule", "home", "users", "cases"), ROWS, ids=[row[0] for row in ROWS])
def test_a_rule_has_its_home_and_those_named_ask_it(rule, home, users, cases):
    assert resolve(home)
    name = home.rpartition(".")[2]
    for itself, path in re.findall(rf"({ITSELF}?)`([^`]+)`", users):
        source = (PACKAGE / path).read_text("utf-8")
        assert itself or re.search(rf"\b{name}\b", source), path
    if ITSELF in users:
        assert cases
    assert not cases or cases in CASE_FILES


@pytest.mark.parametrize("cases", CASE_FILES)
def test_cases_of_a_rule_are_read_by_the_tests_of_each_place(cases):
    readers = [path for path in TESTS.rglob("test_*.py") if f'"{cases}"' in path.read_text("utf-8")]
    assert resolve(rule_file(cases)["rule"])
    assert any(row[3] == cases for row in ROWS)
    users = {
        path
        for row in ROWS
        if row[3] == cases
        for path in re.findall(rf"{ITSELF}`([^`]+)`", row[2])
    }
    assert len(readers) >= 1 + len({Path(user).suffix for user in users})


@pytest.mark.parametrize("rule", ELSEWHERE)
def test_no_other_place_writes_a_rule_again(rule):
    pattern, homes = ELSEWHERE[rule]
    sources = {
        path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8")
        for ending in ("*.py", "*.js", "*.j2")
        for path in PACKAGE.rglob(ending)
        if "bundled" not in path.parts
    }
    found = {path for path, source in sources.items() if re.search(pattern, source)}
    assert found == set(homes)
