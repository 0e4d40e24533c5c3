"""Message protocol between a page and its kernel: messages in, events and answers out.

A page holds its cases and draws them by itself; it speaks to the kernel only to have something
recorded. Messages are plain JSON dictionaries. Every message of a page carries ``type``,
``window`` (which page speaks) and, where it asks for something to be recorded, ``request_id``
(given by the page; a request sent twice is recorded once) and ``packet``. Every reply carries
``to`` (the window) and the ``request_id`` it answers.

Page to kernel

==============  =================================================================================
``hello``       the page opened; answered by ``welcome``
``ping``        the page is alive and keeps its seat; answered by ``pong``
``takeover``    this window takes the seat from another one; answered by ``welcome``
``leave``       the page closes; not answered
``save``        ``case answers comment base_seq``: marks as typed, on top of the state ``base_seq``
``undo``        ``case base_seq``: a new event that brings the earlier marks back
``park``        ``case parked``: put aside, or take up again
``recuse``      ``case reason kind``
``declare``     ``statement``: ties beyond those found by rule; a later one adds to the first
``retract``     ``event_seq reason``: a declaration or a recusal is taken back
``seal``        the packet is finished
``reopen``      ``reason``: a sealed packet is opened again
``sheet``       asks for the printed sheet; answered by ``sheet``
``card``        ``case``: asks for what is read of a case; answered by ``card``
``photo``       ``case``: asks for a person's photo after the reveal; answered by ``photo``
==============  =================================================================================

Kernel to page

==============  =================================================================================
``welcome``     the whole packet: cases, questions, own marks, rules, whether it may be written;
                ``locked`` says in Chinese why nothing may be written at all, ``""`` where it may
``pong``        ``readonly``: whether another window holds the seat
``saved``       ``event_seq``, durable by now, and the ``case`` as it stands
``refused``     ``reason`` in Chinese; with ``retry`` the same request may be sent again
``stale``       ``case`` as it stands: it was changed elsewhere after ``base_seq``
``readonly``    another window holds the seat; nothing recorded
``sheet``       ``page``: HTML of the printed sheet
``card``        ``case`` and its ``page`` in HTML, null where it may not be read; with ``renew``
                the packet is no longer what the page holds: it says hello again
``photo``       ``case`` and its ``photo`` as a data address, null where there is none; ``renew``
==============  =================================================================================

A case carries ``event_seq`` of its last event, which the page sends back as ``base_seq``, and
``undo_seq`` of the event that an undo would revert. ``base_seq`` is compared within the
transaction that records, so that a page that was left open never overwrites a newer mark.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kjfp_helpers.core.errors import AccessError, KjfpError
from kjfp_helpers.core.events import Event, EventBody
from kjfp_helpers.panel_review.scoring.member_packet import COMMENT_LIMIT
from kjfp_helpers.state import RoundSession

Message = Mapping[str, Any]
Reply = dict[str, Any]
Command = Callable[[Message], Iterable[EventBody]]

LEASE_SECONDS = 8
"""Seconds after which the seat of a window that says nothing is free."""


class Rejected(Exception):
    """Nothing is to be recorded; the answer says why."""

    def __init__(self, **reply: Any) -> None:
        super().__init__(reply["type"])
        self.reply: Reply = reply


def rejection(reason: str, *, retry: bool = False) -> Rejected:
    """Return a refusal in words for the person at the page."""
    return Rejected(type="refused", reason=reason, retry=retry)


class MessageHandler(ABC):
    """One person's side of a screen, in the kernel. Subclasses say what may be recorded.

    Parameters
    ----------
    session : RoundSession
        Where events are recorded.
    person : str
        Whose seat it is.
    actor : str
        Who is recorded as acting.
    seen : int
        Number of the last event that is known already.
    """

    commands: Mapping[str, Command]
    """What a message may have recorded, by its type."""
    queries: Mapping[str, Callable[[Message], Reply]]
    """What a message may ask for without anything being recorded."""
    event_type: type
    """Event that the screen is for: who may not have it recorded only looks on."""
    member = ""
    """Whose packet it is, ``""`` for nobody's."""

    def __init__(self, session: RoundSession, person: str, actor: str, seen: int) -> None:
        self._session, self._person, self._actor, self._last_seq = session, person, actor, seen
        self._lock_reason = self.lock_reason()

    @abstractmethod
    def welcome(self) -> Reply:
        """Return everything the page shows."""

    @abstractmethod
    def apply_event(self, event: Event) -> None:
        """Take an event into the state."""

    @abstractmethod
    def describe_result(self, message: Message) -> Reply:
        """Return what the page needs to know after a message was recorded."""

    def lock_reason(self) -> str:
        """Return in Chinese why nothing may be written here at all, ``""`` where it may."""
        access = self._session.access()
        if access.may_record(self.event_type, self.member):
            return ""
        return f"您登录的账号“{access.user}”的身份是：{access.description}，本页只能看。"

    def handle(self, message: Message) -> Reply | None:
        """Return the answer to a message; whatever fails, it never says saved."""
        to = {"to": message.get("window"), "request_id": message.get("request_id")}
        try:
            reply = self._reply_to(message)
        except Rejected as rejected:
            reply = rejected.reply
        except KjfpError as error:
            reply = rejection(str(error), retry=not isinstance(error, AccessError)).reply
        except Exception as error:  # the person must not think that it was saved
            reason = f"写入出错（{type(error).__name__}）。请勿关闭页面，告知工作人员。"
            reply = rejection(reason, retry=True).reply
        return {**reply, **to} if reply else None

    def _reply_to(self, message: Message) -> Reply | None:
        kind, window = str(message.get("type")), str(message.get("window"))
        if kind in ("hello", "takeover"):
            self._catch_up()
            told = self.welcome()
            self._lock_reason = self.lock_reason()
            readonly = not self._holds_lease(window, force=kind == "takeover")
            return {**told, "type": "welcome", "readonly": readonly, "locked": self._lock_reason}
        if kind == "ping":
            return {"type": "pong", "readonly": not self._holds_lease(window)}
        if kind == "leave":
            self._session.ledger.edit_leases.release(self._person, window)
            return None
        if kind in self.queries:
            self._catch_up()
            return {"type": kind, **self.queries[kind](message)}
        if kind not in self.commands:
            raise rejection("本页与程序的版本不一致，请重新打开本页。")
        if self._lock_reason:
            raise rejection(self._lock_reason)
        if not self._holds_lease(window):
            raise Rejected(type="readonly")
        seq = self._record(self.commands[kind], message)
        return {"type": "saved", "event_seq": seq, **self.describe_result(message)}

    def _holds_lease(self, window: str, *, force: bool = False) -> bool:
        """Whether a window has the seat; who only looks on never takes it from its owner."""
        if self._lock_reason:
            return False
        return self._session.ledger.edit_leases.acquire(
            self._person, window, seconds=LEASE_SECONDS, force=force
        )

    def _catch_up(self) -> None:
        for event in self._session.ledger.events(after=self._last_seq):
            self._apply(event)

    def _record(self, act: Command, message: Message) -> int:
        def choose(news: tuple[Event, ...]) -> Iterable[EventBody]:
            for event in news:  # shown again where a lost connection had it asked again
                if event.seq > self._last_seq:
                    self._apply(event)
            return act(message)

        events = self._session.record_atomically(choose, after=self._last_seq, actor=self._actor)
        for event in events:
            self._apply(event)
        return events[-1].seq

    def _apply(self, event: Event) -> None:
        self._last_seq = event.seq
        self.apply_event(event)


def checked_text(text: object) -> str:
    """Return what a person wrote, trimmed; blank for anything that is no text."""
    written = text.strip() if isinstance(text, str) else ""
    if len(written) > COMMENT_LIMIT:
        raise rejection(f"文字共 {len(written)} 字，至多 {COMMENT_LIMIT} 字，请删减。")
    return written
