"""The saved state of a screen: it says saved only after the ledger has the event."""

import uuid

from markupsafe import Markup

from kjfp_helpers.core.errors import KjfpError, ResultUnknown
from kjfp_helpers.core.events import EventBody
from kjfp_helpers.panels.widgets.layout import html
from kjfp_helpers.state import RoundSession


class Saving:
    """Records decisions for one person and shows what became of the last one."""

    def __init__(self, session: RoundSession, actor: str, *, before: str = "尚未保存过") -> None:
        self._session, self._actor, self._before = session, actor, before
        self.dirty = False
        self._unsure: tuple[tuple[EventBody, ...], str, str] | None = None
        self.widget = html()
        self.widget.add_class("kj-saving")
        self.rest(None)

    def rest(self, seq: int | None, note: str = "") -> None:
        """Show the state of what is on screen as the ledger holds it; ``seq`` None: nothing."""
        self.dirty = False
        if seq is None:
            self._say("idle", self._before, note)
        else:
            self._say("saved", f"已保存 #{seq}", note)

    def touch(self) -> None:
        """Mark what is on screen as edited and not saved."""
        self.dirty = True
        self._say("dirty", "有改动，未保存")

    def fail(self, reason: str) -> None:
        """Say loudly that nothing was saved."""
        self._say("failed", f"未保存：{reason}")

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
            self._say("failed", f"结果未知：{error}")
            return None
        except KjfpError as error:
            self.fail(str(error))
            return None
        except Exception as error:  # whatever failed, the person must not think it was saved
            self.fail(f"写入出错（{type(error).__name__}）。请勿关闭页面，告知工作人员后重试。")
            return None
        self._unsure = None
        self.rest(events[-1].seq, note)
        return int(events[-1].seq)

    def guard(
        self, problem: str | None, *bodies: EventBody, note: str = "", actor: str = ""
    ) -> int | None:
        """Record unless there is a problem with what was entered, which is shown instead."""
        if problem:
            self.fail(problem)
            return None
        return self.record(*bodies, note=note, actor=actor)

    def _say(self, state: str, word: str, note: str = "") -> None:
        page = Markup('<span class="kj-state {}">{}</span> <span class="kj-small">{}</span>')
        self.widget.value = str(page.format(state, word, note))
