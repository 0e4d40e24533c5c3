"""What the texts of a unit's papers tell of the numbers, document by document.

The figures of each section are held against the return; the sentences of a summary that tell
several of the numbers are left out where summaries are compared. Both are worked out of a document
before the next one is opened, so that its paragraphs are read once, however many documents there
are.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from kjfp_helpers.core.records import Exhibit, Record, Section, Summary
from kjfp_helpers.infra.cache import CachedCall, MemoryCache
from kjfp_helpers.infra.process_pool import begin_in_fork
from kjfp_helpers.intake.common.text_cleanup import to_half_width
from kjfp_helpers.intake.text_figures.indicator_figures import (
    IndicatorFigure,
    find_counts,
    find_indicator_figures,
    heading_below,
)

MANY = 64
"""Documents from which on it pays to read half of them in another process."""
OWN_SHARE = 4
"""One of so many documents is left to this process, which has other work meanwhile."""
Documents = Mapping[str, tuple[str, Sequence[Section]]]
"""Kind and sections of each document by its record id."""
_SENTENCE = re.compile(r"[^。；\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldNumbers:
    """What a document tells of the numbers.

    ``figures`` are those of each section, with the counts mentioned beside them; ``sentences`` are
    start and end of those that tell several of the numbers, in the text of a summary as
    :func:`summary_text` returns it.
    """

    figures: tuple[tuple[IndicatorFigure, ...], ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()


NOTHING_TOLD = ToldNumbers()


def read_told_numbers(
    records: Iterable[Record], cached_call: CachedCall
) -> Mapping[str, ToldNumbers]:
    """Return what summaries and exhibits tell of the numbers, by record id.

    A document that tells none is left out. ``cached_call`` caches the reading of all.
    """
    return begin_told_numbers(records, cached_call)()


def begin_told_numbers(
    records: Iterable[Record], cached_call: CachedCall
) -> Callable[[], Mapping[str, ToldNumbers]]:
    """Begin to read as :func:`read_told_numbers`; return what waits for it.

    Of many documents another process reads most, so that there is time for other work. Only a
    cache in memory begins before its result is asked for.
    """
    documents = {
        record.id: (record.kind, record.body.sections)
        for record in records
        if record.kind in ("summary", "exhibit") and isinstance(record.body, Summary | Exhibit)
    }
    if isinstance(cached_call, MemoryCache):
        return cached_call.begin(_begin_documents, documents, OWN_SHARE)
    return partial(cached_call, _read_documents, documents, decode=_decode_documents)


def _read_documents(documents: Documents) -> dict[str, ToldNumbers]:
    """Read documents; of many, every other one beside this process."""
    return _begin_documents(documents, 2)()


def _begin_documents(documents: Documents, share: int) -> Callable[[], dict[str, ToldNumbers]]:
    """Begin to read documents beside this process; of many, every ``share``-th is read here."""
    if len(documents) < MANY:
        return partial(_read_some, documents)
    own = dict(islice(documents.items(), 0, None, share))
    others = {name: document for name, document in documents.items() if name not in own}
    return partial(
        _finish_documents, list(documents), own, begin_in_fork(partial(_read_some, others))
    )


def _finish_documents(
    names: Sequence[str], own: Documents, finish: Callable[[], dict[str, ToldNumbers]]
) -> dict[str, ToldNumbers]:
    """Read the documents left to this process; return what all tell, in order."""
    read = _read_some(own) | finish()
    return {name: read[name] for name in names if name in read}


def _read_some(documents: Documents) -> dict[str, ToldNumbers]:
    read = {
        name: ToldNumbers(
            figures=tuple(find_counts(text, heading) for heading, text in _headed_texts(sections)),
            sentences=tuple(_find_sentences(_joined(sections))) if kind == "summary" else (),
        )
        for name, (kind, sections) in documents.items()
    }
    return {name: told for name, told in read.items() if told.sentences or any(told.figures)}


def _decode_documents(plain: Any) -> dict[str, ToldNumbers]:
    """Return what :func:`_read_documents` returned from JSON values."""
    return {
        str(name): ToldNumbers(
            figures=tuple(
                tuple(IndicatorFigure(**figure) for figure in section)
                for section in told["figures"]
            ),
            sentences=tuple((start, end) for start, end in told["sentences"]),
        )
        for name, told in plain.items()
    }


def summary_text(record: Record) -> str:
    """Return the text of a summary with its headings, a line each."""
    return _joined(record.body.sections if isinstance(record.body, Summary) else ())


def _joined(sections: Iterable[Section]) -> str:
    return "\n".join(part for one in sections for part in (one.heading, one.text) if part)


def told_text(section: Section) -> str:
    """Return the text of a section, after a heading that tells a figure: 2.支持农技协126家."""
    if re.search(r"\d[余多万]*[个家人名位]", to_half_width(section.heading)):
        return f"{section.heading}\n{section.text}"
    return section.text


def _headed_texts(sections: Iterable[Section]) -> Iterator[tuple[str, str]]:
    """Yield the heading and the text of each section, below a heading of the numbers with that."""
    above = ""
    for section in sections:
        above = heading_below(above, section.heading)
        yield above, told_text(section)


def _find_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence that tells several of the numbers."""
    figures = find_indicator_figures(text)
    starts = [one.start for one in figures]
    for sentence in _SENTENCE.finditer(text):
        own = figures[bisect(starts, sentence.start() - 1) : bisect(starts, sentence.end())]
        if len({one.indicator for one in own}) > 1:
            yield sentence.span()
