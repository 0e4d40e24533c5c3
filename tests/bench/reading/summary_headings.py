"""Precision, recall and F1 of the five heads found in work summaries of real length, and the time.

    python tests/bench/reading/summary_headings.py [COUNT] [SEED] [--show]

``summary_samples.py`` writes the summaries, apart from the reader, and tells which of its pools of
wordings the reader was mended for: only ``fresh`` measures what it does with words it never met. Each
is saved as a Word file and read as one that arrived. ``--show`` prints what was missed and what was
found wrongly.
"""

import io
import sys
import time
from collections import Counter
from pathlib import Path

import docx
from summary_samples import HEADS, SummarySample, generate_samples

from kjfp_helpers.core.records import Section
from kjfp_helpers.intake.documents.docx.reader import read_docx
from kjfp_helpers.intake.documents.sectioned_text import split_document_into_sections
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.notice.assessment.summary_headings import outline_summary
from kjfp_helpers.rules import load_round

ROUND = Path(__file__).parents[3] / "data" / "2020"


def save(sample: SummarySample) -> bytes:
    """Return a sample as a Word file."""
    document = docx.Document()
    rows = [text for text, looks in sample.paragraphs if looks == "row"]
    for text, looks in sample.paragraphs:
        if looks == "row":
            if text == rows[0]:
                table = document.add_table(len(rows), 2)
                for row, line in zip(table.rows, rows, strict=True):
                    for cell, words in zip(row.cells, line.split("|"), strict=True):
                        cell.text = words
        elif looks.startswith("heading"):
            document.add_heading(text, int(looks[-1]))
        else:
            document.add_paragraph().add_run(text).bold = looks == "bold"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(data: bytes) -> tuple[Section, ...]:
    """Return the sections of a Word file, as those of a summary that arrived."""
    return split_document_into_sections(read_docx(OfficePackage(data))).sections


def measure(count: int, seed: int, pool: str, *, show: bool) -> None:
    """Print precision, recall and F1 over all heads, what failed by style, and the time."""
    heads = load_round(ROUND).notice.summary.heads
    hits, extra, missed, spent = 0, 0, 0, 0.0
    failed: Counter[str] = Counter()
    for number, sample in enumerate(generate_samples(count, seed, pool)):
        sections = read(save(sample))
        started = time.process_time()
        found = outline_summary(heads, sections)
        spent += time.process_time() - started
        for head in HEADS:
            there, said = head in sample.heads, head in found
            hits += there and said
            extra += said and not there
            missed += there and not said
            if there != said:
                failed[sample.style] += 1
                if show:
                    at = sample.heads.get(head)
                    words = sample.paragraphs[at][0] if at is not None else found[head].heading
                    print(
                        f"  {number} {sample.style} {head} {'缺' if there else '误'}：{words[:60]}"
                    )
    precision, recall = hits / max(hits + extra, 1), hits / max(hits + missed, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(
        f"{pool}: {count} summaries, {hits + missed} heads, precision {precision:.3f}, recall {recall:.3f}, ",
        end="",
    )
    print(f"F1 {f1:.3f}, {1000 * spent / count:.1f} ms each; failed {dict(failed)}")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()] + [60, 1][
        len([w for w in sys.argv[1:] if w.isdigit()]) :
    ]
    for name in ("seen", "held_out", "later", "last", "fresh"):
        measure(numbers[0], numbers[1], name, show="--show" in sys.argv)
