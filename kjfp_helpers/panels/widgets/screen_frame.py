"""Frame shared by all screens: style, key guard, banner, messages, opening a round."""

from collections.abc import Callable, Mapping
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError, os_error_reason
from kjfp_helpers.panels.widgets.html_templates import render_message, render_template
from kjfp_helpers.panels.widgets.open_windows import KeyGuard, OpenWindows
from kjfp_helpers.reports.notebook_parameters import is_batch_run, require_declared_parameters
from kjfp_helpers.state import RoundSession, UnopenedRound
from kjfp_helpers.state.access import Access
from kjfp_helpers.state.printed_heads import require_known_heads

Build = TypeVar("Build", bound=Callable[..., Any])

HERE = Path(__file__).parent


_WINDOWS = OpenWindows()


def open_session(
    round_dir: str | Path, outputs_dir: str | Path | None = None, *, create: bool = False
) -> RoundSession | UnopenedRound:
    """Open a round for the screens; one that cannot be opened tells them why.

    A relative path counts from the project folder around the working folder, so that the same
    notebook works from ``notebooks/`` and from ``outputs/<round>/workbook/``. With ``create`` a
    round that has received nothing yet gets its ledger.

    Raises
    ------
    ParameterError
        When the notebook was given a parameter that it does not have.
    KjfpError
        When papermill runs the notebook and the round cannot be opened: nobody would see a message.
    """
    require_declared_parameters()
    try:
        outputs = str(outputs_dir) if outputs_dir else None
        return RoundSession.open(str(round_dir), outputs, create=create)
    except (KjfpError, OSError) as error:
        if is_batch_run():
            raise
        return UnopenedRound(explain_error(error))


def _may_open(access: Access, names: tuple[str, ...]) -> bool:
    """Return whether the account may open one of the screens; papermill is stopped where not."""
    if is_batch_run():
        access.require_screen(*names)
    return any(map(access.may_open, names))


def explain_error(error: KjfpError | OSError) -> str:
    """Return what to say of an error: its own sentence, or why the system refused a file."""
    if isinstance(error, KjfpError):
        return str(error)
    name = Path(str(error.filename or "")).name or "文件"
    return f"{name}：{os_error_reason(error)}。请核对磁盘和文件权限，仍不行请告诉工作人员。"


def screen(title: str, *names: str) -> Callable[[Build], Build]:
    """Make a function that builds a screen show known errors as a message, not a traceback.

    ``names`` are the screens of :data:`kjfp_helpers.state.access.SCREEN_PERMISSIONS` that it is;
    to an account that may open none of them it says so, and nothing of the round is derived.
    Over documents of a later ledger it shows nothing but that: what is decided on a screen must
    not go into an older copy. Until mail is registered, all but the start page say only that.
    Where papermill runs the notebook an error stops it: nobody would see a message.
    """

    def decorate(build: Build) -> Build:
        @wraps(build)
        def guarded(
            session: RoundSession | UnopenedRound, *args: Any, **kwargs: Any
        ) -> widgets.Widget:
            if isinstance(session, UnopenedRound):
                return build_screen(session, title, _failure_widget(session.problem))
            try:
                access = session.access()
                if not _may_open(access, names):
                    return build_screen(
                        session, title, message_widget(*access.explain_refusal(names[0]))
                    )
                require_known_heads(session)
                if "start" not in names and not session.received.exists():
                    return build_screen(session, title, _nothing_received(session))
                return build(session, *args, **kwargs)
            except (KjfpError, OSError) as error:
                if is_batch_run():
                    raise
                return build_screen(session, title, _failure_widget(explain_error(error)))

        return cast(Build, guarded)

    return decorate


def build_screen(
    session: RoundSession | UnopenedRound, title: str, *children: widgets.Widget, note: str = ""
) -> widgets.VBox:
    """Return a whole screen under its heading, marked 演练 in a rehearsal."""
    rehearsal = isinstance(session, RoundSession) and session.round.rehearsal
    head = render_template("head", title=title, note=note, rehearsal=rehearsal)
    guard = KeyGuard()
    box = widgets.VBox([_style(), guard, html_widget(head), *children])
    box.add_class("kjfp-panel")
    _WINDOWS.add(session, box, guard)
    return box


def html_widget(page: str = "", *classes: str) -> widgets.HTML:
    """Return a widget that shows a rendered page."""
    return add_classes(widgets.HTML(str(page)), *classes)


def message_widget(problem: str, advice: str = "", *, setup: bool = False) -> widgets.HTML:
    """Return a loud message: what is wrong, and what to do; see :func:`render_message`."""
    return html_widget(render_message(problem, advice, setup=setup))


def empty_widget(title: str, advice: str, *, to_start: bool = True) -> widgets.HTML:
    """Return a calm message: what is not there yet, and what will bring it."""
    return html_widget(render_message("", advice, title=title, tone="info", to_start=to_start))


def _failure_widget(problem: str) -> widgets.HTML:
    kept = "已保存的内容不受影响。按上面所说处理后，刷新本页（F5）即可。"
    return html_widget(render_message(problem, kept, title="本页暂时打不开"))


def _nothing_received(session: RoundSession) -> widgets.HTML:
    place = f"data/{session.round.name}/inbox"
    advice = f"把收到的邮件（.eml）放入文件夹 {place}，再到“开始与进度”点“登记来件”。"
    return empty_widget("还没有登记来件", advice)


def add_classes(widget: widgets.Widget, *classes: str) -> widgets.Widget:
    """Return the widget with style classes added."""
    for name in classes:
        widget.add_class(name)
    return widget


def name_control(control: widgets.Widget, name: str) -> widgets.Widget:
    """Return a control with a name that screen readers say and nobody sees."""
    if control.has_trait("description") and not control.description:
        control.description = name
        control.add_class("kj-named")
    return control


def hbox(*children: widgets.Widget, classes: tuple[str, ...] = ("kj-tools",)) -> widgets.HBox:
    """Return widgets side by side."""
    return add_classes(widgets.HBox(list(children)), *classes)


def vbox(*children: widgets.Widget, classes: tuple[str, ...] = ()) -> widgets.VBox:
    """Return widgets one below the other."""
    return add_classes(widgets.VBox(list(children)), *classes)


def offer_choices(control: widgets.Dropdown, named: Mapping[str, str]) -> None:
    """Offer values with their labels; what is chosen stays as long as it is offered.

    A control that offers them already is not touched: whoever has it open goes on.
    """
    options = (("请选择", ""), *((label, value) for value, label in named.items()))
    if control.options == options:
        return
    chosen = control.value
    control.options = options
    control.value = chosen if chosen in named else ""


def set_visible(widget: widgets.Widget, visible: bool) -> None:
    """Show a widget or take it off the screen."""
    (widget.remove_class if visible else widget.add_class)("kj-gone")


def _style() -> widgets.HTML:
    return widgets.HTML(f"<style>{stylesheet()}</style>", layout={"height": "0", "margin": "0"})


@cache
def stylesheet() -> str:
    """Return the style of every screen."""
    return (HERE / "panel.css").read_text("utf-8")
