"""Tables of an archive against each other and its ledger: scores, ranking by mean, lists."""

import csv
import json
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kjfp_helpers.commands.archive.archive_layout import RECORDS, RULES
from kjfp_helpers.commands.verification.intake_check import verification_error
from kjfp_helpers.core.events import (
    EventLog,
    LateScoresRuled,
    ScoreGiven,
    ScoringClosed,
    ShortlistComputed,
)
from kjfp_helpers.core.records import LISTED, NomineeKind, kind_of_case
from kjfp_helpers.panel_review.scoring.scoring_rules import weighted_total
from kjfp_helpers.rules import Rubric, load_round_texts
from kjfp_helpers.state.revocations import standing_events

Row = dict[str, str]
DUE: Mapping[type, tuple[str, ...]] = {
    ScoreGiven: ("scores", "excluded_scores", "criterion_scores"),
    ShortlistComputed: ("ranking", "shortlist"),
}
"""Event to the tables that an archive with one of it has, whatever its first page says."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT")
"""Start of a time, which the two formats write differently."""
_SCORE_COLUMNS = ("member", "case", "total", "seq")
_EQUAL = 1e-6
"""By so much may a number in a table differ from the one derived."""


@dataclass(frozen=True)
class ArchivedScore:
    """A score in the ledger, with the number of its event."""

    seq: int
    body: ScoreGiven


def read_table(folder: Path, name: str, columns: Sequence[str]) -> list[Row]:
    """Return the rows of a table of the archive.

    Raises
    ------
    DifferenceError
        When it is not there, cannot be read, lacks a column, or a row lacks a cell.
    """
    path, where = folder / RECORDS / f"{name}.csv", f"数据表 {name}.csv"
    if not path.is_file():
        raise verification_error(where, "在 records/ 中", "没有找到")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise verification_error(where, "CSV（UTF-8）", "读不出") from error
    for number, row in enumerate(rows, start=2):
        lacking = [column for column in columns if row.get(column) is None]
        if lacking or (row.get("seq", "0") or "").isdecimal() is False:
            found = f"缺{'、'.join(lacking)}" if lacking else "台账编号不是数"
            raise verification_error(f"{where} 第{number}行", f"有{'、'.join(columns)}", found)
    return rows


def compare_tables(folder: Path, names: Sequence[str], events: EventLog) -> tuple[int, list[str]]:
    """Return how many tables are whole, in both formats alike, and what is not, in Chinese.

    Parameters
    ----------
    folder, events
        The archive and its ledger.
    names : sequence of str
        The tables that its first page lists; archives of earlier versions list none.
    """
    due = {*names, *(name for kind, own in DUE.items() if events.has(kind) for name in own)}
    problems = {name: problem for name in sorted(due) if (problem := _find_problem(folder, name))}
    return len(due) - len(problems), [f"数据表 {name} {text}" for name, text in problems.items()]


def _find_problem(folder: Path, name: str) -> str:
    """Return in Chinese what is wrong with a table, ``""`` for both formats there and alike."""
    paths = [folder / RECORDS / f"{name}{suffix}" for suffix in (".csv", ".json")]
    lacking = [path.suffix for path in paths if not path.is_file()]
    if lacking:
        return f"应有 {'、'.join(lacking)}，档案中没有"
    alike = _are_alike(read_table(folder, name, ()), paths[1])
    return "" if alike else ".csv 与 .json 的内容不同"


def _are_alike(rows: Sequence[Row], path: Path) -> bool:
    """Return whether a table of text has the rows of one in JSON, but for lists and times."""
    try:
        others = json.loads(path.read_text("utf-8"))
        return len(rows) == len(others) and all(
            row.keys() == other.keys() and all(_is_cell(row[key], other[key]) for key in row)
            for row, other in zip(rows, others, strict=True)
        )
    except (OSError, UnicodeDecodeError, ValueError, AttributeError, TypeError):
        return False


def _is_cell(text: str, value: object) -> bool:
    if isinstance(value, list | dict) or (isinstance(value, str) and _TIME.match(value)):
        return True
    if isinstance(value, int | float) and not isinstance(value, bool):
        return not _differs(text, value)
    return text in ("", "inf", "-inf") if value is None else text == str(value)


def check_scores(folder: Path, events: EventLog) -> int:
    """Compare every score that counts, its total and the means; return how many there are.

    Raises
    ------
    DifferenceError
        At the first that differs.
    """
    latest = _latest_scores(events)
    if not latest:
        return 0
    counted = {
        (row["member"], row["case"]): row for row in read_table(folder, "scores", _SCORE_COLUMNS)
    }
    other = {int(row["seq"]) for row in read_table(folder, "excluded_scores", ("seq",))}
    rubric = _read_rubric(folder)
    totals: dict[str, list[float]] = defaultdict(list)
    for pair, score in latest.items():
        row, where = counted.get(pair), f"评委{pair[0]}对{pair[1]}的评分"
        if row is None:
            if score.seq not in other:
                raise verification_error(where, f"台账第{score.seq}条列在评分表中", "没有")
            continue
        total = weighted_total(score.body.scores, rubric.criteria(_kind_of(pair[1])))
        if total is None or int(row["seq"]) != score.seq or _differs(row["total"], total):
            raise verification_error(where, f"台账第{score.seq}条，总分{total}", row["total"])
        totals[pair[1]].append(total)
    if missing := counted.keys() - latest.keys():
        member, case = sorted(missing)[0]
        raise verification_error(f"评委{member}对{case}的评分", "台账中有", "没有")
    if events.has(ShortlistComputed):
        _check_means(folder, totals)
    return len(counted)


def check_lists(folder: Path, events: EventLog) -> int:
    """Compare the list in the records with the last one of the ledger; return its cases.

    Raises
    ------
    DifferenceError
        When they differ.
    """
    last = events.last(ShortlistComputed)
    if last is None:
        return 0
    rows = [
        row
        for row in read_table(folder, "shortlist", ("case", "status"))
        if row["status"] in LISTED
    ]
    listed, recorded = {row["case"] for row in rows}, {*last.team, *last.individual}
    if listed != recorded:
        moved = "、".join(sorted(listed ^ recorded))
        raise verification_error("名单", "与台账最后一次产生的相同", f"有出入：{moved}")
    return len(listed)


def _latest_scores(events: EventLog) -> dict[tuple[str, str], ArchivedScore]:
    """Return the last score of each member for each case, as the page of the archive says."""
    log = EventLog(standing_events(events))
    rulings = log.of(LateScoresRuled)
    until = rulings[-1].seq if rulings and rulings[-1].body.admitted else 0
    closed = min((event.seq for event in log.of(ScoringClosed)), default=0)
    latest: dict[tuple[str, str], ArchivedScore] = {}
    for event in log.of(ScoreGiven):
        if closed and closed < event.seq and event.seq >= until:
            continue
        pair = event.body.member, event.body.case
        if pair not in latest or event.body.round >= latest[pair].body.round:
            latest[pair] = ArchivedScore(event.seq, event.body)
    return latest


def _kind_of(case: str) -> NomineeKind:
    kind = kind_of_case(case)
    if kind is None:
        raise verification_error(f"评分 {case}", "编号以 T 或 P 开头", case)
    return kind


def _check_means(folder: Path, totals: dict[str, list[float]]) -> None:
    means = {case: statistics.fmean(values) for case, values in totals.items()}
    for row in read_table(folder, "ranking", ("case", "mean")):
        if row["case"] in means and row["mean"] and _differs(row["mean"], means[row["case"]]):
            where = f"{row['case']} 的平均分"
            raise verification_error(where, f"{means[row['case']]}", row["mean"])


def _differs(text: str, value: float) -> bool:
    try:
        return abs(float(text) - value) > _EQUAL
    except ValueError:
        return True


def _read_rubric(folder: Path) -> Rubric:
    texts = dict(_rule_texts(folder))
    return load_round_texts(texts, folder).rubric


def _rule_texts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((folder / RULES).iterdir()):
        yield path.name, path.read_text("utf-8")
