"""Titles of papers whose file names are no Chinese ones."""

from collections.abc import Mapping

_TITLES: Mapping[str, str] = {
    "agenda": "会议议程",
    "ballot": "选票",
    "tally": "计票单",
    "result": "表决结果单",
    "minutes": "会议记录",
    "disagreement": "评分分歧表",
    "projector": "投影页",
    "frame": "抽查名册",
    "lot": "抽签结果",
    "report": "抽查情况报告",
}
"""First word of a paper's file name to its title."""


def paper_title(stem: str) -> str:
    """Return a paper's title from its file name without ending; a Chinese name as it is.

    Examples
    --------
    >>> paper_title("ballot-1"), paper_title("北京-收讫回执")
    ('选票 1', '北京-收讫回执')
    """
    word, _, rest = stem.partition("-")
    return f"{_TITLES[word]} {rest}".strip() if word in _TITLES else stem
