"""Windows that show a screen: what an earlier opening left behind is closed.

A page that is opened again runs its notebook in the same kernel. The widgets of the opening before
stay there, and Lab fetches all of them before it shows the new ones, so that each opening would be
slower than the last. A window that leaves a page says so, and its widgets are closed once what it
sent last is handled. One that ended without a word may still be there: each opening asks the
windows of the earlier ones, and what no window answered for is closed at the next.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import anywidget
import ipywidgets as widgets

from kjfp_helpers.infra.page_scripts.esm_bundle import bundle_modules

ANSWER_SECONDS = 10.0
"""Time in which a window answers, also a busy one."""

LAST_SECONDS = 1.0
"""Time in which what a leaving window sent behind its word is handled."""

Clock = Callable[[], float]
Later = Callable[[float, Callable[[], None]], None]


def _call_later(seconds: float, act: Callable[[], None]) -> None:
    """Call a function later in the kernel's loop; at once where none runs."""
    try:
        asyncio.get_running_loop().call_later(seconds, act)
    except RuntimeError:
        act()


class KeyGuard(anywidget.AnyWidget):
    """Stops key presses at a screen's root, where Lab would act on them; answers for its window."""

    _esm = bundle_modules(Path(__file__).parent / "page" / "keyGuard.js")


@dataclass(eq=False)
class Opening:
    """The screens that one run of a notebook built; ``asked_at`` is 0 while no window was asked."""

    session: object
    screens: list[widgets.Widget] = field(default_factory=list)
    guards: list[KeyGuard] = field(default_factory=list)
    asked_at: float = 0.0

    def ask(self, now: float) -> None:
        """Ask the windows whether one of them shows a screen of this opening."""
        self.asked_at = now
        for guard in self.guards:
            guard.send({"asks": "shown"})

    def close(self) -> None:
        """Close all its widgets."""
        for screen in self.screens:
            close_tree(screen)


class OpenWindows:
    """The openings of a kernel's notebook, oldest first."""

    def __init__(self, clock: Clock = time.monotonic, later: Later = _call_later) -> None:
        self._clock, self._later, self._openings = clock, later, list[Opening]()

    def add(self, session: object, screen: widgets.Widget, guard: KeyGuard) -> None:
        """Add a screen; with the first of a new opening the earlier ones are asked, or closed."""
        if not self._openings or self._openings[-1].session is not session:
            self._leave_earlier()
            self._openings.append(Opening(session))
        opening = self._openings[-1]
        opening.screens.append(screen)
        opening.guards.append(guard)

        def on_answer(_guard: KeyGuard, content: object, _buffers: object) -> None:
            if content == {"shown": True}:
                opening.asked_at = 0.0
            elif content == {"shown": False} and opening in self._openings:
                self._openings.remove(opening)
                self._later(LAST_SECONDS, opening.close)

        guard.on_msg(on_answer)

    def _leave_earlier(self) -> None:
        now, kept = self._clock(), list[Opening]()
        for opening in self._openings:
            if opening.asked_at and now - opening.asked_at > ANSWER_SECONDS:
                opening.close()
            else:
                kept.append(opening)
                if not opening.asked_at:
                    opening.ask(now)
        self._openings = kept


def close_tree(widget: widgets.Widget) -> None:
    """Close a widget that was replaced, with everything in it, its layout and its style."""
    for child in getattr(widget, "children", ()):
        close_tree(child)
    for part in ("layout", "style"):
        if isinstance(owned := getattr(widget, part, None), widgets.Widget):
            owned.close()
    widget.close()
