"""Count how often the rubric's phrases occur in comments, for the auditor."""

import pandas as pd

from kjfp_helpers.panel_review.scoring.score_tables import ScoreTables
from kjfp_helpers.rules import Rubric

COLUMNS = ["member", "kind", "criterion", "phrase", "n", "of"]


def count_phrases(scores: ScoreTables, rubric: Rubric) -> pd.DataFrame:
    """Count the phrases of the rubric in the comments that count.

    Returns
    -------
    DataFrame
        One row per member and phrase used: ``member kind criterion`` (its title) ``phrase``, ``n``
        comments of that member with the phrase, ``of`` comments of that member on that kind;
        sorted by member, then by ``n`` descending.
    """
    rows = []
    commented = scores.totals[scores.totals["comment"].str.strip() != ""]
    for (member, kind), texts in commented.groupby(["member", "kind"])["comment"]:
        for criterion in rubric.criteria(str(kind)):
            for phrase in criterion.phrases:
                n = int(texts.str.contains(phrase, regex=False).sum())
                if n:
                    rows.append((member, kind, criterion.title, phrase, n, len(texts)))
    rows.sort(key=lambda row: (row[0], -row[4]))
    return pd.DataFrame(rows, columns=COLUMNS)
