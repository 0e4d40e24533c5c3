"""``kjfp rank``: rank the items of any table of scores; 1 where they cannot be compared."""

import json
from pathlib import Path
from typing import Literal, get_args

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import PATH, OneOf, Score, WholeNumber
from kjfp_helpers.cli.step_runner import print_failure

Method = Literal["mean", "trimmed", "standard", "adjusted"]


@click.command(
    "rank",
    cls=Command,
    help="由评分表（CSV）排名次，连同区间、入围概率和评委宽严（不需要轮次）",
)
@click.argument(
    "file",
    metavar="SCORES.csv",
    type=PATH,
    help="列为 item,reviewer,score（可加 criterion），每行一份评分；空白为未评",
)
@click.option("--places", metavar="K", type=WholeNumber(1), required=True, help="名额，必填")
@click.option(
    "--method",
    type=OneOf(*get_args(Method)),
    default="adjusted",
    help="决定名次的方法，默认 adjusted（宽严校正分）",
)
@click.option("--quorum", type=WholeNumber(1), default=1, help="参加排名所需的最少评分份数，默认1")
@click.option("--min", "minimum", type=Score(), help="分数下限，默认不限")
@click.option("--max", "maximum", type=Score(), help="分数上限，默认不限")
@click.option("--least", "minimum", type=Score(), hidden=True, help="即 --min（旧名）")
@click.option("--most", "maximum", type=Score(), hidden=True, help="即 --max（旧名）")
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON")
def rank(
    file: Path,
    places: int,
    method: Method,
    quorum: int,
    minimum: float | None,
    maximum: float | None,
    as_json: bool,
) -> int:
    """Rank the items of any table of scores; 1 where they cannot be compared."""
    from kjfp_helpers.selection import rank_cases as rank_scores
    from kjfp_helpers.selection.score_tables import ranking_output
    from kjfp_helpers.selection.score_tables.score_csv import read_scores

    scores = read_scores(file, minimum=minimum, maximum=maximum)
    ranking = rank_scores(scores.totals, seats=places, method=method, quorum=quorum)
    result = ranking_output.ranking_to_json(ranking, unscored=scores.unscored, notes=scores.notes)
    if as_json:
        print(json.dumps(result, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(ranking_output.ranking_to_text(result)))
    for problem in ranking.problems:
        print_failure(problem)
    return int(bool(ranking.problems))
