"""Writes the simulated year."""

import gc
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.infra.bundled_files import DEFAULT_RULES
from kjfp_helpers.infra.process_pool import map_in_processes, usable_cpus
from kjfp_helpers.rehearsal.actors.action_plan import plan_actions
from kjfp_helpers.rehearsal.actors.closing_acts import plan_closing
from kjfp_helpers.rehearsal.actors.meeting_acts import plan_meeting
from kjfp_helpers.rehearsal.actors.planted_relationships import plant_relationships
from kjfp_helpers.rehearsal.actors.spot_checkers import plan_spot_check, spot_check_acts
from kjfp_helpers.rehearsal.faults.exhibition_faults import plant_exhibition_faults
from kjfp_helpers.rehearsal.faults.figure_faults import plant_figure_faults
from kjfp_helpers.rehearsal.faults.file_fault_specs import plant_file_faults
from kjfp_helpers.rehearsal.faults.gallery_sizes import fill_galleries
from kjfp_helpers.rehearsal.faults.planted_faults import plant_faults
from kjfp_helpers.rehearsal.faults.summary_faults import plant_summary_faults
from kjfp_helpers.rehearsal.generator import stories_and_exhibits, summary_texts
from kjfp_helpers.rehearsal.generator.faultless_year import CHINA, Planner, plan_faultless_year
from kjfp_helpers.rehearsal.generator.fictitious_units import select_units
from kjfp_helpers.rehearsal.generator.year_model import RehearsalYear
from kjfp_helpers.rehearsal.rule_files import (
    CLOCK_DAY,
    DECISION,
    MEETING,
    draw_habits,
    draw_panel,
    write_answers,
    write_rules,
)
from kjfp_helpers.rehearsal.writers import docx_forms, mime_messages
from kjfp_helpers.rehearsal.writers.online_column_files import write_column
from kjfp_helpers.rehearsal.writers.unit_mail import UnitMailing, build_messages, make_rng
from kjfp_helpers.rules import Notice, Round, Unit, load_round

PANEL_STREAM, UNKNOWN_SENDER_STREAM, GALLERY_STREAM, ACTION_STREAM = 9001, 9002, 9003, 9004
FILE_STREAM, FIGURE_STREAM, EXHIBITION_STREAM, SUMMARY_STREAM = 9005, 9006, 9007, 9008
"""Streams of random numbers of their own, beyond any unit's number."""

MIN_PARALLEL = 6
"""Units that are worth the start of worker processes."""


def write_rehearsal(
    folder: Path,
    *,
    units: int = 72,
    seed: int = 2020,
    full: bool = False,
    to: str = MEETING,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Write rule files, ``inbox/*.eml`` and ``answers.json``, the same bytes for the same seed.

    Parameters
    ----------
    folder : Path
        The round's folder; mail of an earlier rehearsal in it is replaced, a ledger is not.
    units : int
        The 32 provincial offices first, then societies in the order of ``units.csv``, then
        fictitious ones.
    seed : int
        Every random choice follows from it.
    full : bool
        All units of the real round, whatever ``units`` says.
    to : str
        ``"meeting"`` leaves the meeting to who rehearses; ``"decision"`` plays it too, with a tie,
        public notices, an objection and a seat added by resolution.
    on_progress : callable
        Told units written and units in all.

    Raises
    ------
    OutputError
        The folder holds a round that is no rehearsal, or cannot be written.
    ParameterError
        Fewer than one unit, or more than can be made up.
    """
    _check_folder(folder)
    rules = load_round(DEFAULT_RULES)
    chosen = rules.units if full else select_units(rules.units, units)
    year = plan_rehearsal(rules, chosen, seed, full=full)
    rng = make_rng(seed, PANEL_STREAM)
    panel, ties = plant_relationships(year, draw_panel(year, rng))
    members = draw_habits(rng, panel)
    levels = rules.rubric.summary_levels
    plan_actions(year, panel, members, levels, make_rng(seed, ACTION_STREAM))
    year.acts += (*plan_meeting(), *plan_closing()) if to == DECISION else ()
    _clear_inbox(folder)
    write_rules(DEFAULT_RULES, folder, year, panel, to=to)
    _write_mail(folder / "inbox", build_mailings(year, rules.notice), on_progress)
    write_column(folder, year)
    (folder / "inbox/unknown.eml").write_bytes(_unknown_sender_message(rules.notice, seed))
    if check := plan_spot_check(load_round(folder), CLOCK_DAY):
        year.acts += spot_check_acts(check)
    write_answers(folder, year, members, ties, to=to)


def plan_rehearsal(
    rules: Round, units: Sequence[Unit], seed: int, *, full: bool = False
) -> RehearsalYear:
    """Return the year with faults planted and texts composed; no file is written."""
    chosen = [replace(unit, domains=(f"u{unit.code.lower()}.example.com",)) for unit in units]
    planner = Planner(seed, rules.notice, chosen, distinct=len(units) > len(rules.units))
    year = plan_faultless_year(planner, chosen, seed)
    plant_faults(year, planner)
    fill_galleries(year, Planner((seed, GALLERY_STREAM), rules.notice, chosen), full=full)
    plant_file_faults(year, Planner((seed, FILE_STREAM), rules.notice, chosen))
    plant_figure_faults(year, Planner((seed, FIGURE_STREAM), rules.notice, chosen))
    plant_summary_faults(year, Planner((seed, SUMMARY_STREAM), rules.notice, chosen))
    plant_exhibition_faults(year, Planner((seed, EXHIBITION_STREAM), rules.notice, chosen))
    stories_and_exhibits.write_stories(year, planner)
    return year


def _check_folder(folder: Path) -> None:
    notice = folder / "notice.toml"
    if notice.exists() and "rehearsal = true" not in notice.read_text("utf-8"):
        raise OutputError(
            folder.name, expected="演练轮次的文件夹", found="正式轮次", advice="另选文件夹名称"
        )


def _clear_inbox(folder: Path) -> None:
    with output_errors(folder):
        (folder / "inbox").mkdir(parents=True, exist_ok=True)
        for path in (folder / "inbox").glob("*.eml"):
            path.unlink()


def build_mailings(year: RehearsalYear, notice: Notice) -> list[UnitMailing]:
    """Return the messages of every unit that sends anything, in the order of the units."""
    mailings = []
    for number, submission in enumerate(year.submissions):
        rng = make_rng(year.seed, number)
        if not submission.mails:
            continue
        summary = summary_texts.write_summary(submission, notice.summary.heads, rng)
        exhibit = stories_and_exhibits.write_exhibition(submission, notice.exhibition.parts, rng)
        mailings.append(UnitMailing(year.seed, number, submission, summary, exhibit))
    return mailings


def _write_mail(
    inbox: Path, mailings: Sequence[UnitMailing], on_progress: Callable[[int, int], None]
) -> None:
    jobs = usable_cpus() if len(mailings) >= MIN_PARALLEL else 1
    written = map_in_processes(partial(_write_unit_mail, inbox), mailings, jobs)
    try:
        for done, _ in enumerate(written, start=1):
            on_progress(done, len(mailings))
    except BrokenProcessPool as error:
        raise OutputError(
            f"演练轮次 {inbox.parent.name}",
            expected="生成来件的进程做到结束",
            found="一个进程被系统终止",
            advice="检查内存是否够用，然后重新生成",
        ) from error


def _write_unit_mail(inbox: Path, mailing: UnitMailing) -> None:
    """Write a unit's messages; what python-docx leaves behind is cycles that hold pictures."""
    for name, data in build_messages(mailing):
        (inbox / name).write_bytes(data)
    gc.collect()


def _unknown_sender_message(notice: Notice, seed: int) -> bytes:
    """Return a message whose sender and content name no unit."""
    rng = make_rng(seed, UNKNOWN_SENDER_STREAM)
    values = {"unit": "本单位", "local": "会员单位", "county": "子丑县", "crop": "核桃"}
    titles = {head.id: head.title for head in notice.summary.heads}
    parts = summary_texts.compose_summary(titles, values, rng)
    sent = datetime(2020, 8, 11, 15, 20, 7, tzinfo=CHINA)
    message = mime_messages.compose_message(
        sender="someone@unknown.example.org",
        name="小张",
        subject="材料",
        text="请查收附件。\n",
        files=[
            ("工作总结.docx", docx_forms.write_text("2016年以来科技助力精准扶贫工作总结", parts))
        ],
        sent=sent,
        old_style=False,
    )
    return mime_messages.add_received_headers(message, sent.replace(second=41))
