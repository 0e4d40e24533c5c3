"""An inspector's program, written from the page of an archive alone: standard library only.

It knows nothing of this project. ``inspect(folder)`` derives chain, scores, ranking by mean and
lists from ``ledger/events.jsonl`` and compares them with what the archive says.
"""

import csv
import hashlib
import json
import math
import sqlite3
from pathlib import Path


def table(folder, name):
    with (folder / "records" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def walk_chain(folder):
    """Number and hash of the last line, and the events with number, kind and content."""
    previous, events, seq = "", [], 0
    for line in (folder / "ledger/events.jsonl").read_text("utf-8").splitlines():
        event, seq = json.loads(line), seq + 1
        if isinstance(event, dict):
            assert event["withheld"] == seq
            previous = event["hash"]
            continue
        assert event[0] == seq and event[5] == previous, f"line {seq}"
        previous = hashlib.sha256(line.encode()).hexdigest()
        events.append((seq, event[3], json.loads(event[4])))
    return seq, previous, events


def database_lines(folder):
    """The lines as the page's sqlite3 command gives them."""
    with sqlite3.connect(f"file:{folder}/ledger/review.db?mode=ro&immutable=1", uri=True) as base:
        rows = base.execute(
            "SELECT '['||seq||', '||json_quote(at)||', '||json_quote(actor)||', '||"
            "json_quote(kind)||', '||json_quote(payload)||', '||json_quote(previous)||']' "
            "FROM events ORDER BY seq"
        )
        return "".join(f"{text}\n" for (text,) in rows)


def standing(events):
    undone = {content["decision"] for _, kind, content in events if kind == "DecisionRevoked"}
    return [event for event in events if event[0] not in undone]


def latest_scores(events):
    """Member and case to number and content of the score that is looked at."""
    closed = min((seq for seq, kind, _ in events if kind == "MarksClosed"), default=math.inf)
    rulings = [(seq, it["admitted"]) for seq, kind, it in events if kind == "LateMarksRuled"]
    until = rulings[-1][0] if rulings and rulings[-1][1] else 0
    latest = {}
    for seq, kind, it in events:
        if kind != "MarkGiven" or (seq > closed and seq >= until):
            continue
        pair = it["member"], it["case"]
        if pair not in latest or it.get("round", 1) >= latest[pair][1].get("round", 1):
            latest[pair] = seq, it
    return latest


def rank_by_mean(folder, events):
    """Cases of each kind with their mean, the best first, from the scores that count."""
    weights = {
        (row["kind"], row["criterion"]): float(row["weight"])
        for row in table(folder, "criterion_scores")
    }
    counted = {(row["member"], row["case"]): row for row in table(folder, "scores")}
    aside = {int(row["seq"]) for row in table(folder, "excluded_scores")}
    totals = {}
    for pair, (seq, it) in latest_scores(events).items():
        row = counted.pop(pair, None)
        if row is None:
            assert seq in aside, f"score {seq} is in neither table"
            continue
        total = math.fsum(
            weights[row["kind"], name] * score for name, score in it["scores"].items()
        )
        assert int(row["seq"]) == seq and abs(float(row["total"]) - total) < 1e-6, row
        totals.setdefault((row["kind"], row["case"]), []).append(total)
    assert not counted, "the table has scores that the ledger lacks"
    means = {key: math.fsum(values) / len(values) for key, values in totals.items()}
    for row in table(folder, "ranking"):
        if not row["mean"]:
            assert (row["kind"], row["case"]) not in means, row
            continue
        assert abs(float(row["mean"]) - means[row["kind"], row["case"]]) < 1e-6, row
    return sorted(means.items(), key=lambda item: (item[0][0], -item[1]))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def list_versions(folder, events):
    """The lists as made public, and that every paper of them is as recorded."""
    versions = []
    for _, kind, it in events:
        if kind not in ("NoticePublished", "CommendationIssued"):
            continue
        if not versions or set(versions[-1]) != set(it["cases"]):
            versions.append(it["cases"])
        for name, value in it["files"].items():
            paper = folder / "papers" / name  # with a number in it, it is in the vault
            assert not paper.exists() or sha256(paper) == value, name
    computed = [it for _, kind, it in events if kind == "ShortlistComputed"]
    listed = {
        row["case"] for row in table(folder, "shortlist") if row["status"] in ("listed", "added")
    }
    assert listed == {*computed[-1]["team"], *computed[-1]["individual"]}
    return versions


def inspect(folder):
    """Everything that the page describes; an assertion names what does not hold."""
    folder = Path(folder)
    last, head, events = walk_chain(folder)
    lines = (folder / "ledger/events.jsonl").read_text("utf-8")
    assert not (folder / "ledger/review.db").exists() or database_lines(folder) == lines
    stood = standing(events)
    return {
        "head": (last, head),
        "ranking": rank_by_mean(folder, stood),
        "versions": list_versions(folder, stood),
    }
