"""Figures of the two numbers in running text: which quantity, how many, and of what period.

A summary says the same number as the return, a county's part of it, a year's, the target, or a
number of something else; only what is said of the whole unit and the whole period may be held
against the return. Reads in linear time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kjfp_helpers.intake.common.text_cleanup import to_half_width
from kjfp_helpers.intake.fields.quantities import Quantity, find_quantities
from kjfp_helpers.intake.text_figures import indicator_patterns as patterns
from kjfp_helpers.intake.text_figures.figure_scopes import (
    MIN_LIST,
    Scope,
    find_period,
    find_scope,
)


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """A figure of an indicator in a text.

    ``indicator`` is a name of :data:`kjfp_helpers.core.form_schema.INDICATORS`, ``value`` a count
    in ``measure`` as written (``""`` for none); ``year`` is that of a figure of one year, 0 for
    none. ``is_explicit`` is whether a word such as 累计 says that it is the whole. ``low`` and
    ``high`` are the counts that the wording allows (``4.2万余``). ``start`` and ``end`` are its
    offsets, ``words`` the clause that it stands in.
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
    words: str

    def agrees_with(self, count: int) -> bool:
        """Whether a count is one that the wording allows."""
        return self.low <= count <= self.high


MAX_CHARS = 100_000
"""Characters that are read of a text; real ones hold a tenth of it."""
_SENTENCE = re.compile(r"[^。；;！!？?\n]{1,500}")
"""A sentence; what runs on without an end is read in pieces, so that time stays linear."""
_SEGMENT = re.compile(r"(?:[^，,]|(?<=\d),(?=\d{3}))+")
MAX_OPENING = 30
"""Characters of a paragraph that may announce the numbers."""
MAX_LEAD = 300
"""Characters before a semicolon that are remembered behind it."""
_HAN = re.compile("[\u4e00-\u9fff]")


def find_indicator_figures(text: str, heading: str = "") -> tuple[IndicatorFigure, ...]:
    """Return the figures of the indicators in a running text, in order.

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
    found: list[IndicatorFigure] = []
    announced = patterns.OF_THE_NUMBERS.search(heading) is not None
    before, lead, end = "", "", 0
    for sentence in _SENTENCE.finditer(text[:MAX_CHARS]):
        if _is_title_line(text, sentence.start(), sentence.end()):
            announced = patterns.OF_THE_NUMBERS.search(sentence[0]) is not None
        is_joined = text[end : sentence.start()] in ("；", ";")
        lead = f"{lead}{before.partition('其中')[0]}；"[-MAX_LEAD:] if is_joined else ""
        if patterns.HINT.search(sentence[0]) or patterns.RESPECTIVELY.search(sentence[0]):
            line = text.rfind("\n", 0, sentence.start()) + 1
            opening = text[line : line + MAX_OPENING]
            setting = _Setting(before, lead, announced or "两数" in opening)
            found += _figures_of_sentence(sentence[0], sentence.start(), setting)
        before, end = sentence[0], sentence.end()
    return tuple(found)


def _is_title_line(text: str, start: int, end: int) -> bool:
    """Whether a piece of a text is a line of its own that can be a heading."""
    stands_alone = text[start - 1 : start] in ("", "\n") and text[end : end + 1] in ("", "\n")
    return (
        stands_alone and end - start <= MAX_OPENING and not re.search("[，,：:]", text[start:end])
    )


@dataclass(frozen=True, slots=True)
class _Setting:
    """What a sentence stands in.

    ``before`` is the sentence before: it may name what a list of numbers is of. ``lead`` is what
    the sentence goes on from behind a semicolon: of whom and of what period it tells. ``announced``
    is whether the numbers of the unit are told here.
    """

    before: str
    lead: str
    announced: bool


def _figures_of_sentence(
    sentence: str, offset: int, setting: _Setting
) -> Iterator[IndicatorFigure]:
    """Yield the figures of a sentence; a clause may take up the quantity of the one before."""
    quantities = [
        _without_noun(one)
        for one in find_quantities(sentence)
        if one.measure or not _HAN.match(sentence, one.end)  # 三级专家 is no number of experts
    ]
    paired = _paired_figures(sentence, quantities, setting.before)
    taken = {one.start for one in paired}
    single = [
        one for one in _clause_figures(sentence, quantities, setting) if one.start not in taken
    ]
    for one in sorted([*single, *paired], key=lambda figure: figure.start):
        yield replace(one, start=one.start + offset, end=one.end + offset)


def _without_noun(quantity: Quantity) -> Quantity:
    """Return a quantity whose measure leaves the noun behind 个 to the sentence: 126个农技协."""
    if quantity.measure.startswith("个") and len(quantity.measure) > 1:
        extra = len(quantity.measure) - 1
        return replace(quantity, measure="个", end=quantity.end - extra)
    return quantity


def _clause_figures(
    sentence: str, quantities: list[Quantity], setting: _Setting
) -> Iterator[IndicatorFigure]:
    last = ""
    for segment in _SEGMENT.finditer(sentence):
        inside = [q for q in quantities if segment.start() <= q.start and q.end <= segment.end()]
        for quantity in inside:
            masked = _mask(segment[0], segment.start(), quantity, inside)
            masked = patterns.ASIDE.sub("", masked)
            indicator = _indicator_of(masked, quantity, last)
            if not indicator:
                counted = [one for one in inside if one.measure != "年"]
                alone = _mask(segment[0], segment.start(), quantity, counted)
                indicator = _carried_indicator(sentence[: segment.start()], alone, quantity)
            if indicator:
                last = indicator
                figure = _make_figure(sentence, segment, masked, quantity, indicator, setting)
                if figure:
                    yield figure


def _mask(segment: str, offset: int, own: Quantity, others: list[Quantity]) -> str:
    r"""Return a clause with one figure as ``\0`` and the others as ``\1``."""
    masked = segment
    for quantity in reversed(others):
        mark = "\0" if quantity is own else "\1"
        masked = masked[: quantity.start - offset] + mark + masked[quantity.end - offset :]
    return masked


def _indicator_of(masked: str, quantity: Quantity, last: str) -> str:
    """Return the indicator that a figure is of, ``""`` for none."""
    if quantity.value is None or quantity.is_rate:
        return ""
    for name, pattern in patterns.SUBJECTS.items():
        if quantity.measure in patterns.OWN_MEASURES[name] and pattern.search(masked):
            return name
    if last and re.search(r"20\d\d年(?:为|达)?\0(?:、|$)", masked):
        return last
    is_taken_up = last and quantity.measure in patterns.OWN_MEASURES[last] and "\1" not in masked
    if is_taken_up and not patterns.HINT.search(masked):
        year = re.fullmatch(r"(?:其中)?(?:20\d\d年)?(?:为|达)?\0", masked.strip())
        if year or patterns.TAKEN_UP.search(masked):
            return last
    return ""


def _carried_indicator(before: str, masked: str, quantity: Quantity) -> str:
    """Return the one indicator that the clause before names, where this tells its number."""
    masked = re.sub(r"[（(][^（）()\0]*[）)]$", "", masked)
    if quantity.value is None or quantity.is_rate or "\1" in masked:
        return ""
    named = [name for name, noun in patterns.NOUNS.items() if re.search(noun, before[-40:])]
    if len(named) != 1 or quantity.measure not in patterns.OWN_MEASURES[named[0]]:
        return ""
    return named[0] if patterns.CARRIED[named[0]].fullmatch(masked.strip()) else ""


def _make_figure(
    sentence: str,
    segment: "re.Match[str]",
    masked: str,
    quantity: Quantity,
    indicator: str,
    setting: _Setting,
) -> IndicatorFigure | None:
    before = setting.lead + sentence[: quantity.start]
    period, year, is_whole_period = find_period(before)
    scope: Scope | Literal["unsaid"] = period
    if scope == "total":
        scope = find_scope(before, sentence, masked, indicator, is_whole_period)
    if scope == "unsaid":
        scope = "total" if setting.announced else "part"
    said = sentence[quantity.start : quantity.end]
    low, high = _bounds(quantity.value or 0, to_half_width(said))
    return IndicatorFigure(
        indicator=indicator,
        value=quantity.value or 0,
        measure=quantity.measure,
        scope=scope,
        year=year,
        is_explicit=is_whole_period or patterns.WHOLE.search(masked) is not None,
        low=low,
        high=high,
        start=quantity.start,
        end=quantity.end,
        words=segment[0].strip(),
    )


def _bounds(value: int, said: str) -> tuple[int, int]:
    """Return the least and the most count that a wording allows: 4.2万余 is 42,000 to 43,000."""
    is_more, is_less = (
        patterns.MORE.search(said) is not None,
        patterns.LESS.search(said) is not None,
    )
    is_about = re.search("约|左右|上下|大概", said) is not None
    if not (is_more or is_less or is_about or patterns.SCALED.search(said)):
        return value, value
    step = _last_digit_step(value)
    if is_more:
        return value, value + step
    if is_less:
        return value - min(step, value // 5), value
    step = min(step, max(value // 10, 1))
    exact = not is_about and not re.search(r"\d", said) and step < 100
    return (value, value) if exact else (value - step, value + step)


def _last_digit_step(value: int) -> int:
    """Return what the last digit that is no nought is worth: 1000 for 42,000."""
    step = 1
    while value and value % (10 * step) == 0:
        step *= 10
    return step


def _paired_figures(
    sentence: str, quantities: list[Quantity], before: str
) -> list[IndicatorFigure]:
    """Return the figures of a list of quantities with lists of numbers: 分别为126个、8个.

    Where the sentence names no quantity, those of the one before are meant; a second list is of
    the same quantities as the first: 任务分别为120个、8个，实际分别完成126个、9个.
    """
    markers = [*patterns.RESPECTIVELY.finditer(sentence)]
    if not markers:
        return []
    names = _named_indicators(sentence[: markers[0].start()]) or _named_indicators(before)
    ends = [*(marker.start() for marker in markers[1:]), len(sentence)]
    figures = []
    for number, (marker, end) in enumerate(zip(markers, ends, strict=True)):
        head = sentence[markers[number - 1].end() if number else 0 : marker.start()]
        listed = [one for one in quantities if marker.end() <= one.start < end]
        named = names[-len(listed) :]
        if len(named) >= MIN_LIST and len(named) == len(listed):
            figures += _listed_figures(sentence, head, named, listed)
    return figures


def _listed_figures(
    sentence: str, head: str, named: list[str], listed: list[Quantity]
) -> list[IndicatorFigure]:
    """Return the figures of one list of numbers, ``head`` is what stands before it."""
    period, year, is_whole = find_period(head)
    target = re.search("目标|任务|计划|应", head) and not re.search("实际|完成数|完成情况|已", head)
    scope: Scope = "target" if target else period
    if scope == "total" and (patterns.NAMED_PLACE.search(head) or patterns.PART.search(head)):
        scope = "part"
    figures = []
    for name, one in zip(named, listed, strict=True):
        if one.value is not None and one.measure in patterns.OWN_MEASURES[name]:
            low, high = _bounds(one.value, to_half_width(sentence[one.start : one.end]))
            figures.append(
                IndicatorFigure(
                    indicator=name,
                    value=one.value,
                    measure=one.measure,
                    scope=scope,
                    year=year,
                    is_explicit=is_whole,
                    low=low,
                    high=high,
                    start=one.start,
                    end=one.end,
                    words=sentence.strip(),
                )
            )
    return figures


def _named_indicators(text: str) -> list[str]:
    """Return the indicators that a text names, in its order."""
    named = sorted(
        (match.start(), name)
        for name, noun in patterns.NOUNS.items()
        for match in re.finditer(noun, text)
    )
    return [name for _, name in named]
