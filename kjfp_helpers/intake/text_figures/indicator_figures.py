"""Figures of the two numbers in running text: which quantity, how many, and of what.

A summary says the same number as the return, a county's part of it, a year's, the target, or a
number of something else; only what is said of the whole unit and the whole period may be held
against the return. What does not say of what it is stays unclear. Reads in linear time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.text_figures import statement_frames as frames
from kjfp_helpers.intake.text_figures.counted_nouns import CountedNoun, find_counted_nouns
from kjfp_helpers.intake.text_figures.figure_bounds import count_bounds
from kjfp_helpers.intake.text_figures.figure_tables import (
    CELL_BAR,
    TableFigure,
    find_table_figures,
    indicators_of,
    split_row,
)
from kjfp_helpers.intake.text_figures.masked_sentence import MaskedSentence, mask_sentence
from kjfp_helpers.intake.text_figures.mentioned_counts import find_mentioned_counts
from kjfp_helpers.intake.text_figures.number_lists import MIN_LIST, find_listed_numbers
from kjfp_helpers.intake.text_figures.statement_frames import Frame, Scope, Surroundings
from kjfp_helpers.intake.text_figures.word_classes import HINT, NAMED


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """A figure of an indicator in a text.

    ``indicator`` is a name of :data:`kjfp_helpers.core.form_schema.INDICATORS`, ``value`` a count
    in ``measure`` as written (``""`` for none); ``year`` is that of a figure of one year, 0 for
    none. ``is_explicit`` is whether a word such as 累计 says that it is the whole. ``low`` and
    ``high`` are the counts that the wording allows (``4.2万余``). ``start`` and ``end`` are its
    offsets, ``sentence`` that of its sentence or cell, ``words`` the clause that it
    stands in.
    """

    indicator: str
    value: int
    measure: str
    scope: Scope
    year: int
    is_explicit: bool
    low: int
    high: int
    start: int
    end: int
    sentence: int
    words: str

    def agrees_with(self, count: int) -> bool:
        """Whether a count is one that the wording allows."""
        return self.low <= count <= self.high


KEPT_LINES = 2048
"""Paragraphs whose figures are kept: those of a document are asked for by section and as a whole,
and several units write the same ones."""
MAX_CHARS = 100_000
"""Characters that are read of a text; real ones hold a tenth of it."""
MAX_TITLE = 30
"""Characters of a line that may be a heading, or the label of a list."""
_SENTENCE = lazy_pattern(r"[^。！!？?]{1,500}")
"""A sentence; what runs on without an end is read in pieces, so that time stays linear."""
_TOLD_BEHIND = lazy_pattern(
    r"(?:[^，。]{0,8}：)?(?P<count>[^，。：]{1,16})，[这此]便?[就正]?是"
    r"(?P<what>[^，。]{2,40}?(?:总?数|总量|总人数|合计))(?=[，,。；]|$)"
)
"""A number before what it is: 1,126个，这是五年来全省支持建设农技协的总数."""
_CLAUSE_END = lazy_pattern("[，；;]")
_OF_THE_NUMBERS = lazy_pattern("两数|两项?数|指标|任务|目标|数据")
"""What a heading, or the opening of a paragraph, holds under which the unit tells its numbers."""
_INTENDS = lazy_pattern("^[^，。]{0,4}(?:下一?步|今后|下一?阶段|接下来|未来|明年|来年)")
_NUMBERED = lazy_pattern(
    r"\s*(?:第|Part|[（(【]?\s*[\d一二三四五六七八九十]{1,3}\s*[)）】、.．\s])", re.IGNORECASE
)
_MARK = " \t\u3000·•-●√★>➢◆◇■□▪"


def find_indicator_figures(text: str, heading: str = "") -> tuple[IndicatorFigure, ...]:
    """Return the figures of the indicators in a running text, in order.

    Counts that are only mentioned beside an indicator are left out.

    Under a ``heading`` that announces the numbers, a figure is the whole unless something says
    otherwise.

    Examples
    --------
    >>> text = "截至2020年7月，支持建设农技协126个，其中2019年30个；带动贫困人口脱贫5.2万余人。"
    >>> [(one.indicator, one.value, one.scope) for one in find_indicator_figures(text)]
    [('assoc', 126, 'total'), ('assoc', 30, 'year'), ('people', 52000, 'total')]
    >>> find_indicator_figures("带动贫困人口脱贫5.2万余人")[0].agrees_with(52643)
    True
    """
    return tuple(one for one in find_counts(text, heading) if one.scope != "mentioned")


def find_counts(text: str, heading: str = "") -> tuple[IndicatorFigure, ...]:
    """Return the figures of the indicators in a running text and the counts mentioned beside them.

    >>> [(one.value, one.scope) for one in find_counts("动员专家900人。专家登记造册472人。")]
    [(900, 'total'), (472, 'mentioned')]
    """
    announced, offset = _OF_THE_NUMBERS.search(heading) is not None, 0
    found: list[IndicatorFigure] = []
    topic, label = _topic_of(heading), frames.part_of_title(_plain(heading))
    table: list[tuple[str, int]] = []
    for line in [*text[:MAX_CHARS].split("\n"), ""]:
        cells = line.count(CELL_BAR)
        if table and cells != table[0][0].count(CELL_BAR):
            found += _figures_of_table(table, announced)
            table = []
        if cells:
            table.append((line, offset))
        elif _is_title(line):
            announced = _announces(line, announced)
            topic = _topic_of(line)
            label = line.strip() if _is_label(line) else frames.part_of_title(_plain(line))
        else:
            opening = "两数" in line[:MAX_TITLE]
            around = Surroundings(label, announced or opening)
            found += _figures_of_line(line, offset, around, topic)
            label = _closing_label(line) or label
        offset += len(line) + 1
    return tuple(sorted(found, key=lambda one: one.start))


def heading_below(above: str, heading: str) -> str:
    """Return a heading together with the one above it that announces the numbers, if any.

    >>> heading_below("一、两数完成情况", "（一）专家动员方面")
    '一、两数完成情况（一）专家动员方面'
    >>> heading_below("一、两数完成情况", "二、主要做法")
    '二、主要做法'
    """
    is_below = _OF_THE_NUMBERS.search(above) and indicators_of(heading)
    return f"{above}{heading}" if is_below and not _OF_THE_NUMBERS.search(heading) else heading


def _is_title(line: str) -> bool:
    """Whether a line can be a heading, or the label of the lines below it."""
    said = line.strip().rstrip(":：")
    if not said or len(said) > MAX_TITLE or re.search("[，,：:。；;]", said):
        return False
    return not any(one.measure for one in mask_sentence(said).counts)


def _topic_of(heading: str) -> str:
    """Return a heading that names an indicator and tells no figure of it, ``""`` for others."""
    said = "" if heading.lstrip()[:1] in _MARK else heading.strip()
    return said if said and indicators_of(said) and not mask_sentence(said).counts else ""


def _is_label(line: str) -> bool:
    """Whether a line tells of what the lines below it are: 截至2020年6月：, no numbered heading."""
    return line.rstrip().endswith((":", "：")) and not _NUMBERED.match(line)


def _closing_label(line: str) -> str:
    """Return the end of a paragraph that is the label of the lines below it, ``""`` for none."""
    if not line.rstrip().endswith((":", "：")):
        return ""
    said = re.split("[。；;！？]", line)[-1].strip()
    return said if len(said) <= MAX_TITLE else ""


def _plain(title: str) -> str:
    """Return a heading without its number and marks."""
    return _NUMBERED.sub("", title.strip().lstrip(_MARK), count=1).strip("【】 ：:")


def _announces(title: str, announced: bool) -> bool:
    """Whether the numbers are told below a heading: also below one of theirs that names one."""
    return (
        bool(_OF_THE_NUMBERS.search(title))
        or (announced and bool(indicators_of(title)))
        or (announced and title.rstrip().endswith((":", "：")))
    )


def _figures_of_table(lines: list[tuple[str, int]], announced: bool) -> Iterator[IndicatorFigure]:
    if len(lines) == 1:
        line, offset = lines[0]
        yield from _figures_of_line(line, offset, Surroundings("", announced or "两数" in line))
        return
    for one in find_table_figures([split_row(line, offset) for line, offset in lines]):
        yield _of_cell(one)


def _of_cell(one: TableFigure) -> IndicatorFigure:
    low, high = count_bounds(one.value, one.words.rpartition(" ")[2])
    return IndicatorFigure(
        indicator=one.indicator,
        value=one.value,
        measure=one.measure,
        scope=one.frame.scope,
        year=one.frame.year,
        is_explicit=one.frame.is_explicit,
        low=low,
        high=high,
        start=one.start,
        end=one.end,
        sentence=one.start,
        words=one.words,
    )


def _figures_of_line(
    line: str, offset: int, around: Surroundings, topic: str = ""
) -> Iterator[IndicatorFigure]:
    """Yield the figures of a paragraph; ``topic`` is its heading where that names an indicator."""
    for one in _read_line(line, around, topic):
        yield replace(
            one,
            start=one.start + offset,
            end=one.end + offset,
            sentence=one.sentence + offset,
        )


@lru_cache(KEPT_LINES)
def _read_line(line: str, around: Surroundings, topic: str) -> tuple[IndicatorFigure, ...]:
    """Return the figures of a paragraph, sentence by sentence."""
    found: list[IndicatorFigure] = []
    before = mask_sentence(topic) if topic else None
    lead, told = around.lead, around.is_announced
    part, label = frames.part_of_opening(_plain(line)), before
    for match in _SENTENCE.finditer(line):
        sentence = mask_sentence(match[0].lstrip(_MARK).rjust(len(match[0])))
        if _INTENDS.match(match[0]):
            lead = "下一步，"
        asked = before is not None and line[: match.start()].endswith(("？", "?"))
        if before is not None and not NAMED.search(before.text):
            before = label or before
        if HINT.search(match[0]) or "分别" in match[0] or before is not None:
            here = Surroundings(f"{lead}{before.masked}，" if before and asked else lead, told)
            found += _figures_of_sentence(sentence, before, match.start(), here)
            found += _figures_told_behind(match, here)
        before, lead = sentence, lead or part
        label = before if len(match[0]) <= MAX_TITLE and _topic_of(match[0]) else label
    return tuple(found)


def _figures_told_behind(match: "re.Match[str]", around: Surroundings) -> Iterator[IndicatorFigure]:
    """Yield the figure of a sentence that says the number first, and then what it is."""
    told = _TOLD_BEHIND.match(match[0])
    if told is None:
        return
    turned = mask_sentence(f"{told['what']}为{told['count']}")
    for one in _figures_of_sentence(turned, None, match.start(), around):
        start = match.start() + told.start("count")
        yield replace(one, start=start, end=start + len(told["count"]))


def _figures_of_sentence(
    sentence: MaskedSentence, before: MaskedSentence | None, offset: int, around: Surroundings
) -> Iterator[IndicatorFigure]:
    is_named = NAMED.search(sentence.text) or (before is not None and NAMED.search(before.text))
    if not (is_named and sentence.counts):
        return
    nouns = find_counted_nouns(sentence, before) | find_listed_numbers(sentence, before)
    mentioned = find_mentioned_counts(sentence, before, nouns)
    is_many = len({one.indicator for one in nouns.values()}) >= MIN_LIST
    for number, noun in sorted([*nouns.items(), *mentioned], key=lambda item: item[0]):
        count = sentence.counts[number]
        frame = frames.read_frame(
            sentence.masked, count.start, count.end, noun.indicator, around, is_many
        )
        if noun.is_mentioned and frame.scope == "target":
            continue
        value = count.value or 0
        low, high = count_bounds(value, sentence.text[count.start : count.end])
        yield IndicatorFigure(
            indicator=noun.indicator,
            value=value,
            measure=count.measure,
            scope=_scope_of(noun, frame),
            year=frame.year,
            is_explicit=frame.is_explicit,
            low=low,
            high=high,
            start=count.start + offset,
            end=count.end + offset,
            sentence=offset,
            words=_clause(sentence.text, count.start, count.end),
        )


def _scope_of(noun: CountedNoun, frame: Frame) -> Scope:
    if noun.is_mentioned:
        return "mentioned"
    if frame.scope == "total" and noun.is_subset:
        return "part"
    if frame.scope == "total" and not noun.is_told and not frame.is_explicit:
        return "unclear"
    return frame.scope


def _clause(text: str, start: int, end: int) -> str:
    """Return the clause that a count stands in."""
    begins = max((one.end() for one in _CLAUSE_END.finditer(text, 0, start)), default=0)
    ends = _CLAUSE_END.search(text, end)
    return text[begins : ends.start() if ends else len(text)].strip()
