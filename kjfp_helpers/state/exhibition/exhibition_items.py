"""Items of the online exhibition that are decided on: pictures, parts of the text, figures."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from kjfp_helpers.core.caption_matching import captions_by_picture
from kjfp_helpers.core.events.exhibition import HOLD, PUBLISH, RETURN
from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.core.records import Exhibit, Picture, Record, Section
from kjfp_helpers.intake.online_column.column_folder import COLUMN_TITLES
from kjfp_helpers.notice.exhibit_sections import arrange_sections
from kjfp_helpers.notice.exhibition_hints import (
    FIGURES,
    GAPS,
    HINT_TITLES,
    REPEATED,
    Hint,
    find_text_hints,
)
from kjfp_helpers.notice.repeated_pictures import Repetitions, find_repetitions
from kjfp_helpers.state.round_state import RoundState

PICTURE, TEXT, NUMBERS, EXPERIENCE = "picture", "text", "numbers", "experience"
KIND_TITLES: Mapping[str, str] = {
    PICTURE: "图片",
    TEXT: "文字",
    NUMBERS: "两数对照",
    EXPERIENCE: "典型经验",
    **COLUMN_TITLES,
}
"""Kind of item to what it is called in Chinese."""
FOREWORD = "前言"
_DIGEST = 32
_HEADING = "# "


@dataclass(frozen=True, kw_only=True)
class ExhibitionItem:
    """What is decided on by itself.

    Parameters
    ----------
    unit, id, kind : str
        Unit code, name of the item among those of the unit, one of :data:`KIND_TITLES`.
    title : str
        File name of a picture, title of a part.
    text : str
        Caption of a picture, text of a part; a heading is a line that begins with ``#``.
    content : str
        Digest of all that an approval covers.
    findings : tuple of Finding
        Faults and questions that name the item.
    hints : tuple of Hint
        What a person looks into before approval.
    picture : Picture, optional
        The picture of a picture.
    pictures : tuple of Picture
        The pictures of news or a profile.
    repeats : tuple of str
        Unit and item of the picture that it repeats, or that repeats it; ``()`` for none.
    figures : mapping
        Row of the stock-take, of an item of figures.
    origin : str
        File and place in it that an item was taken from, ``""`` where that is the exhibit.
    """

    unit: str
    id: str
    kind: str
    title: str
    text: str = ""
    content: str = ""
    findings: tuple[Finding, ...] = ()
    hints: tuple[Hint, ...] = ()
    picture: Picture | None = None
    pictures: tuple[Picture, ...] = ()
    repeats: tuple[tuple[str, str], ...] = ()
    figures: Mapping[str, Any] | None = None
    origin: str = ""

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings that the unit has to mend."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)

    @property
    def proposed(self) -> str:
        """The decision that the checks propose: the unit mends it, it waits, it may be public."""
        if self.faults:
            return RETURN
        return HOLD if self.hints else PUBLISH

    @property
    def hint_codes(self) -> tuple[str, ...]:
        """Codes of the hints, each once."""
        return tuple(dict.fromkeys(hint.code for hint in self.hints))


def collect_items(state: RoundState) -> dict[str, tuple[ExhibitionItem, ...]]:
    """Return the items of each unit that sent an exhibit, in the order of ``units.csv``."""
    exhibits = {
        record.unit: record
        for record in state.submissions.records
        if isinstance(record.body, Exhibit) and record.unit in state.round.unit_by_code
    }
    by_unit: dict[str, list[Finding]] = {unit: [] for unit in exhibits}
    for finding in state.screening.findings:
        if finding.unit in by_unit:
            by_unit[finding.unit].append(finding)
    figures = {row["unit"]: row for row in state.screening.stocktake.to_dict("records")}
    repetitions = _both_ways(find_repetitions(exhibits))
    return {
        unit.code: tuple(
            _unit_items(
                state,
                exhibits[unit.code],
                by_unit[unit.code],
                repetitions,
                exhibits,
                figures.get(unit.code),
            )
        )
        for unit in state.round.units
        if unit.code in exhibits
    }


def _unit_items(
    state: RoundState,
    record: Record,
    findings: Sequence[Finding],
    repetitions: Mapping[tuple[str, int], Sequence[tuple[str, int]]],
    exhibits: Mapping[str, Record],
    figures: Mapping[Any, Any] | None,
) -> Iterator[ExhibitionItem]:
    exhibit = record.body
    assert isinstance(exhibit, Exhibit)
    parts = state.round.notice.exhibition.parts
    titles = {"": FOREWORD, **{part.id: part.title for part in parts}}
    differing = [one for one in findings if one.code == "figure_differs"]
    for part, sections in arrange_sections(parts, exhibit.sections).items():
        text = write_sections(sections)
        if text.strip():
            own = [one for one in differing if _is_quoted(one, record, text)]
            yield _text_item(record.unit, part, titles[part], text, own)
    if figures is not None:
        yield _figures_item(record.unit, figures)
    captions = captions_by_picture(exhibit)
    for index, picture in enumerate(exhibit.pictures):
        others = tuple(
            (unit, _picture_id(exhibits[unit].body, at))  # type: ignore[arg-type]
            for unit, at in repetitions.get((record.unit, index), ())
        )
        own = [one for one in findings if one.place == picture.name]
        yield _picture_item(
            record.unit,
            _picture_id(exhibit, index),
            picture,
            captions.get(picture.name, ""),
            own,
            others,
        )


def _both_ways(repetitions: Repetitions) -> dict[tuple[str, int], list[tuple[str, int]]]:
    """Return for each picture those that it repeats or that repeat it."""
    pairs: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for later, repetition in repetitions.items():
        first = (repetition.first.unit, repetition.first.index)
        pairs.setdefault(later, []).append(first)
        pairs.setdefault(first, []).append(later)
    return pairs


def _picture_id(exhibit: Exhibit, index: int) -> str:
    """Return the name of a picture's item: its content, and a number where it came twice."""
    digest = exhibit.pictures[index].sha256[:_DIGEST]
    before = sum(one.sha256[:_DIGEST] == digest for one in exhibit.pictures[:index])
    return f"{PICTURE}:{digest}" + (f"-{before + 1}" if before else "")


def _picture_item(
    unit: str,
    id: str,
    picture: Picture,
    caption: str,
    findings: Iterable[Finding],
    repeats: tuple[tuple[str, str], ...],
) -> ExhibitionItem:
    hints = [*find_text_hints(caption)]
    if repeats:
        hints.append(Hint(code=REPEATED))
    hints += [Hint(code=sign) for sign in picture.signs if sign in HINT_TITLES]
    return ExhibitionItem(
        unit=unit,
        id=id,
        kind=PICTURE,
        title=picture.name,
        text=caption,
        content=content_digest(picture.sha256, caption),
        findings=tuple(findings),
        hints=tuple(hints),
        picture=picture,
        repeats=repeats,
    )


def _text_item(
    unit: str, part: str, title: str, text: str, differing: Sequence[Finding]
) -> ExhibitionItem:
    hints = [*find_text_hints(text)]
    if differing:
        hints.append(Hint(code=FIGURES, note="；".join(one.found for one in differing)))
    return ExhibitionItem(
        unit=unit,
        id=f"{TEXT}:{part}",
        kind=TEXT,
        title=title,
        text=text,
        content=content_digest(text),
        findings=tuple(differing),
        hints=tuple(hints),
    )


def _figures_item(unit: str, row: Mapping[Any, Any]) -> ExhibitionItem:
    """Return the figures of the stock-take against their targets, which show how far a unit is."""
    names = [f"{prefix}_{part}" for prefix, _ in STOCKTAKE_ROWS for part in ("done", "target")]
    plain = {name: None if pd.isna(row.get(name)) else int(row[name]) for name in names}
    pairs = [(plain[f"{prefix}_done"], plain[f"{prefix}_target"]) for prefix, _ in STOCKTAKE_ROWS]
    short = any(done is None or target is None or done < target for done, target in pairs)
    return ExhibitionItem(
        unit=unit,
        id=NUMBERS,
        kind=NUMBERS,
        title="“两数”完成情况对照",
        content=content_digest(json.dumps(plain, sort_keys=True)),
        hints=(Hint(code=GAPS),) if short else (),
        figures=dict(row),
    )


def _is_quoted(finding: Finding, record: Record, text: str) -> bool:
    """Whether a finding is on words that stand in a text of the exhibit."""
    words = finding.place.partition("“")[2].rpartition("”")[0].strip("…")
    is_own = finding.source == record.source or finding.source.startswith(f"{record.source}/")
    return is_own and bool(words) and "".join(words.split()) in "".join(text.split())


def content_digest(*parts: str) -> str:
    """Return the digest of what an approval covers."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_DIGEST]


def write_sections(sections: Iterable[Section]) -> str:
    r"""Return sections as one text; a heading is a line that begins with ``#``.

    Examples
    --------
    >>> write_sections([Section(heading="做法", text="甲"), Section(heading="", text="乙")])
    '# 做法\n甲\n乙'
    """
    lines = []
    for section in sections:
        lines += [f"{_HEADING}{section.heading.strip()}"] if section.heading.strip() else []
        lines += [section.text.strip("\n")] if section.text.strip() else []
    return "\n".join(lines)


def read_sections(text: str) -> tuple[Section, ...]:
    r"""Return the sections of a text as :func:`write_sections` writes it.

    Examples
    --------
    >>> read_sections("# 做法\n甲\n乙")
    (Section(heading='做法', text='甲\n乙'),)
    """
    sections: list[Section] = []
    for line in text.splitlines():
        if line.startswith(_HEADING):
            sections.append(Section(heading=line.removeprefix(_HEADING).strip(), text=""))
        elif sections:
            before = sections[-1].text
            sections[-1] = replace(sections[-1], text=f"{before}\n{line}" if before else line)
        elif line.strip():
            sections.append(Section(heading="", text=line))
    return tuple(sections)
