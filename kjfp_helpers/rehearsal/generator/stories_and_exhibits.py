"""The texts that depend on final figures: stories and exhibition parts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from kjfp_helpers.core.records import Section
from kjfp_helpers.rehearsal.generator import text_generator
from kjfp_helpers.rehearsal.generator.faultless_year import Planner
from kjfp_helpers.rehearsal.generator.summary_texts import add_sentence
from kjfp_helpers.rehearsal.generator.year_model import Nomination, RehearsalYear, UnitSubmission
from kjfp_helpers.rules import RequiredSection


def write_stories(year: RehearsalYear, planner: Planner) -> None:
    """Write every form's story and honours, then enter the nominees in the register."""
    for submission in year.submissions:
        for entry in submission.nominations:
            _write_story(entry, submission, planner.rng)
            if entry.commended:
                year.commended += planner.draw_prior_awards(entry, submission)
    for submission in year.submissions:
        for entry in submission.nominations:
            if entry.copied_from:
                entry.body = replace(entry.body, story=_copy_story(entry, entry.copied_from))
            left_out: dict[str, Any] = dict.fromkeys(entry.blank)
            entry.body = replace(entry.body, **left_out)


def _write_story(entry: Nomination, submission: UnitSubmission, rng: np.random.Generator) -> None:
    figures: dict[str, Any] = dict(entry.told)
    body = replace(entry.body, **figures)
    text = text_generator.write_story(
        body, submission.unit.short_name, entry.crop, rng, entry.length
    )
    entry.body = replace(entry.body, story=text)


def _copy_story(entry: Nomination, original: Nomination) -> str:
    """Return another nominee's story with the name changed and an ending of its own."""
    copied, own = (original.body.story or "").split("\n"), (entry.body.story or "").split("\n")
    text = "\n".join([*copied[:-1], own[-1]])
    return text.replace(original.name, entry.name)


def write_exhibition(
    submission: UnitSubmission, parts: Sequence[RequiredSection], rng: np.random.Generator
) -> tuple[Section, ...]:
    """Return the exhibition text by the parts that are sent."""
    titles = {part.id: part.title for part in parts if part.id in (submission.exhibit or ())}
    sections = text_generator.write_sections("exhibit", titles, rng, _template_values(submission))
    return add_sentence(sections, titles.get("numbers", ""), submission.exhibit_more)


def _template_values(submission: UnitSubmission) -> dict[str, object]:
    done, first = submission.done, submission.nominations[0]
    return {
        "unit": submission.unit.short_name,
        "assoc": done.assoc_done,
        "experts": done.experts_done,
        "people": done.people_done,
        "name": first.name,
        "crop": first.crop,
    }
