"""Text generator: templates from a sentence bank; no two stories share a long passage by chance.

In the bank ``[a|b]`` is a choice, ``<12-48>`` a number and ``{crop}`` a value handed in; the runs
between them are shorter than the 13 characters by which copies are found.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from kjfp_helpers.core.records import Individual, Section, Team

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_NUMBER = re.compile(r"<(\d+)-(\d+)>")


@cache
def load_sentences() -> Mapping[str, Any]:
    """Return the sentence bank, by position in a text."""
    text = (files("kjfp_helpers.rehearsal.generator") / "stories.json").read_text("utf-8")
    sentences: Mapping[str, Any] = json.loads(text)
    return sentences


def fill_template(template: str, rng: np.random.Generator, values: Mapping[str, object]) -> str:
    """Return one sentence from a template of the bank."""

    def choose(match: re.Match[str]) -> str:
        words = match[1].split("|")
        return words[int(rng.integers(len(words)))]

    def number(match: re.Match[str]) -> str:
        return str(int(rng.integers(int(match[1]), int(match[2]) + 1)))

    text = _NUMBER.sub(number, _CHOICE.sub(choose, template))
    return text.format_map(dict(values))


def choose_item(items: list[str], rng: np.random.Generator) -> str:
    """Return one of the items."""
    return items[int(rng.integers(len(items)))]


def write_story(
    body: Team | Individual, unit: str, crop: str, rng: np.random.Generator, length: int
) -> str:
    """Return the story of a nominee; the two figures in them are those of the form.

    Parameters
    ----------
    body : Team or Individual
        The form as filled so far.
    unit, crop : str
        Short name of the unit and what the nominee worked on.
    length : int
        Characters to reach, in two or more paragraphs.
    """
    sentences, values = load_sentences(), build_story_values(body, unit, crop)
    middle = rng.permutation(sentences["middle"]).tolist()
    last = fill_template(choose_item(sentences["closing"], rng), rng, values)
    paragraphs = [
        [fill_template(choose_item(sentences["opening"], rng), rng, values)],
        [fill_template(choose_item(sentences["facts"], rng), rng, values)],
    ]
    while sum(len(text) for part in paragraphs for text in part) + len(last) < length:
        middle = middle or rng.permutation(sentences["middle"]).tolist()
        paragraphs[-1].append(fill_template(middle.pop(), rng, values))
        if len(paragraphs[-1]) >= 4:
            paragraphs.append([])
    return "\n".join("".join(part) for part in [*paragraphs, [last]] if part)


def build_story_values(body: Team | Individual, unit: str, crop: str) -> dict[str, object]:
    """Return the values that story templates may use."""
    _province, _city, county, township, village = body.regions[0]
    name, employer, who = _describe_nominee(body, unit)
    return {
        "name": name,
        "who": who,
        "employer": employer,
        "unit": unit,
        "crop": crop,
        "county": county,
        "village": village,
        "place": f"{county}{township}",
        "people": body.people_lifted,
        "days": body.service_days,
    }


def _describe_nominee(body: Team | Individual, unit: str) -> tuple[str | None, str | None, str]:
    """Return name, employer and the pronoun of the nominee."""
    if isinstance(body, Team):
        return body.team_name, unit, "团队"
    return body.name, body.employer, "她" if body.gender == "女" else "他"


def write_sections(
    part: str, titles: Mapping[str, str], rng: np.random.Generator, values: Mapping[str, object]
) -> tuple[Section, ...]:
    """Return the headed parts of an exhibition text, numbered 一、二、…."""
    numerals = "一二三四五六"
    return tuple(
        Section(
            heading=f"{numerals[index]}、{title}",
            text=fill_template(choose_item(load_sentences()[part][name], rng), rng, values),
        )
        for index, (name, title) in enumerate(titles.items())
    )
