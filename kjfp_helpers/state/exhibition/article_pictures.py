"""Pictures of news and profiles that were sent before, in an exhibit or with another article."""

from collections.abc import Iterator, Mapping, Sequence

from kjfp_helpers.intake.online_column.column_items import ColumnItem
from kjfp_helpers.notice.repeated_pictures import look_of, match_pictures
from kjfp_helpers.rules import Round
from kjfp_helpers.state.exhibition.exhibition_items import ExhibitionItem


def find_seen_pictures(
    round: Round, items: Mapping[str, Sequence[ExhibitionItem]], column: Sequence[ColumnItem]
) -> list[tuple[str, ...]]:
    """Return for each article what its pictures repeat, in Chinese, one line a picture.

    A picture of an article is held against all exhibits and against the articles before it.
    """
    shown = [one for of_unit in items.values() for one in of_unit if one.picture]
    names = [f"{_unit_name(round, one.unit)}展览图片“{one.title}”" for one in shown]
    looks = [look_of(one.picture) for one in shown if one.picture]
    starts = []
    for article in column:
        starts.append(len(looks))
        looks += [look_of(picture) for picture in article.pictures]
        names += [f"“{article.title}”的图片"] * len(article.pictures)
    firsts = {match.later: names[match.first] for match in match_pictures(tuple(looks))}
    return [
        tuple(_lines(article, start, firsts)) for article, start in zip(column, starts, strict=True)
    ]


def _lines(article: ColumnItem, start: int, firsts: Mapping[int, str]) -> Iterator[str]:
    for at, index in enumerate(range(start, start + len(article.pictures)), start=1):
        if index in firsts:
            yield f"第{at}张与{firsts[index]}相同或相近"


def _unit_name(round: Round, code: str) -> str:
    unit = round.unit_by_code.get(code)
    return unit.short_name if unit else ""
