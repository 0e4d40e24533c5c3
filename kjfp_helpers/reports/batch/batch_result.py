"""Result of a batch, report by report, and the table of failures."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kjfp_helpers.core.text_width import align_columns, terminal_width
from kjfp_helpers.reports.report_types import AUDIENCES, OVERALL, audience_of, report_type_of

FAILURE_COLUMNS = ("报告", "笔记本", "位置", "原因", "运行副本")
_SHOWN, _MANY = 10, 3
"""Reports that are named with their reason; from how many on a shared reason is only counted."""
NONE_FAILED, NONE_CHANGED = "上次没有失败的报告，不必重做", "此后没有变化的报告"
"""Why a run with ``--retry`` or ``--since`` had nothing to look at."""
_WIDEST = 60
"""Columns of a terminal that one cell may take."""


@dataclass(frozen=True, kw_only=True)
class ReportFailure:
    """A report that could not be made: notebook, cell (``第3格``, or ``""``) and reason."""

    name: str
    notebook: str
    cell: str
    reason: str

    @property
    def copy(self) -> str:
        """The executed copy below ``reports/``; ``""`` where no cell had begun."""
        return f"{self.name}.failed.ipynb" if self.cell else ""

    @property
    def row(self) -> tuple[str, ...]:
        """The cells of its row in the table."""
        copy = f"reports/{self.copy}" if self.copy else "（无）"
        return report_title(self.name), self.notebook, self.cell or "未开始", self.reason, copy


Result = Mapping[str, str] | ReportFailure
"""File name below ``reports/`` to SHA-256, or what failed."""


@dataclass(frozen=True, kw_only=True)
class BatchResult:
    """What a batch did, by report name; ``reasons`` say why each report was made.

    ``moved`` are files of the office's own that had a report's name, to the name they have now;
    ``nothing`` says why there was nothing to look at.
    """

    new: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failures: tuple[ReportFailure, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    nothing: str = ""

    @property
    def made(self) -> int:
        """How many reports were made."""
        return len(self.new)

    @property
    def skipped(self) -> int:
        """How many stood as they would be made now."""
        return len(self.unchanged)

    @property
    def failed(self) -> tuple[str, ...]:
        """One row of the table per failure: report, notebook, cell, reason, executed copy."""
        return self._table[1:]

    @property
    def notes(self) -> tuple[str, ...]:
        """Which reports were made and why, and what stands above the table of failures."""
        moved = (
            f"reports/{name} 不是批量生成的原件，未覆盖，已改名为 reports/{now}"
            for name, now in self.moved.items()
        )
        lines = (*filter(None, (self.nothing,)), *_reason_lines(self.reasons), *moved)
        if not self.failures:
            return lines
        return *lines, "更正后运行 kjfp regenerate --retry，只重做失败的：", f"  {self._table[0]}"

    @property
    def _table(self) -> tuple[str, ...]:
        rows = [FAILURE_COLUMNS, *(failure.row for failure in self.failures)]
        return tuple(align_columns([[_shorten(cell) for cell in row] for row in rows]))


def report_title(name: str, names: Mapping[str, str] | None = None) -> str:
    """Return what a report is called: its kind, and whom it is about, by ``names`` of the codes.

    Examples
    --------
    >>> report_title("unit/41"), report_title("overall")
    ('单位报告（单位） 41', '总报告')
    >>> report_title("unit/41", {"41": "河南"})
    '单位报告（单位） 河南'
    """
    kind, audience = report_type_of(name).title, AUDIENCES.get(audience_of(name), "")
    about = f"{kind}（{audience}）" if audience else kind
    code = name.rpartition("/")[2]
    return kind if name == OVERALL else f"{about} {(names or {}).get(code, code)}"


def _reason_lines(reasons: Mapping[str, str]) -> Iterator[str]:
    """Yield up to ten reports with what changed; where all have one reason, that alone."""
    counts = Counter(reasons.values())
    common = [why for why, count in counts.items() if count > _MANY]
    for why in common:
        yield f"{counts[why]}份：{why}"
    single = [(name, why) for name, why in reasons.items() if why not in common]
    for name, why in single[:_SHOWN]:
        yield f"{report_title(name)}：{why}"
    if len(single) > _SHOWN:
        yield f"其余{len(single) - _SHOWN}份和全部原因见 reports/changes.html"


def _shorten(cell: str) -> str:
    plain = "".join(char if char.isprintable() else " " for char in cell)
    while terminal_width(plain) > _WIDEST:
        plain = f"{plain[:-2]}…"
    return plain
