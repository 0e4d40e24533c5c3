"""The texts that depend on final figures: deeds and exhibition parts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from kjfp_helpers.core.records import Section
from kjfp_helpers.rehearsal.generator import text_generator
from kjfp_helpers.rehearsal.generator.baseline import Planner
from kjfp_helpers.rehearsal.generator.model import Nomination, Papers, Year
from kjfp_helpers.rules import Head


def write_up(year: Year, planner: Planner) -> None:
    """Write every form's deeds and honours, then enter the nominees in the register."""
    for papers in year.papers:
        for entry in papers.nominations:
            _write(entry, papers, planner.rng)
            if entry.commended:
                year.commended += planner.earlier(entry, papers)
    for papers in year.papers:
        for entry in papers.nominations:
            if entry.copied_from:
                entry.body = replace(entry.body, story=_copy(entry, entry.copied_from))
            left_out: dict[str, Any] = dict.fromkeys(entry.blank)
            entry.body = replace(entry.body, **left_out)


def _write(entry: Nomination, papers: Papers, rng: np.random.Generator) -> None:
    figures: dict[str, Any] = dict(entry.told)
    body = replace(entry.body, **figures)
    text = text_generator.story(body, papers.unit.short_name, entry.crop, rng, entry.length)
    entry.body = replace(entry.body, story=text)


def _copy(entry: Nomination, original: Nomination) -> str:
    """Return the deeds of another with the name changed and an end of one's own."""
    copied, own = (original.body.story or "").split("\n"), (entry.body.story or "").split("\n")
    text = "\n".join([*copied[:-1], own[-1]])
    return text.replace(original.name, entry.name)


def exhibit(papers: Papers, parts: Sequence[Head], rng: np.random.Generator) -> tuple[Section, ...]:
    """Return the exhibition text by the parts that are sent."""
    titles = {part.id: part.title for part in parts if part.id in (papers.exhibit or ())}
    return text_generator.sections("exhibit", titles, rng, _values(papers))


def _values(papers: Papers) -> dict[str, object]:
    done, first = papers.done, papers.nominations[0]
    return {
        "unit": papers.unit.short_name,
        "assoc": done.assoc_done,
        "experts": done.experts_done,
        "people": done.people_done,
        "name": first.name,
        "crop": first.crop,
    }
