"""What a step reports: counts, failures and lines for the clerk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_DOCUMENTS = ("新生成{}份", "没有变化{}份")
_COUNT_TEXTS: Mapping[str, tuple[str, str]] = {
    "intake": ("新读来件{}封", "以前读过{}封"),
    "rule": ("裁定{}项", "已裁定{}项"),
    "approve": ("审定{}项", "已审定{}项"),
    "check": ("新写函件{}份", "没有变化{}份"),
    "assign": ("新分派{}件次", "原有{}件次不变"),
    "score": ("新评分{}件次", "已评分{}件次"),
    "visit": ("实地抽查{}个单位", "已抽查{}个单位"),
    "shortlist": ("列出入围{}件", "没有变化，入围{}件"),
    "exhibit": ("新生成文件{}个", "没有变化{}个"),
    "import": ("记入评分{}件", "未导入{}个文件"),
    "member": ("改派{}件次", "{}件次不变"),
    "letters": ("函件{}份", "原有{}份"),
    "amend": ("修订规则{}处", "{}处不变"),
    "resume": ("记入{}份文件", "{}份不变"),
    "findings": ("新办结{}项", "没有改动或未填办结{}项"),
}
"""Step to how its result counts what was made, and what stood already."""


@dataclass(frozen=True)
class StepResult:
    """Counts of a step: made, skipped, and failures; ``notes`` are Chinese lines for the clerk."""

    made: int = 0
    skipped: int = 0
    failed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def describe_counts(step: str, made: int, skipped: int, failed: int) -> str:
    """Return the counts of a step in Chinese, those that are none left out; blank for nothing.

    Examples
    --------
    >>> describe_counts("regenerate", 3, 2, 0)
    '新生成3份，没有变化2份'
    >>> describe_counts("intake", 0, 169, 1), describe_counts("publish", 0, 0, 0)
    ('以前读过169封，失败1项', '')
    """
    texts = (*_COUNT_TEXTS.get(step, _DOCUMENTS), "失败{}项")
    counts = zip(texts, (made, skipped, failed), strict=True)
    return "，".join(text.format(count) for text, count in counts if count)


def headline(title: str, counts: str, notes: Sequence[str]) -> str:
    """Return what a step is called with its counts; nothing at all is said where no note says it.

    Examples
    --------
    >>> headline("评委变动", "", ["M01 退出，台账第9号"]), headline("函件", "", [])
    ('评委变动', '函件：没有新办的')
    """
    told = counts or ("" if notes else "没有新办的")
    return "：".join(filter(None, (title, told)))
