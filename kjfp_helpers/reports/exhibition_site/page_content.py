"""Content of an exhibition page: boards, numbers and bars, redacted for the template."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from kjfp_helpers.core.caption_matching import normalized_stem
from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.core.records import Section
from kjfp_helpers.core.state_labels import BLANK, NO_TARGET, NOT_SENT
from kjfp_helpers.core.text_normalization import drop_unseen_chars, normalize_text
from kjfp_helpers.notice import exhibit_sections
from kjfp_helpers.reports.exhibition_site.web_images import WebImage
from kjfp_helpers.rules import RequiredSection, Unit
from kjfp_helpers.state.exhibition.published_exhibition import PublishedExhibit

MaskText = Callable[[str], str]
"""Takes a unit's text and gives what the public may read."""

_NUMBERING = re.compile(
    r"^\s*(第[一二三四五六七八九十\d]+(部分|章|篇)|[(（]?[一二三四五六七八九十\d]+[)）]?)[、.．:：\s]*"
)


@dataclass(frozen=True, kw_only=True)
class PageFigure:
    """A picture on a page: its name in the exhibit, its files beside the page, caption."""

    name: str
    image: WebImage
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class CompletionBar:
    """One quantity of the two numbers; ``width`` in percent, ``None`` where there is no bar."""

    label: str
    done: str
    target: str
    rate: str = ""
    width: float | None = None
    met: bool = False
    reported: bool = True
    assigned: bool = True


@dataclass(frozen=True, kw_only=True)
class TextBlock:
    """A passage of a panel; ``heading`` may be ``""``."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExhibitPanel:
    """One exhibit panel (展板); ``motto`` is the unit's own headline where it has one."""

    id: str
    title: str
    motto: str
    blocks: tuple[TextBlock, ...]
    figures: tuple[PageFigure, ...]
    bars: tuple[CompletionBar, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExhibitPage:
    """One unit's exhibit; ``gallery`` holds the pictures that name no part.

    ``experiences`` are the typical experiences from the unit's summary, each under its title.
    """

    unit: Unit
    title: str
    foreword: tuple[TextBlock, ...]
    panels: tuple[ExhibitPanel, ...]
    gallery: tuple[PageFigure, ...]
    figures: tuple[PageFigure, ...]
    experiences: tuple[TextBlock, ...] = ()

    @property
    def is_exhibit(self) -> bool:
        """Whether it shows more than news and profiles."""
        return bool(self.foreword or self.panels or self.gallery or self.experiences)


def tile_title(unit: Unit) -> str:
    """Return what a unit is called on a tile: its province, or the society's name."""
    return unit.region if unit.kind == "province" else unit.name


def build_exhibit_page(
    parts: Sequence[RequiredSection],
    exhibit: PublishedExhibit,
    figures: Sequence[PageFigure],
    mask: MaskText,
) -> ExhibitPage:
    """Return a unit's page of what is public, with the pictures that can be shown."""
    clean, unit = text_cleaner(mask), exhibit.unit
    shown = tuple(replace(figure, caption=clean(figure.caption)) for figure in figures)
    arranged = {part: exhibit.sections.get(part, ()) for part in ("", *(one.id for one in parts))}
    homes = {figure.name: _part_of_figure(parts, arranged, figure) for figure in shown}
    panels = tuple(
        ExhibitPanel(
            id=part.id,
            title=part.title,
            motto=_motto(part, arranged[part.id], clean),
            blocks=_text_blocks(arranged[part.id], clean, opening=True),
            figures=tuple(figure for figure in shown if homes[figure.name] == part.id),
            bars=_completion_bars(exhibit.figures)
            if part.id == "numbers" and exhibit.figures is not None
            else (),
        )
        for part in parts
    )
    gallery = tuple(figure for figure in shown if not homes[figure.name])
    return ExhibitPage(
        unit=unit,
        title=tile_title(unit),
        foreword=_text_blocks(arranged[""], clean),
        panels=tuple(one for one in panels if one.blocks or one.figures or one.bars),
        gallery=gallery,
        figures=shown,
        experiences=_text_blocks(
            [Section(heading=one.title, text=one.text) for one in exhibit.experiences], clean
        ),
    )


def text_cleaner(mask: MaskText) -> MaskText:
    """Return a function that drops characters that are not shown, then masks."""

    def clean(text: str) -> str:
        return mask(drop_unseen_chars(text)).strip()

    return clean


def _file_stem(figure: PageFigure) -> str:
    return normalized_stem(figure.name)


def _part_of_figure(
    parts: Sequence[RequiredSection], arranged: Mapping[str, Sequence[Section]], figure: PageFigure
) -> str:
    """Return the part a picture belongs to: the text names it, or its name or folder does."""
    mention = re.compile(re.escape(_file_stem(figure)) + r"(?!\d)")
    for part in parts:
        text = normalize_text("".join(item.text for item in arranged[part.id]))
        if len(_file_stem(figure)) > 1 and mention.search(text):
            return part.id
    folder = PurePosixPath(figure.name).parent.name
    by_name, _ = exhibit_sections.best_part(parts, _file_stem(figure))
    by_folder, _ = exhibit_sections.best_part(parts, folder)
    return by_name or by_folder


def _motto(part: RequiredSection, sections: Sequence[Section], clean: MaskText) -> str:
    heading = _NUMBERING.sub("", clean(sections[0].heading)) if sections else ""
    motto = heading.removeprefix(part.title).strip(" ：:—-·")
    same = normalize_text(motto) in normalize_text(part.title)
    return "" if same else motto


def _text_blocks(
    sections: Sequence[Section], clean: MaskText, *, opening: bool = False
) -> tuple[TextBlock, ...]:
    """Return the passages that say something; the heading that opens a panel is its motto."""
    blocks = []
    for index, section in enumerate(sections):
        lines = (line.strip() for line in clean(section.text).splitlines())
        heading = "" if opening and index == 0 else clean(section.heading)
        block = TextBlock(heading=heading, paragraphs=tuple(line for line in lines if line))
        if block.heading or block.paragraphs:
            blocks.append(block)
    return tuple(blocks)


def _completion_bars(numbers: Mapping[str, Any]) -> tuple[CompletionBar, ...]:
    return tuple(
        _completion_bar(
            label, *(numbers.get(f"{prefix}_{part}") for part in ("done", "target", "state"))
        )
        for prefix, label in STOCKTAKE_ROWS
    )


def _completion_bar(label: str, done: Any, target: Any, state: Any) -> CompletionBar:
    """Return a bar; without figure or assigned target there is none, never one of length 0."""
    absent = ((done, NOT_SENT if state == NOT_SENT else BLANK), (target, NO_TARGET))
    texts = [words if pd.isna(value) else f"{int(value):,}" for value, words in absent]
    if pd.isna(done) or pd.isna(target) or target <= 0:
        return CompletionBar(
            label=label,
            done=texts[0],
            target=texts[1],
            reported=not pd.isna(done),
            assigned=not pd.isna(target),
        )
    permille = int(done) * 1000 // int(target)  # rounded down: 99.96% is not yet 100%
    return CompletionBar(
        label=label,
        done=texts[0],
        target=texts[1],
        rate=f"{permille / 10:.1f}%",
        width=min(permille, 1000) / 10,
        met=done >= target,
    )
