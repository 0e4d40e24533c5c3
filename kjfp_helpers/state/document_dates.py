"""Document date: the date printed on all documents, recorded when it changes."""

from datetime import date

from kjfp_helpers.core.events import DocumentDateSet
from kjfp_helpers.eligibility.history.lateness import arrival_time
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.session import RoundSession, current_time


def set_document_date(session: RoundSession, as_of: date | None = None) -> date:
    """Record the day of the papers, where it is another than before; return it.

    Parameters
    ----------
    session : RoundSession
        The round; a rehearsal's own clock needs no record.
    as_of : date, optional
        The day; by default today, in a rehearsal that of its clock.

    Raises
    ------
    LedgerError, AccessError
        When it cannot be recorded.
    """
    day, last = (
        as_of or current_time(session.round).date(),
        session.ledger.events().last(DocumentDateSet),
    )
    own = session.round.notice.round.clock
    known = last.day if last else str(own.date()) if own else ""
    if known != str(day):
        session.record(DocumentDateSet(day=str(day)))
    return day


def find_date_set_today(session: RoundSession) -> date | None:
    """Return the day that was given to the papers earlier today, None where none was.

    A rehearsal's day is that of its papers whenever it was given.
    """
    if session.round.rehearsal:
        return session.current_state().submissions.letters.day
    now = current_time(session.round)
    for event in session.ledger.events().of(DocumentDateSet)[-1:]:
        if event.at.astimezone(now.tzinfo).date() == now.date():
            return date.fromisoformat(event.body.day)
    return None


def note_later_mail(state: RoundState) -> str:
    """Say in Chinese that messages came after the day of the papers, ``""`` for none."""
    day = state.submissions.letters.day
    came = [
        at.date()
        for mail in state.submissions.intake.mails
        if (at := arrival_time(state.round, mail))
    ]
    later = [at for at in came if day and at > day]
    if not day or not later:
        return ""
    last = max(later)
    return (
        f"成文日期{_words(day)}早于{len(later)}封来件（最晚{_words(last)}收到），"
        "信函仍按全部来件办理，请核对 --as-of"
    )


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
