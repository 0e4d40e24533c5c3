"""Work summaries of real length: 2,000 to 6,000 characters under the heads that the notice asks.

Each is put together from a bank of paragraphs, no two units alike; the figures in it are those of
the unit's return, the years add up to the whole.
"""

import json
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from kjfp_helpers.core.records import Section, Stocktake
from kjfp_helpers.rehearsal.generator import text_generator
from kjfp_helpers.rehearsal.generator.year_model import UnitSubmission
from kjfp_helpers.rules import RequiredSection, Unit

LENGTH_RANGE = (2_300, 5_600)
"""Characters aimed at; a summary that lacks a head may stay below."""
CASE_TITLE = "一线事例"
"""Title of the paragraph on a nominee."""
CASE_SENTENCES = 20
MINIMUM = 2
"""Paragraphs under a head, and sentences in each, that no summary goes without."""
YEAR_SHARES = {"p16": 0.11, "p17": 0.22, "p18": 0.29, "p19": 0.26}
"""Part of the people lifted out of poverty by year; 2020 has the rest."""
NUMERALS = "一二三四五六七八"
Values = Mapping[str, object]


@dataclass
class _Paragraph:
    """A paragraph being written; ``kept`` are the indices of the sentences it keeps."""

    head: str
    title: str
    sentences: list[str]
    kept: set[int] = field(default_factory=set)

    def text(self) -> str:
        return "".join(self.sentences[index] for index in sorted(self.kept))


@cache
def load_paragraphs() -> Mapping[str, Any]:
    """Return the paragraphs by head."""
    text = (files("kjfp_helpers.rehearsal.generator") / "summaries.json").read_text("utf-8")
    paragraphs: Mapping[str, Any] = json.loads(text)
    return paragraphs


def write_summary(
    submission: UnitSubmission, heads: Sequence[RequiredSection], rng: np.random.Generator
) -> tuple[Section, ...]:
    """Return the work summary: an introduction without a head, then the heads that are sent."""
    titles = {head.id: head.title for head in heads if head.id in (submission.parts or ())}
    values = build_unit_values(submission.unit, submission.done, rng)
    entry = submission.nominations[0]
    told = text_generator.build_story_values(entry.body, submission.unit.short_name, entry.crop)
    subject = {name: value for name, value in told.items() if name not in ("people", "days")}
    parts = compose_summary(titles, values | {"crop": entry.crop}, rng, subject)
    parts = add_sentence(parts, titles.get("numbers", ""), submission.summary_more)
    return run_head_in(parts, titles.get(submission.run_in_head, ""))


def run_head_in(parts: tuple[Section, ...], title: str) -> tuple[Section, ...]:
    r"""Return the sections with the one of a title run into the text before it.

    >>> parts = Section(heading="一、经验", text="甲"), Section(heading="二、存在问题", text="乙")
    >>> run_head_in(parts, "存在问题")[0].text
    '甲\n存在的问题主要有：乙'
    """
    at = next((n for n, part in enumerate(parts) if title and part.heading.endswith(title)), 0)
    if not at:
        return parts
    told = f"{parts[at - 1].text}\n{title.replace('存在', '存在的')}主要有：{parts[at].text}"
    return (*parts[: at - 1], replace(parts[at - 1], text=told), *parts[at + 1 :])


def add_sentence(parts: tuple[Section, ...], title: str, sentence: str) -> tuple[Section, ...]:
    """Return the sections with a sentence at the end of the one with a title.

    >>> add_sentence((Section(heading="一、两数", text="甲。"),), "两数", "乙。")[0].text
    '甲。乙。'
    """
    if not sentence:
        return parts
    return tuple(
        replace(part, text=part.text + sentence) if part.heading.endswith(title) else part
        for part in parts
    )


def build_unit_values(unit: Unit, done: Stocktake, rng: np.random.Generator) -> dict[str, object]:
    """Return the values that templates may use about a unit; rates only where there is a target."""
    people = done.people_done or 0
    years = {name: int(people * share) for name, share in YEAR_SHARES.items()}
    local = "县（市、区）科协" if unit.kind == "province" else "分支机构和会员单位"
    values: dict[str, object] = {
        "unit": unit.short_name,
        "local": local,
        **years,
        "p20": people - sum(years.values()),
        "county": "".join(rng.permutation(list("子丑寅卯辰巳午未"))[:2]) + "县",
    }
    for name in ("assoc", "experts", "people"):
        amount, aim = getattr(done, f"{name}_done"), getattr(done, f"{name}_target")
        values[name] = amount
        if aim and amount is not None:
            values |= {f"{name}_target": aim, f"{name}_rate": f"{amount / aim:.1%}"}
    return values


def compose_summary(
    titles: Mapping[str, str],
    values: Values,
    rng: np.random.Generator,
    subject: Values | None = None,
) -> tuple[Section, ...]:
    """Return a summary with these heads, with a paragraph on ``subject`` if one is given."""
    lead = text_generator.fill_template(
        text_generator.choose_item(load_paragraphs()["intro"], rng), rng, values
    )
    paragraphs = [paragraph for head in titles for paragraph in _paragraphs(head, values, rng)]
    if subject and "experience" in titles:
        paragraphs.append(_nominee_paragraph(subject, rng))
    _select_sentences(paragraphs, len(lead), int(rng.integers(*LENGTH_RANGE)), rng)
    parts = [
        Section(heading=f"{NUMERALS[index]}、{title}", text=_join_numbered(paragraphs, head))
        for index, (head, title) in enumerate(titles.items())
    ]
    return (Section(heading="", text=lead), *parts)


def _paragraphs(head: str, values: Values, rng: np.random.Generator) -> Iterator[_Paragraph]:
    """Yield the paragraphs possible under a head; templates with unknown values are skipped."""
    for group in load_paragraphs()[head]:
        known = [text for text in group["sentences"] if _template_fields(text) <= values.keys()]
        yield _Paragraph(
            head,
            group["title"],
            [text_generator.fill_template(text, rng, values) for text in known],
        )


def _nominee_paragraph(subject: Values, rng: np.random.Generator) -> _Paragraph:
    """Return a paragraph on a nominee from the sentence bank, without figures."""
    templates = [
        sentence
        for sentence in text_generator.load_sentences()["middle"]
        if _template_fields(sentence) <= subject.keys()
    ]
    chosen = rng.permutation(templates)[:CASE_SENTENCES].tolist()
    return _Paragraph(
        "experience",
        CASE_TITLE,
        [text_generator.fill_template(sentence, rng, subject) for sentence in chosen],
    )


@cache
def _template_fields(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def _select_sentences(
    paragraphs: Sequence[_Paragraph], length: int, aim: int, rng: np.random.Generator
) -> None:
    """Keep the first sentences under every head, then others by lot until the aim is reached."""
    first: dict[str, int] = {}
    for paragraph in paragraphs:
        if first.setdefault(paragraph.head, 0) < MINIMUM:
            first[paragraph.head] += 1
            paragraph.kept = set(range(min(MINIMUM, len(paragraph.sentences))))
    length += sum(len(paragraph.text()) for paragraph in paragraphs)
    spare = [
        (paragraph, index)
        for paragraph in paragraphs
        for index in range(len(paragraph.sentences))
        if index not in paragraph.kept
    ]
    for number in rng.permutation(len(spare)).tolist():
        if length >= aim:
            break
        paragraph, index = spare[number]
        paragraph.kept.add(index)
        length += len(paragraph.sentences[index])


def _join_numbered(paragraphs: Sequence[_Paragraph], head: str) -> str:
    own = [paragraph for paragraph in paragraphs if paragraph.head == head and paragraph.kept]
    return "\n".join(
        f"（{NUMERALS[index]}）{paragraph.title}。{paragraph.text()}"
        for index, paragraph in enumerate(own)
    )
