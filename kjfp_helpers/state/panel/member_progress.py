"""Members' progress: counts of scored cases, and the status of each packet."""

import math
from typing import Any

import pandas as pd

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.panel_review import detect_anomalies
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.panel_review.scoring.scoring_rules import lacks_comment
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.panel.packet_building import build_packets
from kjfp_helpers.state.panel.review_progress import reading_members


def tabulate_progress(state: RoundState) -> pd.DataFrame:
    """Return ``member name assigned done owing recused`` (cases) and ``rate`` (0-1).

    All are of the current round. ``assigned`` excludes cases that the member recused from or is
    barred from (``recused``), and unscored cases of members who left. ``owing`` are the cases among
    ``done`` whose extreme score lacks its comment.
    """
    readings = state.scores.readings[["member", "case", "since"]]
    barred = state.scores.conflicts[["member", "case"]].drop_duplicates()
    away = readings.merge(barred)
    kept = readings.merge(barred, how="left", indicator=True).query("_merge == 'left_only'")
    done = kept.loc[state.scores.tables.scored_mask(kept), ["member", "case"]]
    names = {member.member: member.name for member in state.round.panel}
    table = pd.DataFrame({"member": sorted(reading_members(state))})
    table["name"] = table["member"].map(names)
    owing = done.merge(_uncommented_extremes(state))
    counted = {"assigned": kept, "done": done, "owing": owing, "recused": away}
    for column, frame in counted.items():
        counts = frame.groupby("member").size()
        table[column] = table["member"].map(counts).fillna(0).astype(int)
    table["rate"] = table["done"] / table["assigned"].where(table["assigned"] > 0)
    return table


def _uncommented_extremes(state: RoundState) -> pd.DataFrame:
    """Return ``member case`` of the scores with an extreme value and no comment."""
    scores: dict[tuple[str, str], dict[str, float]] = {}
    for member, case, criterion, score in state.scores.tables.by_criterion.itertuples(index=False):
        scores.setdefault((member, case), {})[criterion] = score
    totals, scale = (
        state.scores.tables.totals[["member", "case", "comment"]],
        state.round.rubric.scale,
    )
    lacking = [
        lacks_comment(scores[member, case], comment, scale)
        for member, case, comment in totals.itertuples(index=False)
    ]
    return totals.loc[lacking, ["member", "case"]]


def describe_members(state: RoundState) -> list[dict[str, Any]]:
    """Return a row per member for display: progress and status of the packet.

    ``declared sealed signed`` are status texts, ``reopened`` counts, ``after`` counts cases scored
    after the reveal, ``ties`` are the declared relationships with personal numbers masked, each
    with its event number, ``pace`` is the median time per case (also in ``seconds``) and ``alerts``
    the anomalies.
    """
    packets = build_packets(state)
    anomalies = detect_anomalies(
        state.events, state.scores.tables, state.screening.case_by_id, state.round.rubric
    ).set_index("member")
    rows: list[dict[str, Any]] = []
    for row in tabulate_progress(state).to_dict("records"):
        packet = packets[row["member"]]
        own = anomalies.loc[row["member"]] if row["member"] in anomalies.index else None
        pace = math.nan if own is None else own["seconds"]
        cells: dict[str, Any] = {str(name): value for name, value in row.items()}
        cells["left"] = "已退出" if packet.departure else ""
        cells["left_reason"] = packet.departure.reason if packet.departure else ""
        rows.append(
            {
                **cells,
                "who": f"{row['name']}（{row['member']}）",
                "share": (row["done"], row["assigned"]),
                **_packet_status(packet),
                "seconds": pace,
                "pace": None if math.isnan(pace) else _format_duration(pace),
                "alerts": "" if own is None else own["alerts"],
            }
        )
    return rows


def _packet_status(packet: MemberPacket) -> dict[str, Any]:
    signed = "须重签" if packet.needs_new_signature else "已收回" if packet.signed else ""
    return {
        "declared": "已声明" if packet.declared else "未声明",
        "sealed": "已封存" if packet.sealed else "已启封" if packet.reopened else "",
        "signed": signed,
        "reopened": packet.reopened or None,
        "ties": "；".join(
            f"{mask_personal_numbers(entry.text)}（{entry.status_text}）"
            for entry in packet.relationships.entries.values()
            if not entry.case
        ),
        "after": sum(map(packet.is_saved_after_reveal, packet.cases)) or None,
    }


def _format_duration(seconds: float) -> str:
    """Return a duration in Chinese.

    >>> _format_duration(42.3), _format_duration(90)
    ('42 秒', '1.5 分钟')
    """
    return f"{seconds:.0f} 秒" if seconds < 60 else f"{seconds / 60:.1f} 分钟"
