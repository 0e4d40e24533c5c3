"""The saved state of a screen: it says saved only after the ledger has the event."""

import uuid

from markupsafe import Markup

from kjfp_helpers.core.errors import KjfpError, ResultUnknown
from kjfp_helpers.core.events import EventBody
from kjfp_helpers.panels.widgets.screen_frame import html_widget
from kjfp_helpers.state import RoundSession


class SaveStatus:
    """Records decisions for one person and shows what became of the last one."""

    def __init__(self, session: RoundSession, actor: str, *, before: str = "尚未保存") -> None:
        self._session, self._actor, self._before = session, actor, before
        self.is_dirty = False
        self._unsure: tuple[tuple[EventBody, ...], str, str] | None = None
        self.widget = html_widget()
        self.widget.add_class("kj-saving")
        self.show_saved(None)

    def show_saved(self, seq: int | None, note: str = "") -> None:
        """Show the state of what is on screen as the ledger holds it; ``seq`` None: nothing."""
        self.is_dirty = False
        if seq is None:
            self._show("idle", self._before, note)
        else:
            self._show("saved", f"已保存 #{seq}", note)

    def mark_edited(self) -> None:
        """Mark what is on screen as edited and not saved."""
        self.is_dirty = True
        self._show("dirty", "有改动，未保存")

    def show_failure(self, reason: str) -> None:
        """Say loudly that nothing was saved."""
        self._show("failed", f"未保存：{reason}")

    def record(self, *bodies: EventBody, note: str = "", actor: str = "") -> int | None:
        """Append decisions; return the number of the last event, or None with the reason shown.

        What is pressed again unchanged, because nobody knows what became of it, is the same
        request, which the ledger takes once.
        """
        who, request = actor or self._actor, uuid.uuid4().hex
        if self._unsure is not None and self._unsure[:2] == (bodies, who):
            request = self._unsure[2]
        try:
            events = self._session.record(*bodies, actor=who, request=request)
        except ResultUnknown as error:
            self._unsure = (bodies, who, request)
            self._show("failed", f"结果未知：{error}")
            return None
        except KjfpError as error:
            self.show_failure(str(error))
            return None
        except Exception as error:  # whatever failed, the person must not think it was saved
            self.show_failure(
                f"写入出错（{type(error).__name__}）。请勿关闭页面，告知工作人员后重试。"
            )
            return None
        self._unsure = None
        self.show_saved(events[-1].seq, note)
        return int(events[-1].seq)

    def record_if_valid(
        self, problem: str | None, *bodies: EventBody, note: str = "", actor: str = ""
    ) -> int | None:
        """Record unless there is a problem with what was entered, which is shown instead."""
        if problem:
            self.show_failure(problem)
            return None
        return self.record(*bodies, note=note, actor=actor)

    def _show(self, state: str, word: str, note: str = "") -> None:
        page = Markup('<span class="kj-state {}">{}</span> <span class="kj-small">{}</span>')
        self.widget.value = str(page.format(state, word, note))
