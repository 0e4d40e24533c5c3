"""The marks of one case: one entry per criterion, its levels, comment, total."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ipywidgets as widgets

from kjfp_helpers.panels.frame import column, html, row, styled
from kjfp_helpers.panels.packet import Marks, Packet
from kjfp_helpers.panels.pages import render
from kjfp_helpers.rules import Criterion
from kjfp_helpers.rules.rubric import Scale


@dataclass(frozen=True)
class Entry:
    """One criterion on screen; an empty ``mark`` is a mark not given."""

    criterion: Criterion
    mark: widgets.Text
    levels: widgets.HTML


class MarkSheet:
    """Mark entries for the case on screen; ``on_edit`` is called at every change by hand."""

    def __init__(self, packet: Packet, on_edit: Callable[[], None]) -> None:
        self._packet, self._on_edit = packet, on_edit
        self._case, self._filling = "", False
        self.entries: dict[str, Entry] = {}
        self._criteria = column(classes=("kj-pane", "kj-grow", "kj-criteria"))
        self._total = html()
        self.comment = styled(
            widgets.Textarea(placeholder="评语（可不填）", rows=2, layout={"width": "100%"}),
            "kj-comment",
        )
        self.comment.observe(self._edited, "value")
        self.parts = (self._criteria, self._total, self.comment)

    def fill(self, case: str, marks: Marks) -> None:
        """Show a case's marks as the ledger holds them."""
        self._filling = True
        criteria = self._packet.criteria(case)
        if [entry.criterion for entry in self.entries.values()] != list(criteria):
            self._build(criteria)
        for name, entry in self.entries.items():
            mark = marks.scores.get(name)
            entry.mark.value = "" if mark is None else f"{mark:g}"
        self.comment.value = marks.comment
        self._case, self._filling = case, False
        self._refresh()

    def read(self) -> tuple[Mapping[str, float], str | None]:
        """Return the marks that hold, and what is wrong with those that do not."""
        scores, wrong = {}, []
        for name, entry in self.entries.items():
            text = entry.mark.value.strip()
            mark = parse_mark(text, self._packet.rubric.scale)
            if mark is not None:
                scores[name] = mark
            elif text:
                wrong.append(f"“{entry.criterion.title}”填的是“{text}”")
        scale = self._packet.rubric.scale
        rule = f"应为 {scale.least:g}–{scale.most:g} 的数，每档 {scale.step:g}"
        return scores, "；".join([*wrong, f"{rule}。请改正后再保存。"]) if wrong else None

    def _build(self, criteria: tuple[Criterion, ...]) -> None:
        self.entries = {criterion.id: _entry(criterion) for criterion in criteria}
        for entry in self.entries.values():
            entry.mark.observe(self._edited, "value")
        self._criteria.children = [_line(entry) for entry in self.entries.values()]

    def _edited(self, _: object) -> None:
        if not self._filling:
            self._refresh()
            self._on_edit()

    def _refresh(self) -> None:
        packet, (scores, _) = self._packet, self.read()
        for name, entry in self.entries.items():
            wrong = name not in scores and entry.mark.value.strip()
            (entry.mark.add_class if wrong else entry.mark.remove_class)("wrong")
            _show_levels(entry, scores.get(name))
        scale = packet.rubric.scale
        unexplained = packet.unexplained(self._case, scores, self.comment.value)
        self.comment.placeholder = "评语（必填，说明理由）" if unexplained else "评语（可不填）"
        self._total.value = render(
            "total",
            total=packet.total(self._case, scores),
            missing=len(self.entries) - len(scores),
            unexplained=unexplained,
            below=scale.comment_below,
            upto=scale.comment_from,
        )


def parse_mark(text: str, scale: Scale) -> float | None:
    """Return a mark on the scale, or None when the text is none (full-width digits are read)."""
    try:
        mark = float(text)
    except ValueError:
        return None
    steps = (mark - scale.least) / scale.step
    on_step = scale.least <= mark <= scale.most and abs(steps - round(steps)) < 1e-9
    return mark if on_step else None


def _entry(criterion: Criterion) -> Entry:
    mark = styled(widgets.Text(placeholder="未评"), "kj-mark", f"kj-mark-{criterion.id}")
    return Entry(criterion, mark, html())


def _line(entry: Entry) -> widgets.VBox:
    criterion = entry.criterion
    words = render("criterion", title=criterion.title, weight=criterion.weight)
    title = styled(html(words), "kj-left")
    line = row(title, entry.mark, classes=("kj-line",))
    return column(line, entry.levels, classes=("kj-criterion",))


def _show_levels(entry: Entry, mark: float | None) -> None:
    levels = entry.criterion.levels
    reached = [level for level in levels if mark is not None and mark >= level.least]
    now = max(reached, key=lambda level: level.least, default=None)
    page = render("levels", ask=entry.criterion.ask, levels=levels, now=now)
    if entry.levels.value != page:
        entry.levels.value = page
