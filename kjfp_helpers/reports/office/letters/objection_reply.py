"""The reply to who objected (异议答复): what was ruled and why; kept in the round's folder."""

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from kjfp_helpers.core.errors import NotReadyError
from kjfp_helpers.core.events import ObjectionReplied
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.state.publication.objection_acts import find_objection, view_objector
from kjfp_helpers.state.publication.objection_files import ObjectionFiles

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundSession, RoundState
    from kjfp_helpers.state.publication.objection_files import Objector
    from kjfp_helpers.state.publication.objections import Objection


def write_objection_reply(
    state: "RoundState", objection: "Objection", objector: "Objector", day: date
) -> bytes:
    """Return the reply as a Word document.

    Parameters
    ----------
    state : RoundState
        The round.
    objection : Objection
        One that was ruled on.
    objector : Objector
        To whom the reply goes.
    day : date
        The day on it.
    """
    about, received = state.round.notice.round, objection.received.body
    document = OfficialDocument(rehearsal=about.rehearsal, letterhead=about.office)
    document.add_number(state.round.notice.office.open_number(day.year))
    document.add_title("关于公示异议办理情况的答复")
    document.add_recipient(objector.name)
    came = formatting.format_date(date.fromisoformat(received.at[:10]))
    document.add_paragraph(
        f"你于{came}反映的{about.title}公示名单有关问题（第{objection.number}号异议）收悉。"
        "经核查，现将办理情况答复如下。"
    )
    for title, text in _sections(state, objection):
        document.add_heading(title)
        for line in filter(None, mask_personal_numbers(text).splitlines()):
            document.add_paragraph(line if line[-1] in "。！？" else f"{line}。")
    document.add_paragraph("感谢你对评审工作的关心和监督。", keep=True)
    office = state.round.notice.office
    document.add_signature(
        about.office, formatting.format_date(day), seal=office.seal, contact=office.contact_line
    )
    return document.to_bytes()


def _sections(state: "RoundState", objection: "Objection") -> list[tuple[str, str]]:
    ruled = objection.ruled.body if objection.ruled else None
    if ruled is None:
        return []
    known = state.screening.case_by_id
    struck = "、".join(known[case].name for case in ruled.struck if case in known)
    moved = f"将{struck}撤出名单，另行公示。" if struck else "有关推荐对象的公示不作变动。"
    inquired = objection.inquired.body.findings if objection.inquired else ""
    sections = [("一、反映的问题", objection.received.body.subject)]
    sections += [("二、核查情况", inquired)] if inquired else []
    order = "三" if inquired else "二"
    return [
        *sections,
        (f"{order}、办理意见", f"所反映的问题{ruled.outcome}。{ruled.reason}\n{moved}"),
    ]


def make_reply(session: "RoundSession", number: int, day: date) -> ObjectionReplied:
    """Write the reply to a named objection that was ruled on; return the event to be recorded.

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
    path = files.store_reply(
        number, f"答复-{day}-{hashlib.sha256(content).hexdigest()[:8]}.docx", content
    )
    return ObjectionReplied(
        number=number,
        day=str(day),
        path=path.relative_to(session.round.folder).as_posix(),
        sha256=sha256_file(path),
    )
