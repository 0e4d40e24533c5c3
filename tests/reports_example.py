"""A small made-up round for the papers: every state, hostile text, missing figures."""

import re
import shutil
from collections import namedtuple
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from kjfp_helpers import stocktake, summaries
from kjfp_helpers.events import Event, RoundOpened, ShortlistComputed
from kjfp_helpers.findings import Finding
from kjfp_helpers.records import (
    Case,
    File,
    Individual,
    Intake,
    Mail,
    Record,
    Section,
    Stocktake,
    Summary,
    Team,
)
from kjfp_helpers.rules import load_round

RULES = Path(__file__).parents[1] / "data" / "2020"
FORMULA = '=HYPERLINK("http://example.com","点此")'
SCRIPT = "<script>alert(1)</script>测试丙"
PHONE, IDENTITY = "13800000000", "110101190001010000"
Ranking = namedtuple("Ranking", "table members agreement ties_at_cut")
Marks = namedtuple("Marks", "scores totals recusals late")


def make_round(folder: Path, *, societies: int = 8):
    """Copy the rules of 2020, cut to a few societies, with targets, panel and a fixed clock."""
    folder.mkdir(parents=True)
    for name in ("rubric.toml", "commended.csv"):
        shutil.copy(RULES / name, folder)
    text = (RULES / "notice.toml").read_text("utf-8")
    clock = "rehearsal = true\nclock = 2020-08-20T09:00:00+08:00"
    (folder / "notice.toml").write_text(re.sub("rehearsal = false", clock, text), "utf-8")
    lines = (RULES / "units.csv").read_text("utf-8").splitlines()
    lines = lines[: 33 + societies]
    (folder / "units.csv").write_text("\n".join(lines) + "\n", "utf-8")
    codes = [line.split(",")[0] for line in lines[1:]]
    rows = [f"{code},100,2000,50000,样例" for code in codes]
    head = "unit,assoc_target,experts_target,people_target,document"
    (folder / "targets.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
    panel = [f"zj{n:02d},测试评委{n},测试大学,北京市,种植,," for n in range(1, 13)]
    head = "member,name,employer,region,field,user,ties"
    (folder / "panel.csv").write_text("\n".join([head, *panel]) + "\n", "utf-8")
    return load_round(folder)


def _stocktakes(round, rng):
    records = {}
    for place, unit in enumerate(round.units):
        if place % 9 == 4:
            continue
        done = rng.normal(1.08, 0.2, 3) * (100, 2000, 50000)
        people = None if place % 11 == 3 else max(0, int(done[2]))
        body = Stocktake(unit=unit.code, assoc_done=int(done[0]), experts_done=int(done[1]),
                         people_done=0 if place == 6 else people)
        records[unit.code] = Record(
            id=f"{place}-1", kind="stocktake", unit=unit.code, receipt=place + 1,
            source=f"{place}.eml/盘点表.xlsx", sha256="0" * 64, body=body,
            provenance={"people_done": "盘点!C5"},
        )
    return records


def _summaries(round):
    heads = [head.title for head in round.notice.summary.heads]
    return {
        unit.code: Record(
            id=f"{place}-2", kind="summary", unit=unit.code, receipt=place + 1,
            source=f"{place}.eml/总结.docx", sha256="1" * 64,
            body=Summary(sections=tuple(Section(heading=h, text="内容") for h in heads[: 3 + place % 3])),
        )
        for place, unit in enumerate(round.units)
        if place % 7 != 5
    }


def _cases(round):
    cases = []
    for place, unit in enumerate(round.units):
        for kind, letter in (("team", "T"), ("individual", "P")):
            for rank in range(1, 2 + (unit.priority and kind == "individual")):
                name = f"测试{'团队' if kind == 'team' else ''}{unit.short_name}{rank}"
                name = {(2, "team"): FORMULA, (3, "individual"): SCRIPT}.get((place, kind), name)
                body = Team(team_name=name, people_lifted=1200) if kind == "team" else Individual(
                    name=name, id_number=IDENTITY, phone=PHONE, service_days=200)
                record = Record(id=f"{place}-{rank}{letter}", kind=kind, unit=unit.code,
                                receipt=place + 1, source=f"{place}.eml/推荐表{rank}.docx",
                                sha256="2" * 64, body=body)
                held = ("not_commended",) if place % 10 == 7 else ()
                cases.append(Case(id=f"{letter}{unit.code}-{rank}", kind=kind, unit=unit.code,
                                  name=name, rank=rank, record=record, eligible=not held,
                                  reasons=held))
    return tuple(cases)


def _panel(round, cases, rng):
    members = [row.member for row in round.panel]
    rubric, rows, scores = round.rubric, [], []
    quality = {case.id: rng.normal() for case in cases}
    severity = {member: rng.normal(0, 4) for member in members}
    for seq, (place, case) in enumerate((p, c) for p, c in enumerate(cases) if c.eligible):
        for member in rng.choice(members, 5, replace=False):
            base = 75 + 8 * quality[case.id] + severity[member] + rng.normal(0, 4)
            given = {c.id: float(np.clip(round_(base + rng.normal(0, 2)), 0, 100))
                     for c in rubric.criteria(case.kind)}
            scores += [{"member": member, "case": case.id, "criterion": name, "score": score}
                       for name, score in given.items()]
            total = sum(c.weight * given[c.id] for c in rubric.criteria(case.kind))
            rows.append({"member": member, "case": case.id, "kind": case.kind, "total": total,
                         "comment": FORMULA if place == 5 else "", "seq": seq + 10})
    recusals = pd.DataFrame([{"member": members[0], "case": cases[0].id, "reason": "同单位"}])
    marks = Marks(pd.DataFrame(scores), pd.DataFrame(rows), recusals,
                  pd.DataFrame(columns=["member", "case", "kind", "total", "comment", "seq"]))
    return marks, severity


def round_(value):
    return float(np.round(value))


def _rankings(round, cases, marks, severity):
    rankings, lists = {}, []
    by_id = {case.id: case for case in cases}
    for kind, places in (("team", round.notice.commended.teams), ("individual", round.notice.commended.individuals)):
        totals = marks.totals[marks.totals["kind"] == kind]
        table = totals.groupby("case")["total"].agg(["mean", "count"]).reset_index()
        table = table.sort_values(["mean", "case"], ascending=[False, True], ignore_index=True)
        table["rank"] = range(1, len(table) + 1)
        cut = table["mean"].iloc[min(places, len(table)) - 1]
        table = table.assign(value=table["mean"], low=table["mean"] - 4, high=table["mean"] + 4,
                             p_in=1 / (1 + np.exp(-(table["mean"] - cut))), n=table["count"],
                             trimmed=table["mean"], standard=table["mean"], adjusted=table["mean"])
        members = pd.DataFrame([
            {"member": m, "n": int((totals["member"] == m).sum()), "severity": s, "spread": 1.0,
             "severity_low": s - 2.5, "severity_high": s + 2.5} for m, s in severity.items()])
        rankings[kind] = Ranking(table, members, None, ())
        for row in table.to_dict("records"):
            place = row["rank"]
            status = "listed" if place <= places else "reserve" if place <= places + 5 else "out"
            case = by_id[row["case"]]
            lists.append({"kind": kind, "status": status, "place": place if status != "out" else None,
                          "case": case.id, "unit": case.unit, "name": case.name,
                          **{k: row[k] for k in ("value", "low", "high", "p_in", "n")},
                          "reason": "按得分排序" if status == "listed" else ""})
    columns = "kind status place case unit name value low high p_in n reason".split()
    return rankings, pd.DataFrame(lists, columns=columns)


def _mails(round):
    return tuple(
        Mail(receipt=place + 1, path=f"{place}.eml", sha256=f"{place:064d}", message_id=f"<{place}>",
             sender=f"office{place}@example.com", unit=unit.code,
             subject=FORMULA if place == 1 else f"{unit.short_name}报送材料 {PHONE if place == 3 else ''}",
             sent=datetime(2020, 7, 1 + place % 28, 2, tzinfo=UTC), received=None,
             files=(File(path=f"{place}.eml/推荐表{PHONE if place == 3 else ''}.docx", sha256="a" * 64, size=12345, kind="team"),
                    File(path=f"{place}.eml/盘点表.xlsx", sha256="b" * 64, size=2345, kind="stocktake")))
        for place, unit in enumerate(round.units) if place % 13 != 12
    )


def _receipts(round, mails):
    return pd.DataFrame([
        {"receipt": mail.receipt, "unit": mail.unit,
         "unit_name": round.unit_by_code[mail.unit].short_name, "sender": mail.sender,
         "subject": mail.subject, "sent": mail.sent, "received": mail.sent, "files": len(mail.files),
         "kinds": "先进团队、盘点表", "late": mail.receipt % 8 == 0, "note": ""}
        for mail in mails])


def _exhibition(round):
    rows = []
    for place, unit in enumerate(round.units):
        sent = place % 4 != 3
        parts = {part.id: (n + place) % 5 != 0 if sent else None
                 for n, part in enumerate(round.notice.exhibition.parts)}
        rows.append({"unit": unit.code, "unit_name": unit.short_name, **parts,
                     "pictures": place % 6 if sent else None, "pictures_ok": place % 3 if sent else None,
                     "state": "未收" if not sent else "已收" if all(parts.values()) else "不全"})
    return pd.DataFrame(rows).astype({"pictures": "Int64", "pictures_ok": "Int64"})


def _findings(cases, found):
    extra = [Finding(code="not_commended", unit=case.unit, case=case.id, field="name",
                     source=case.record.source, place="表1 第1行第2列", expected="名册有此名称",
                     found=f"没有“{case.name}”") for case in cases if not case.eligible]
    extra.append(Finding(code="phone_invalid", unit=cases[0].unit, case=cases[0].id, expected="有效号码",
                         found="位数不符", source=cases[0].record.source, place="表1 第3行第4列"))
    extra.append(Finding(code="unsorted", expected="能辨认的材料", found="未能辨认", source="x.eml/1.bin"))
    return tuple(sorted([*extra, *found], key=lambda f: (f.unit, f.case, f.code, f.field, f.found)))


def make_review(folder: Path, *, societies: int = 8, seed: int = 7):
    """Return a review of the made-up round: same shape as ``derivation.Review``."""
    rng = np.random.default_rng(seed)
    round = make_round(folder, societies=societies)
    cases = _cases(round)
    table, short = stocktake.tabulate(round, _stocktakes(round, rng))
    texts, lacking = summaries.check(round, _summaries(round), ())
    marks, severity = _panel(round, cases, rng)
    rankings, lists = _rankings(round, cases, marks, severity)
    mails = _mails(round)
    at = datetime(2020, 8, 20, 1, tzinfo=UTC)
    listed = {kind: tuple(lists.loc[(lists["kind"] == kind) & (lists["status"] == "listed"), "case"])
              for kind in ("team", "individual")}
    events = (Event(seq=1, at=at, actor="测试", body=RoundOpened(round=round.name), hash="c" * 64),
              Event(seq=2, at=at, actor="测试", body=ShortlistComputed(digest="d" * 64, **listed), hash="e" * 64))
    states = ("已收", "不全", "逾期", "未收")
    completeness = pd.DataFrame([
        {"unit": unit.code, "unit_name": unit.short_name,
         **{kind: states[(place * 7 + n) % 9 % 4] if (place + n) % 3 == 0 else "已收"
            for n, kind in enumerate(("stocktake", "summary", "team", "individual", "exhibit"))}}
        for place, unit in enumerate(round.units)])
    readings = marks.totals[["member", "case"]].assign(position=1)
    chosen = lists[lists["status"] == "listed"]
    publication = pd.DataFrame({
        "类别": chosen["kind"].map({"team": "先进团队", "individual": "先进个人"}),
        "序号": chosen["place"].astype(int), "名称或姓名": chosen["name"],
        "推荐单位": [round.unit_by_code[code].name for code in chosen["unit"]]})
    return SimpleNamespace(
        round=round, intake=Intake(mails=mails), events=events, findings=_findings(cases, [*short, *lacking]),
        cases=cases, records=(), earlier={}, receipts=_receipts(round, mails), completeness=completeness,
        stocktake=table, spot_check=pd.DataFrame([{"order": 1, "unit": "13", "unit_name": "河北"}]),
        summaries=texts, readings=readings,
        conflicts=pd.DataFrame(columns=["member", "case", "reason"]), marks=marks, rankings=rankings,
        shortlist=lists, publication=publication, exhibition=_exhibition(round),
        eligible=tuple(case for case in cases if case.eligible),
        case_by_id={case.id: case for case in cases},
    )
