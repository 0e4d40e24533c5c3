"""The reply to who objected (异议答复函): what was ruled and why, nothing of other objectors."""

from datetime import date
from typing import TYPE_CHECKING

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState
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
            document.add_paragraph(line)
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
