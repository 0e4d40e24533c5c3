"""The reply to who objected: written, kept in the round's folder, recorded."""

from datetime import date

from kjfp_helpers.commands.publication.objection_acts import find_objection, view_objector
from kjfp_helpers.core.errors import NotReadyError
from kjfp_helpers.core.events import Event, ObjectionReplied
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.reports.office.letters.objection_reply import write_objection_reply
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.publication.objection_files import ObjectionFiles


def reply_to_objection(session: RoundSession, number: int, day: date) -> Event:
    """Write the reply to a named objection that was ruled on, and record it.

    The reply bears the objector's name and therefore stays in the round's folder; that the name
    was looked at is recorded.

    Raises
    ------
    ParameterError
        When there is no such objection.
    NotReadyError
        When it is anonymous, or not ruled on.
    OutputError
        When the reply cannot be written.
    """
    objection = find_objection(session, number)
    objector = view_objector(session, number)
    if objector is None or objection.ruled is None:
        raise NotReadyError(
            f"第{number}号异议的答复",
            expected="实名、已经裁定的异议",
            found="匿名，没有答复的对象" if objector is None else "还没有裁定",
            advice="匿名的只登记和核查" if objector is None else "先登记核查结果和裁定",
        )
    content = write_objection_reply(session.current_state(), objection, objector, day)
    files = ObjectionFiles(session.round.folder)
    path = files.store_reply(number, f"答复-{objection.ruled.seq}-{day}.docx", content)
    body = ObjectionReplied(
        number=number,
        day=str(day),
        path=path.relative_to(session.round.folder).as_posix(),
        sha256=sha256_file(path),
    )
    return session.record(body)[0]
