"""What an opening of a page leaves in its kernel, once no window shows it any more."""

import comm
import ipywidgets as widgets
import pytest

from kjfp_helpers import panels
from kjfp_helpers.panels.widgets.open_windows import (
    ANSWER_SECONDS,
    KeyGuard,
    OpenWindows,
    close_tree,
)
from support.rounds.panel_round import open_round


class Page:
    """A page that is opened again and again; ``answer`` is what a window that shows it sends."""

    def __init__(self):
        self.now, self.due = 100.0, []
        self.windows = OpenWindows(lambda: self.now, lambda _, act: self.due.append(act))

    def open(self, wait=ANSWER_SECONDS + 1):
        self.now += wait
        guard, inner = KeyGuard(), widgets.Text()
        screen = widgets.VBox([guard, widgets.Tab([inner])])
        self.windows.add(object(), screen, guard)
        return screen, inner, guard

    @staticmethod
    def answer(guard, shown=True):
        guard._handle_custom_msg({"shown": shown}, [])


def is_open(*found):
    return [one.comm is not None for one in found]


def test_what_its_window_left_is_closed_once_its_last_words_are_handled():
    page = Page()
    screen, inner, guard = page.open()
    other, *_ = page.open()
    page.answer(guard, shown=False)
    page.answer(guard, shown=False)
    assert all(is_open(screen, inner, other))
    for act in page.due:
        act()
    assert is_open(screen, inner, other) == [False, False, True]


def test_what_no_window_answers_for_is_closed_whole():
    page = Page()
    screen, inner, _ = page.open()
    parts = screen, inner, screen.layout, inner.style
    page.open()
    assert all(is_open(*parts)), "it is asked first"
    page.open()
    assert not any(is_open(*parts))


def test_a_kernel_never_holds_more_than_the_last_openings():
    page = Page()
    screens = [page.open()[0] for _ in range(12)]
    assert is_open(*screens) == [False] * 10 + [True] * 2


def test_a_page_that_another_window_shows_stays():
    page = Page()
    screen, inner, guard = page.open()
    for _ in range(5):
        page.open()
        page.answer(guard)
    assert all(is_open(screen, inner))
    page.open()
    page.open()
    assert not any(is_open(screen, inner)), "its window was closed"


def test_a_window_has_time_to_answer():
    page = Page()
    screen, *_ = page.open()
    for _ in range(3):
        page.open(wait=ANSWER_SECONDS / 4)
    assert is_open(screen) == [True]


def test_screens_of_one_opening_belong_together():
    windows, session = OpenWindows(clock=lambda: 1.0), object()
    screens = []
    for _ in range(2):
        guard = KeyGuard()
        screens.append(widgets.VBox([guard]))
        windows.add(session, screens[-1], guard)
    assert all(is_open(*screens))


@pytest.mark.slow
def test_a_screen_that_is_closed_leaves_no_widget_in_the_kernel(tmp_path):
    def held():
        return {*comm.get_comm_manager().comms}

    session = open_round(tmp_path)
    for show in (
        panels.show_start,
        panels.show_intake,
        panels.show_stocktake,
        panels.show_results,
        panels.show_publication,
    ):
        before = held()
        close_tree(show(session))
        assert held() == before, show.__name__
