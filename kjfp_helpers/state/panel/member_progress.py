"""Members' progress: counts of scored cases, and the status of each packet."""

import math
from typing import Any

import pandas as pd

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.panel_review import detect_anomalies
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.panel.packet_building import build_packets


def tabulate_progress(state: RoundState) -> pd.DataFrame:
    """Return ``member name assigned done owing recused`` (cases) and ``rate`` (1.0 is all done).

    All are of the round that is being read. ``assigned`` leaves out what the member stepped back
    from or may not read any more (``recused``), and of who left what they had not marked.
    ``owing`` are the cases among ``done`` whose extreme mark still lacks its comment: such marks
    count as given.
    """
    readings = state.readings[["member", "case", "since"]]
    barred = state.conflicts[["member", "case"]].drop_duplicates()
    away = readings.merge(barred)
    kept = readings.merge(barred, how="left", indicator=True).query("_merge == 'left_only'")
    done = kept[["member", "case", "since"]].merge(state.scores.totals)
    done = done.loc[done["round"] >= done["since"], ["member", "case"]]
    names = {member.member: member.name for member in state.round.panel}
    table = pd.DataFrame({"member": sorted({*readings["member"], *state.departed})})
    table["name"] = table["member"].map(names)
    owing = done.merge(_unexplained(state))
    counted = {"assigned": kept, "done": done, "owing": owing, "recused": away}
    for column, frame in counted.items():
        counts = frame.groupby("member").size()
        table[column] = table["member"].map(counts).fillna(0).astype(int)
    table["rate"] = table["done"] / table["assigned"].where(table["assigned"] > 0)
    return table


def _unexplained(state: RoundState) -> pd.DataFrame:
    """Return ``member case`` of the marks that hold an extreme score and no comment."""
    scale, marks = state.round.rubric.scale, state.scores
    score, silent = marks.by_criterion["score"], marks.totals["comment"].str.strip() == ""
    extreme = marks.by_criterion[(score < scale.comment_below) | (score >= scale.comment_from)]
    pairs = extreme[["member", "case"]].drop_duplicates()
    return pairs.merge(marks.totals.loc[silent, ["member", "case"]])


def describe_members(state: RoundState) -> list[dict[str, Any]]:
    """Return a row a member, in words: the progress, and what became of the packet.

    ``declared sealed signed`` are state words, ``reopened`` counts, ``after`` counts marks given
    when names could be seen, ``ties`` are those the member declared in their own words, numbers
    masked and each with that of its event, ``pace`` is the usual time a case and ``alerts`` what
    is striking.
    """
    packets = build_packets(state)
    seen = detect_anomalies(
        state.events, state.scores, state.case_by_id, state.round.rubric
    ).set_index("member")
    rows: list[dict[str, Any]] = []
    for row in tabulate_progress(state).to_dict("records"):
        packet = packets[row["member"]]
        own = seen.loc[row["member"]] if row["member"] in seen.index else None
        pace = math.nan if own is None else own["seconds"]
        told: dict[str, Any] = {str(name): value for name, value in row.items()}
        told["left"] = "已退出" if packet.departure else ""
        told["left_reason"] = packet.departure.reason if packet.departure else ""
        rows.append(
            {
                **told,
                "who": f"{row['member']} {row['name']}",
                "share": (row["done"], row["assigned"]),
                **_ends(packet),
                "pace": None if math.isnan(pace) else _span(pace),
                "alerts": "" if own is None else own["alerts"],
            }
        )
    return rows


def _ends(packet: MemberPacket) -> dict[str, Any]:
    signed = "须重签" if packet.needs_new_signature else "已收回" if packet.signed else ""
    return {
        "declared": "已声明" if packet.declared else "未声明",
        "sealed": "已封存" if packet.sealed else "已启封" if packet.reopened else "",
        "signed": signed,
        "reopened": packet.reopened or None,
        "ties": "；".join(
            f"{mask_personal_numbers(one.text)}（#{one.seq}，{one.status_text}）"
            for one in packet.relationships.entries.values()
            if not one.case
        ),
        "after": sum(map(packet.is_saved_after_reveal, packet.cases)) or None,
    }


def _span(seconds: float) -> str:
    return f"{seconds:.0f} 秒" if seconds < 60 else f"{seconds / 60:.1f} 分钟"
