"""``kjfp rank``: any table of marks, without a round."""

import argparse
import json
import sys
from collections.abc import Sequence


def run(chosen: argparse.Namespace) -> int:
    """Rank the marks of a file; 1 where they bear no comparison or leave places empty."""
    from kjfp_helpers.selection import rank
    from kjfp_helpers.selection.score_tables.ranking_output import as_json, as_text
    from kjfp_helpers.selection.score_tables.score_csv import read_marks

    marks = read_marks(chosen.file, least=chosen.least, most=chosen.most)
    ranking = rank(marks.totals, places=chosen.places, method=chosen.method, quorum=chosen.quorum)
    told = as_json(ranking, unmarked=marks.unmarked, notes=marks.notes)
    lines: Sequence[str] = (
        [json.dumps(told, ensure_ascii=False, allow_nan=False)]
        if chosen.json
        else (list(as_text(told)))
    )
    sys.stdout.write("\n".join(lines) + "\n")
    for problem in ranking.problems:
        print(f"✗ {problem}", file=sys.stderr)
    return int(bool(ranking.problems))
