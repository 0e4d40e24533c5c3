"""``kjfp decision``: the decision to commend is issued, and after a revocation issued anew."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from kjfp_helpers.commands.publication.version_folders import next_version_number
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import NotReadyError, OutputError, ParameterError
from kjfp_helpers.core.events import (
    CommendationIssued,
)
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.reports.office.commendation.certificate_template import (
    CertificateTemplate,
    default_template,
)
from kjfp_helpers.reports.office.commendation.certificates import (
    number_certificates,
    write_certificates,
)
from kjfp_helpers.reports.office.commendation.commendation_terms import (
    CommendationVersion,
    count_commended,
)
from kjfp_helpers.reports.office.commendation.commendation_workbook import write_commendation_list
from kjfp_helpers.reports.office.commendation.decision_paper import write_decision
from kjfp_helpers.reports.office.writers.pdf_export import export_papers
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.publication.commendations import (
    due_cases,
    is_decision_due,
    list_commendations,
    revoked_cases,
    standing_commendation,
)
from kjfp_helpers.state.publication.list_versions import list_versions
from kjfp_helpers.state.publication.objections import list_objections
from kjfp_helpers.state.publication.published_notices import standing_notice
from kjfp_helpers.state.secretary.publication_gates import draft_line, list_gates

FOLDER = "decision"
"""Folder of the outputs with a folder for each version."""
DECISION, LIST = "表扬决定.docx", "表扬名单.xlsx"
Printer = Callable[[Path, list[Path]], list[Path]]
"""Prints .docx files below a folder as .pdf; returns the paths of those made."""


def issue_decision(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    day: date,
    number: str,
    reason: str = "",
    template: Path | None = None,
    printer: Printer | None = None,
) -> StepResult:
    """Write the next version of the decision and record it with the hash of every file.

    Parameters
    ----------
    session, on_progress
        The round, and the progress callback.
    day : date
        Date of the decision.
    number : str
        Number of the decision (发文字号).
    reason : str
        Why there is a further version; where something was revoked, that is the reason.
    template : Path, optional
        The office's own certificate; by default the one of the program.
    printer : callable, optional
        Prints the certificates too.

    Raises
    ------
    NotReadyError
        When the list was not published, its period runs, an objection is open, or nothing changed.
    ParameterError
        When number or reason are missing, or the template does not hold.
    OutputError
        When a file cannot be written.
    """
    on_progress(0, 2)
    state = session.current_state()
    version = _next_version(session, state, day, number.strip(), reason.strip())
    form = CertificateTemplate.read(template) if template else _default()
    folder = session.outputs / FOLDER / f"{version.number}"
    paths = [folder / DECISION, folder / LIST]
    write_decision(state, version, paths[0])
    earlier = [(one.body.cases, one.withdrawn is None) for one in list_commendations(state.events)]
    numbers = number_certificates(earlier, version.cases)
    write_commendation_list(state, version, numbers, paths[1])
    on_progress(1, 2)
    made = write_certificates(state, version, numbers, form, folder)
    printed = printer(folder, made) if printer and made else []
    files = {
        path.relative_to(session.outputs).as_posix(): sha256_file(path)
        for path in (*paths, *made, *printed)
    }
    body = CommendationIssued(
        version=version.number,
        document=version.document,
        day=str(day),
        cases=tuple(version.cases),
        files=files,
        reason=version.reason,
    )
    (event,) = session.record(body)
    on_progress(2, 2)
    notes = [
        f"第{version.number}版表扬决定（名单第{version.list_number}版）："
        f"{count_commended(version.cases)}，见 {FOLDER}/{version.number}/",
        f"证书{len(made)}份" + (f"，打印件{len(printed)}份" if printed else ""),
        f"已记入台账第{event.seq}条；文件不再改动，用印、送达由人工办理",
    ]
    return StepResult(len(files), notes=tuple(notes))


def print_certificates(folder: Path, certificates: list[Path]) -> list[Path]:
    """Print certificates beside themselves; return the prints.

    Raises
    ------
    OutputError
        When LibreOffice is not installed, or one could not be printed.
    """
    made = export_papers({path: path.with_suffix(".pdf") for path in certificates})
    if len(made) < len(certificates):
        raise OutputError(
            "证书的 PDF",
            expected=f"{len(certificates)}份",
            found=f"打印了{len(made)}份" if made else "没有 LibreOffice，或打印失败",
            advice="安装 LibreOffice，或不加 --pdf，在 Word、WPS 中打印",
        )
    return made


def _default() -> CertificateTemplate:
    return CertificateTemplate(default_template(), "自带")


def _next_version(
    session: RoundSession, state: RoundState, day: date, number: str, reason: str
) -> CommendationVersion:
    if not number:
        raise ParameterError("文号", expected="决定的发文字号", found="空缺", advice="补上")
    versions = list_commendations(state.events)
    valid = [one for one in versions if one.withdrawn is None]
    if standing_commendation(state.events) and not is_decision_due(state.events):
        raise _not_ready(
            "表扬决定以后有撤销、恢复表扬，或决定已撤回",
            f"第{versions[-1].body.version}版表扬决定有效",
            "不必再印发；印发有误的，先由两人撤回",
        )
    revoked = revoked_cases(state.events)
    before = [*versions, *valid][-1].body if versions else None
    named = due_cases(state.events) if valid else _published_cases(state, day)
    cases = tuple(sorted((case for case in named if case not in revoked), key=_list_order(state)))
    gone = [revoked[case].body for case in before.cases if case in revoked] if before else []
    said = reason or "；".join(f"撤销表扬：{one.reason}" for one in gone)
    is_replaced = standing_commendation(state.events) is None or not gone
    if before and is_replaced and not reason:
        raise ParameterError("--reason", expected="再次印发的理由", found="空缺", advice="写明理由")
    known = list_versions(state.events)
    same = bool(known) and set(known[-1].cases) == set(cases)
    return CommendationVersion(
        number=next_version_number(session.outputs / FOLDER, len(versions)),
        list_number=len(known) + (not same),
        document=mask_personal_numbers(number),
        day=day,
        cases=cases,
        before=before,
        revoked=gone,
        reason=mask_personal_numbers(said),
    )


def _published_cases(state: RoundState, day: date) -> tuple[str, ...]:
    """Return who may be commended: the list that was published, its period over, nothing open."""
    if line := draft_line(list_gates(state)):
        raise _not_ready("名单已定稿", line, "办结后运行 kjfp shortlist、kjfp publish")
    notice = standing_notice(state.events)
    if notice is None:
        raise _not_ready("名单已公示", "没有现行的公示", "先运行 kjfp publish")
    listed = set(state.decision.listed["case"])
    if set(notice.body.cases) != listed:
        raise _not_ready(
            "名单与已公示的相同",
            f"第{notice.body.version}版公示以后名单有变动",
            "先运行 kjfp shortlist，再由 kjfp publish 公示变动后的名单",
        )
    if day <= notice.days[1]:
        raise _not_ready("公示期满", f"公示至{notice.body.until}，决定日期为{day}", "期满后再印发")
    zone = state.round.notice.round.timezone
    open = [one for one in list_objections(state.events, zone) if one.is_open]
    if open:
        numbers = "、".join(f"第{one.number}号（{one.state}）" for one in open)
        raise _not_ready("异议已办结", f"{numbers}未办结", "办结后再印发")
    return tuple(listed)


def _list_order(state: RoundState) -> Callable[[str], tuple[bool, int, str]]:
    """Return the order in which the public notice names the cases: teams first, by unit."""
    units = {unit.code: at for at, unit in enumerate(state.round.units)}
    known = state.screening.case_by_id
    return lambda case: (known[case].kind != "team", units[known[case].unit], case)


def _not_ready(expected: str, found: str, advice: str) -> NotReadyError:
    return NotReadyError("表扬决定", expected=expected, found=found, advice=advice)
