"""Writes the made-up year."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kjfp_helpers.core.errors import OutputError, ParameterError
from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.infra.bundled_files import DEFAULT_RULES
from kjfp_helpers.rehearsal.actors.action_plan import plot_year
from kjfp_helpers.rehearsal.actors.planted_relationships import plant_ties
from kjfp_helpers.rehearsal.faults.exhibit_galleries import fill_galleries
from kjfp_helpers.rehearsal.faults.planted_faults import plant
from kjfp_helpers.rehearsal.generator import nominee_stories, summary_texts
from kjfp_helpers.rehearsal.generator.baseline import CHINA, Planner, plan
from kjfp_helpers.rehearsal.generator.model import Year
from kjfp_helpers.rehearsal.rule_files import draw_panel, habits, write_answers, write_rules
from kjfp_helpers.rehearsal.writers import docx_forms, mime
from kjfp_helpers.rehearsal.writers.unit_mail import Parcel, post, rng_of
from kjfp_helpers.rules import Notice, Round, Unit, load_round

PANEL, STRAY, GALLERIES, PLOT = 9001, 9002, 9003, 9004
"""Streams of random numbers of their own, beyond any unit's number."""


def make(
    folder: Path,
    *,
    units: int = 72,
    seed: int = 2020,
    full: bool = False,
    tick: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Write rule files, ``inbox/*.eml`` and ``answers.json``, the same bytes for the same seed.

    Parameters
    ----------
    folder : Path
        The round's folder; mail of an earlier rehearsal in it is replaced, a ledger is not.
    units : int
        The 32 provincial offices first, then societies in the order of ``units.csv``.
    seed : int
        Every random choice follows from it.
    full : bool
        All units of the real round, whatever ``units`` says.
    tick : callable
        Told units written and units in all.

    Raises
    ------
    OutputError
        The folder holds a round that is no rehearsal, or cannot be written.
    """
    _check(folder)
    rules = load_round(DEFAULT_RULES)
    if not 1 <= units <= len(rules.units):
        raise ParameterError(
            "单位数 --units",
            expected=f"1 至 {len(rules.units)} 的整数",
            found=str(units),
            advice="更正单位数",
        )
    year = draw(rules, rules.units[: None if full else units], seed)
    rng = rng_of(seed, PANEL)
    panel, ties = plant_ties(year, draw_panel(year, rng))
    members = habits(rng, panel)
    levels = rules.rubric.summary_levels
    plot_year(year, panel, members, levels, rng_of(seed, PLOT))
    _clear(folder)
    write_rules(DEFAULT_RULES, folder, year, panel)
    _write_mail(folder / "inbox", _parcels(year, rules.notice), tick)
    (folder / "inbox/unknown.eml").write_bytes(_stray(rules.notice, seed))
    write_answers(folder, year, members, ties)


def draw(rules: Round, units: Sequence[Unit], seed: int) -> Year:
    """Return the year with its faults planted and its texts written, before any file is."""
    chosen = [replace(unit, domains=(f"u{unit.code.lower()}.example.com",)) for unit in units]
    planner = Planner(seed, rules.notice, chosen)
    year = plan(planner, chosen, seed)
    plant(year, planner)
    fill_galleries(year, Planner((seed, GALLERIES), rules.notice, chosen))
    nominee_stories.write_up(year, planner)
    return year


def _check(folder: Path) -> None:
    notice = folder / "notice.toml"
    if notice.exists() and "rehearsal = true" not in notice.read_text("utf-8"):
        raise OutputError(
            folder.name, expected="演练轮次的文件夹", found="正式轮次", advice="另选文件夹名称"
        )


def _clear(folder: Path) -> None:
    with output_errors(folder):
        (folder / "inbox").mkdir(parents=True, exist_ok=True)
        for path in (folder / "inbox").glob("*.eml"):
            path.unlink()


def _parcels(year: Year, notice: Notice) -> list[Parcel]:
    parcels = []
    for number, own in enumerate(year.papers):
        rng = rng_of(year.seed, number)
        if not own.letters:
            continue
        summary = summary_texts.write_summary(own, notice.summary.heads, rng)
        exhibit = nominee_stories.exhibit(own, notice.exhibition.parts, rng)
        parcels.append(Parcel(year.seed, number, own, summary, exhibit))
    return parcels


def _write_mail(inbox: Path, parcels: Sequence[Parcel], tick: Callable[[int, int], None]) -> None:
    for done, parcel in enumerate(parcels, start=1):
        for name, data in post(parcel):
            (inbox / name).write_bytes(data)
        tick(done, len(parcels))


def _stray(notice: Notice, seed: int) -> bytes:
    """Return a message whose sender and content name no unit."""
    rng = rng_of(seed, STRAY)
    values = {"unit": "本单位", "local": "会员单位", "county": "子丑县", "crop": "核桃"}
    titles = {head.id: head.title for head in notice.summary.heads}
    parts = summary_texts.compose(titles, values, rng)
    sent = datetime(2020, 8, 11, 15, 20, 7, tzinfo=CHINA)
    message = mime.compose(
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
    return mime.deliver(message, sent.replace(second=41))
