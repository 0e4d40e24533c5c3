"""The page of an archive that tells an inspector, in Chinese, what is there and how to check it."""

from pathlib import Path

from markupsafe import Markup

from kjfp_helpers.commands.archive.archive_layout import GUIDE, ArchiveInfo
from kjfp_helpers.core.events import ScoreGiven, stored_kind
from kjfp_helpers.infra.code_version import package_version
from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.reports.page_style import read_style_sheet
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.publication.list_versions import list_versions

SCRIPT = """\
import csv, hashlib, json
previous, marks, weights = "", {}, {}
for line in open("ledger/events.jsonl", encoding="utf-8"):
    event = json.loads(line)
    if isinstance(event, dict):  # 含号码或异议内容的一条，只有编号和校验值
        previous = event["hash"]
        continue
    seq, at, actor, kind, payload, before = event
    assert before == previous, f"第{seq}条接不上前一条"
    previous = hashlib.sha256(line.rstrip("\\n").encode()).hexdigest()
    if kind == "MarkGiven":
        marks[seq] = json.loads(payload)
print("末条", seq, previous)
for row in csv.DictReader(open("records/criterion_scores.csv", encoding="utf-8-sig")):
    weights[row["kind"], row["criterion"]] = float(row["weight"])
for row in csv.DictReader(open("records/scores.csv", encoding="utf-8-sig")):
    given = marks[int(row["seq"])]["scores"]
    total = sum(weights[row["kind"], name] * mark for name, mark in given.items())
    assert abs(total - float(row["total"])) < 1e-6, row
print("各份评分与台账相符")
"""
"""Twenty lines that walk the chain and add up every score; run in a test as they stand."""


def write_guide(state: RoundState, info: ArchiveInfo, folder: Path) -> None:
    """Write the page; it stands by itself and loads nothing.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    events = state.events
    page = template_environment(Path(__file__).parent / "templates").get_template("guide.html.j2")
    text = page.render(
        info=info,
        last=events[-1],
        rehearsal=state.round.rehearsal,
        version=package_version(),
        script=SCRIPT,
        versions=list_versions(events),
        scores=len(events.of(ScoreGiven)),
        score_kind=stored_kind(ScoreGiven),
        counted=len(state.scores.tables.totals),
        method=state.round.notice.ruling.method.value,
        limits=state.round.notice.limit,
        style=Markup(read_style_sheet()),
    )
    (folder / GUIDE).write_bytes(text.encode())
