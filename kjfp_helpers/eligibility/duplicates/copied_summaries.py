"""Passages that summaries of several units share; by themselves they cost no points."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Record
from kjfp_helpers.eligibility.duplicates.duplicate_search import notice_phrases
from kjfp_helpers.eligibility.duplicates.ngram_index import Span
from kjfp_helpers.eligibility.duplicates.text_overlap import (
    Overlap,
    Passage,
    decode_overlaps,
    find_copied_passages,
)
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.text_figures.told_numbers import (
    NOTHING_TOLD,
    ToldNumbers,
    summary_text,
)
from kjfp_helpers.rules import Round

MAX_PASSAGES = 20
"""Passages of a pair that are shown side by side, the longest first."""
MIN_PASSAGE, MIN_SHARE = 150, 0.5
"""Letters of one passage, or share of the shorter summary, from which two are called alike: short
phrases of official style are common to all."""
SHOWN_PASSAGE = 30
"""Letters of a passage below which it is not shown."""
MAX_NAMED = 3
"""Other units that a finding names."""


@dataclass(frozen=True, kw_only=True)
class SharedPassage:
    """One passage as it stands in both summaries."""

    one: str
    other: str


def find_copied_summaries(
    round: Round,
    summaries: Iterable[Record],
    told: Mapping[str, ToldNumbers],
    cached_call: CachedCall = call_uncached,
) -> tuple[Overlap, ...]:
    """Return the pairs of units whose summaries share long passages.

    Phrases of the notice are ignored, and sentences that tell several of the numbers, which all
    tell in its words: ``told`` has them by record id. The names of an overlap are unit codes.
    """
    texts = {
        record.unit: (summary_text(record), told.get(record.id, NOTHING_TOLD).sentences)
        for record in summaries
    }
    found = cached_call(_compare_texts, texts, notice_phrases(round), decode=decode_overlaps)
    return tuple(one for one in found if one.share >= MIN_SHARE or _longest(one) >= MIN_PASSAGE)


def _compare_texts(
    texts: Mapping[str, tuple[str, Sequence[Span]]], phrases: list[str]
) -> tuple[Overlap, ...]:
    """Return the pairs of texts that share passages beside the sentences that tell the numbers."""
    return find_copied_passages(
        {unit: text for unit, (text, _) in texts.items()},
        phrases,
        {unit: sentences for unit, (_, sentences) in texts.items()},
    )


def _longest(overlap: Overlap) -> int:
    return max((_length(passage) for passage in overlap.passages), default=0)


def _length(passage: Passage) -> int:
    return passage.one_end - passage.one_start


def question_copies(
    round: Round, summaries: Mapping[str, Record], overlaps: Iterable[Overlap]
) -> Iterator[Finding]:
    """Yield a question to every unit whose summary shares passages, naming the most similar."""
    alike: dict[str, list[Overlap]] = defaultdict(list)
    for overlap in overlaps:
        alike[overlap.one].append(overlap)
        alike[overlap.other].append(overlap)
    for unit, own in sorted(alike.items()):
        own.sort(key=lambda item: (-item.share, item.other_than(unit)))
        named = []
        for item in own[:MAX_NAMED]:
            other = round.unit_by_code[item.other_than(unit)].short_name
            shown = show_passages(item, summaries[item.one], summaries[item.other])
            words = f"（{quote_for_finding(shown[0].one)}）" if shown else ""
            named.append(f"与{other}雷同{item.share:.0%}{words}")
        more = f"等共{len(own)}个单位" if len(own) > MAX_NAMED else ""
        yield Finding(
            code="summary_copied",
            unit=unit,
            source=summaries[unit].source,
            field="text",
            expected="总结各自撰写",
            found="、".join(named) + more,
        )


def show_passages(overlap: Overlap, one: Record, other: Record) -> tuple[SharedPassage, ...]:
    """Return the shared passages of a pair side by side, the longest first."""
    texts = summary_text(one), summary_text(other)
    passages = [one for one in overlap.passages if _length(one) >= SHOWN_PASSAGE]
    longest = sorted(passages, key=lambda passage: (-_length(passage), passage.one_start))
    return tuple(
        SharedPassage(
            one=texts[0][passage.one_start : passage.one_end],
            other=texts[1][passage.other_start : passage.other_end],
        )
        for passage in longest[:MAX_PASSAGES]
    )
