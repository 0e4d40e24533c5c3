"""Entry of one ballot paper after the other: its number, and what it says of each case."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import BallotOpened
from kjfp_helpers.panels.meeting.search_picker import SearchLine
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.save_status import SaveStatus
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    hbox,
    html_widget,
    name_control,
    set_visible,
    vbox,
)
from kjfp_helpers.selection.ballot_papers import SPOILED, PaperCount, count_papers, list_serials
from kjfp_helpers.selection.point_papers import gives_points, paper_rule

YES, NO, ABSTAINED, NONE = "√", "×", "○", "－"
SIGN_TITLES = {YES: "赞成", NO: "反对", ABSTAINED: "弃权", NONE: "不投"}
"""Sign on a line of the papers to what is ticked for it."""

_EXAMPLES = {
    "approval": "已录入的票，一行一张，可以直接填写、改正，如 001 √√×○；√ 赞成、"
    "× 反对、○ 弃权、－ 回避不投、废",
    "allotment": "已录入的票，一行一张，可以直接填写、改正，如 001 5,3,2,0；"
    "各件的分数依次以逗号隔开，－ 不给分，废",
    "ranked": "已录入的票，一行一张，可以直接填写、改正，如 001 2,1,－；"
    "各件的名次依次以逗号隔开，－ 未填名次，废",
}
"""Way of voting to what the lines of papers look like."""


class PaperEntry(widgets.Accordion):  # type: ignore[misc]  # ipywidgets has no types
    """One paper's ticks, and the papers entered so far as lines that can be typed or corrected.

    ``saving`` tells what is wrong; ``on_summed`` gets what the papers sum up to.
    """

    def __init__(self, saving: SaveStatus, on_summed: Callable[[PaperCount], None]) -> None:
        self._saving, self._on_summed = saving, on_summed
        self._opened: BallotOpened | None = None
        self._rows: dict[str, tuple[str, widgets.Widget, widgets.HBox]] = {}
        self._serial = name_control(widgets.Text(layout={"width": "70px"}), "票号")
        self._spoiled = widgets.Checkbox(
            description="整张废票", indent=False, layout={"width": "110px"}
        )
        self._search = SearchLine()
        self._lines = name_control(
            widgets.Textarea(
                layout={"width": "420px", "height": "88px"},
            ),
            "逐票录入",
        )
        self._list, self._rest = add_classes(vbox(), "kj-ticks"), hbox()
        enter = widgets.Button(description="记下这张票")
        enter.on_click(lambda _: self._enter())
        sum_up = widgets.Button(description="按票汇总")
        sum_up.on_click(lambda _: self._sum_up())
        self._search.observe(lambda _: self._narrow(), "value")
        self._spoiled.observe(lambda _: self._show_list(), "value")
        title = html_widget(render_template("entry_title", title="票号"))
        paper = vbox(
            hbox(title, self._serial, self._spoiled, self._search, self._rest),
            self._list,
            hbox(enter),
            hbox(self._lines, sum_up),
        )
        super().__init__([paper], titles=("逐票录入（选用）",), selected_index=None)

    @property
    def lines(self) -> tuple[str, ...]:
        """The papers entered, a line each, as typed."""
        return tuple(line for line in self._lines.value.splitlines() if line.strip())

    def offer(self, opened: BallotOpened, names: Sequence[str]) -> None:
        """Begin anew with a vote and the names of its cases.

        A vote that breaks a tie knows no vote against a case.
        """
        self._opened = opened
        signs = [sign for sign in SIGN_TITLES if opened.purpose != "tie" or sign != NO]
        points = gives_points(opened)
        self._rows = {}
        for case, name in zip(opened.cases, names, strict=True):
            ticks = _number_entry(opened) if points else _sign_buttons(signs)
            label = f"{name}　{case}"
            title = render_template("ballot_case", name=name, case=case, recused=0)
            line = hbox(html_widget(title, "kj-votes-name"), name_control(ticks, label))
            self._rows[case] = label, ticks, add_classes(line, "kj-votes-row")
        self._rest.children = () if points else [self._rest_button(sign) for sign in signs[:-1]]
        self._lines.placeholder = _EXAMPLES[opened.voting]
        self.clear()

    def clear(self) -> None:
        """Forget the papers entered."""
        self._lines.value = ""
        self._begin_paper()

    def _rest_button(self, sign: str) -> widgets.Button:
        button = widgets.Button(description=f"其余{SIGN_TITLES[sign]}", layout={"width": "86px"})
        button.on_click(lambda _: self._fill(sign))
        return button

    def _fill(self, sign: str) -> None:
        for _, ticks, _line in self._rows.values():
            if ticks.value is None:
                ticks.value = sign

    def _narrow(self) -> None:
        self._list.children = [
            line for label, _, line in self._rows.values() if self._search.finds(label)
        ]

    def _show_list(self) -> None:
        for part in (self._list, self._rest, self._search):
            set_visible(part, not self._spoiled.value)

    def _begin_paper(self) -> None:
        """Blank the ticks, and put in the first number that is not entered yet."""
        self._search.value, self._spoiled.value = "", False
        for _, ticks, _line in self._rows.values():
            ticks.value = "" if isinstance(ticks, widgets.Text) else None
        entered = {line.split()[0].zfill(3) for line in self.lines}
        serials = list_serials(self._opened) if self._opened else ()
        self._serial.value = next((one for one in serials if one not in entered), "")
        self._narrow()
        self._show_list()

    def _enter(self) -> None:
        blank = [label for label, ticks, _ in self._rows.values() if ticks.value in (None, "")]
        if blank and not self._spoiled.value:
            named = f"{blank[0]}{'等' if len(blank) > 1 else ''}"
            self._saving.show_failure(f"这张票还有{len(blank)}件没有划：{named}。")
            return
        assert self._opened is not None
        separator = "," if gives_points(self._opened) else ""
        signs = separator.join(str(ticks.value) for _, ticks, _ in self._rows.values())
        said, serial = (SPOILED if self._spoiled.value else signs), self._serial.value.strip()
        lines = (*self.lines, f"{serial} {said}")
        if self._count(lines) is None:
            return
        self._lines.value = "\n".join(lines)
        self._begin_paper()
        self._saving.mark_edited()
        if said != SPOILED and count_papers(lines[-1:], self._opened).spoiled:
            why = (
                paper_rule(self._opened)
                if gives_points(self._opened)
                else f"赞成{said.count(YES)}件，超过至多{self._opened.most}件。"
            )
            self._saving.show_failure(f"{serial}号票已记下，按废票计：{why}")

    def _sum_up(self) -> None:
        counted = self._count(self.lines)
        if counted is not None:
            self._on_summed(counted)

    def _count(self, lines: Sequence[str]) -> PaperCount | None:
        """Return what papers sum up to; tell what is wrong with them."""
        assert self._opened is not None
        try:
            return count_papers(lines, self._opened)
        except KjfpError as error:
            self._saving.show_failure(str(error))
            return None


def _sign_buttons(signs: Sequence[str]) -> widgets.Widget:
    options = [(f"{sign} {SIGN_TITLES[sign]}", sign) for sign in signs]
    return widgets.ToggleButtons(options=options, value=None, style={"button_width": "86px"})


def _number_entry(opened: BallotOpened) -> widgets.Widget:
    """Return the field for a case's points or rank; ``－`` is typed where nothing is given."""
    what = "分数或－" if opened.voting == "allotment" else "名次或－"
    return widgets.Text(placeholder=what, layout={"width": "110px"})
