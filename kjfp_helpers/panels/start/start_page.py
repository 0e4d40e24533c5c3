"""Start page: the steps of the year with what is open in each, and the next act, run in place."""

import anywidget
import ipywidgets as widgets
import traitlets

from kjfp_helpers.core.errors import InboxError, KjfpError
from kjfp_helpers.infra.page_scripts.esm_bundle import bundle_modules
from kjfp_helpers.intake.inbox_listing import list_inbox
from kjfp_helpers.panels.pages.scoring_oversight_page import (
    ScoringOversight,
    build_scoring_oversight,
)
from kjfp_helpers.panels.start.command_run import CommandRun, Progress, is_recent, result_lines
from kjfp_helpers.panels.start.step_list import StepList
from kjfp_helpers.panels.widgets.html_templates import render_message, render_template
from kjfp_helpers.panels.widgets.screen_frame import (
    HERE,
    build_screen,
    explain_error,
    hbox,
    html_widget,
    screen,
    set_visible,
    vbox,
)
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.progress.progress_step import StepCommand
from kjfp_helpers.state.secretary.progress.review_steps import REPORTS, SITE
from kjfp_helpers.state.secretary.progress.round_progress import describe_freeze

TITLE = "开始与进度"
RUNNING_SECONDS, WAITING_SECONDS = 0.5, 3.0
"""Between two looks: while a command runs, and otherwise."""


class PageRefresher(anywidget.AnyWidget):
    """Asks for a look while the page is before somebody's eyes; says aloud what is under way."""

    _esm = bundle_modules(HERE / "page" / "pageRefresher.js")
    spoken = traitlets.Unicode().tag(sync=True)
    """Text of the page's live region, for screen readers."""
    seconds = traitlets.Float(WAITING_SECONDS).tag(sync=True)


@screen(TITLE, "start")
def show_start(session: RoundSession) -> widgets.Widget:
    """Return the round as it stands, refreshed by itself: steps, next act, members' progress."""
    return StartPage(session).widget


class StartPage:
    """The page; what a command or another person changes is drawn at the next look."""

    def __init__(self, session: RoundSession) -> None:
        self._session, self._run = session, CommandRun(session)
        self._asked: StepCommand | None = None
        self._refresher = PageRefresher()
        self._refresher.on_msg(lambda *_: self._look())
        self._about, self._told, self._running = html_widget(), html_widget(), html_widget()
        self._members = vbox()
        self._oversight: ScoringOversight | None = None
        self._question = html_widget()
        confirm = widgets.Button(description="确认办理", button_style="primary")
        cancel = widgets.Button(description="取消")
        confirm.on_click(lambda _: self._asked and self._start(self._asked))
        cancel.on_click(lambda _: self._ask(None))
        self._confirming = vbox(self._question, hbox(confirm, cancel), classes=("kj-pane",))
        self._steps = StepList(session, self._ask)
        self._seen: object = None
        self._refused = self._failure = ""
        notice = session.round.notice.round
        self.widget = build_screen(
            session,
            notice.title,
            self._refresher,
            self._about,
            self._confirming,
            self._running,
            self._told,
            self._steps.widget,
            self._members,
            note=notice.document,
        )
        self._ask(None)
        self._draw_changes()

    def _ask(self, command: StepCommand | None) -> None:
        """Start a command, or ask first where it has a consequence; ``None`` drops the question."""
        if command is not None and not command.consequence:
            return self._start(command)
        self._asked = command
        set_visible(self._confirming, command is not None)
        if command is not None:
            self._question.value = render_template("start_question", command=command)

    def _start(self, command: StepCommand) -> None:
        self._ask(None)
        self._refused = ""
        if not self._run.is_running and not self._run.other_holder():
            try:
                self._run.start(command)
            except (KjfpError, OSError) as error:
                self._refused = render_message(explain_error(error), title="不能开始办理")
        self._look()

    def _look(self) -> None:
        """Show how far a command is; draw the page anew where something changed."""
        holder, running = self._run.other_holder(), self._run.is_running
        self._steps.set_enabled(not running and not holder)
        self._refresher.seconds = RUNNING_SECONDS if running or holder else WAITING_SECONDS
        progress = self._run.progress() or (Progress(title="") if holder else None)
        shown = render_template("start_running", progress=progress, holder=holder)
        self._running.value = shown if progress else ""
        self._refresher.spoken = _spoken(progress, holder)
        self._draw_changes()

    def _draw_changes(self) -> None:
        """Draw the page anew where something changed; what failed is tried at the next look."""
        try:
            seen = self._signature()
            if seen != self._seen:
                self._draw()
            self._seen, self._failure = seen, ""
        except KjfpError as error:
            self._failure = render_message(str(error))
        self._told.value = self._result() + self._refused + self._failure

    def _result(self) -> str:
        """Show how the last command ended, whoever ran it: until the next one, for a day."""
        last = next(iter(self._run.results()), None)
        if last is None or self._run.is_running or not is_recent(last):
            return ""
        return render_template("start_result", run=last, lines=result_lines(last))

    def _signature(self) -> object:
        """Return what the page depends on, cheaply: events, inbox, what was written."""
        try:
            inbox = len(list_inbox(self._session.round.inbox))
        except InboxError:
            inbox = 0
        outputs = self._session.outputs
        written = [(outputs / name).exists() for name in (REPORTS, SITE)]
        return self._session.ledger.head(), inbox, written, self._run.shown()

    def _draw(self) -> None:
        session = self._session
        state = session.current_state(require_frozen=False) if session.received.exists() else None
        self._about.value = render_template(
            "start",
            notice=session.round.notice.round,
            name=session.round.name,
            units=len(session.round.units),
            freeze=describe_freeze(session),
            default_rubric=session.round.rubric.default,
        )
        self._steps.draw(state, self._run.shown())
        self._draw_members(state)

    def _draw_members(self, state: RoundState | None) -> None:
        """Show the members' progress: built once, so that what is typed and open there stays."""
        if state is None or state.scores.readings.empty:
            self._members.children = ()
            return
        self._session.current_state()  # raises before any widget is made
        if self._oversight is None:
            self._oversight = build_scoring_oversight(self._session)
        else:
            self._oversight.draw()
        self._members.children = (self._oversight.widget,)


def _spoken(progress: Progress | None, holder: str) -> str:
    """Return what a screen reader says of a command: its step, not how far that is."""
    if holder:
        return f"另一处正在运行：{holder}"
    return f"正在办理：{progress.title}" if progress else ""
