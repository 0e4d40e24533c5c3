"""Each member's share of the reading: given, owing a comment, stepped back from."""

import pandas as pd

from kjfp_helpers.derivation import Review


def member_progress(review: Review) -> pd.DataFrame:
    """Return ``member name assigned done owing recused`` (cases) and ``rate`` (1.0 is all done).

    All are of the round that is being read. ``assigned`` leaves out what the member stepped back
    from or may not read any more (``recused``). ``owing`` are the cases among
    ``done`` whose extreme mark still lacks its comment: such marks count as given.
    """
    readings = review.readings[["member", "case", "since"]]
    barred = review.conflicts[["member", "case"]].drop_duplicates()
    away = readings.merge(barred)
    kept = readings.merge(barred, how="left", indicator=True).query("_merge == 'left_only'")
    done = kept[["member", "case", "since"]].merge(review.marks.totals)
    done = done.loc[done["round"] >= done["since"], ["member", "case"]]
    names = {member.member: member.name for member in review.round.panel}
    table = pd.DataFrame({"member": sorted(readings["member"].unique())})
    table["name"] = table["member"].map(names)
    owing = done.merge(_unexplained(review))
    counted = {"assigned": kept, "done": done, "owing": owing, "recused": away}
    for column, frame in counted.items():
        counts = frame.groupby("member").size()
        table[column] = table["member"].map(counts).fillna(0).astype(int)
    table["rate"] = table["done"] / table["assigned"].where(table["assigned"] > 0)
    return table


def _unexplained(review: Review) -> pd.DataFrame:
    """Return ``member case`` of the marks that hold an extreme score and no comment."""
    scale, marks = review.round.rubric.scale, review.marks
    score, silent = marks.scores["score"], marks.totals["comment"].str.strip() == ""
    extreme = marks.scores[(score < scale.comment_below) | (score >= scale.comment_from)]
    pairs = extreme[["member", "case"]].drop_duplicates()
    return pairs.merge(marks.totals.loc[silent, ["member", "case"]])
