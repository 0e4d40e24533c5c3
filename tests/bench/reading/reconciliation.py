"""Precision and recall of the reconciliation on planted disagreements in running text, and its time.

    python tests/bench/reading/reconciliation.py [UNITS] [SEED]

Texts are put together from sentences as offices write them, kept apart from the reader's patterns:
those of ``TUNED`` were looked at while the reader was written, those of ``HELD_OUT`` only measured.
A unit's return is held against a text that tells its numbers, some of them wrong, among sentences
with the numbers of places, teams, years, targets and other things.
"""

import json
import random
import sys
import time
from pathlib import Path

from kjfp_helpers.core.form_schema import INDICATORS
from kjfp_helpers.core.records import Record, Section, Stocktake, Summary
from kjfp_helpers.infra.cache import call_uncached
from kjfp_helpers.intake.text_figures.told_numbers import read_told_numbers
from kjfp_helpers.notice.stocktake import collect_figures, reconcile_unit

SENTENCES = json.loads((Path(__file__).parent / "reconciliation.json").read_text("utf-8"))
NAMES = ("assoc", "experts", "people")
YEARS = (2016, 2017, 2018, 2019, 2020)
HAN = "〇一二三四五六七八九"


def in_han(number: int) -> str:
    """Return a number below 100,000,000 in Chinese numerals."""
    if number >= 10_000:
        rest = number % 10_000
        zero = "零" if 0 < rest < 1000 else ""
        return in_han(number // 10_000) + "万" + (zero + in_han(rest) if rest else "")
    text, pending = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if pending and text else "") + HAN[digit] + word
            pending = False
        else:
            pending = True
    return text


def write(rng: random.Random, number: int) -> str:
    """Return a number as an office writes it: in digits, grouped, in 万, about, in Chinese."""
    way = rng.random()
    if number >= 10_000 and way < 0.25:
        tenths = number // 1000 / 10
        return f"{tenths:g}万" + rng.choice(("", "余", "多")) if number % 1000 else f"{tenths:g}万"
    if number >= 10_000 and way < 0.3:
        return f"近{number // 10_000 + 1}万"
    if way < 0.4 and number >= 1000:
        return f"{number:,}"
    if way < 0.47 and number < 10_000:
        return in_han(number)
    return str(number)


def spoil(rng: random.Random, number: int) -> int:
    """Return another number: digits changed about, more, less, or tenfold."""
    while True:
        way = rng.random()
        if way < 0.3 and number > 99:
            digits = list(str(number))
            at = rng.randrange(len(digits) - 1)
            digits[at], digits[at + 1] = digits[at + 1], digits[at]
            other = int("".join(digits)) if digits[0] != "0" else number
        elif way < 0.85:
            other = round(number * rng.choice((0.6, 0.7, 0.8, 1.15, 1.3, 1.6)))
        else:
            other = number * 10
        if abs(other - number) > number * 0.12 and other > 9:
            return other


def fill(rng: random.Random, template: str, own: dict[str, str]) -> str:
    """Fill a template with the unit's numbers and with others at will."""
    values = dict(own)
    for name, low, high in (
        ("x", 3, 60),
        ("y", 80, 900),
        ("z", 1200, 9800),
        ("k", 10_500, 98_000),
        ("w", 2, 9),
    ):
        values[name] = str(rng.randint(low, high))
    return template.format(**values)


def make_unit(
    rng: random.Random, pool: dict[str, list[str]]
) -> tuple[dict[str, int], str, set[str]]:
    """Return a unit's figures, its text, and the indicators that are wrong in the text."""
    figures = {
        "assoc": rng.randint(21, 480),
        "experts": rng.randint(300, 7900),
        "people": rng.randint(4000, 98_000),
    }
    planted = {name for name in NAMES if rng.random() < 0.25}
    told = {
        name: spoil(rng, value) if name in planted else value for name, value in figures.items()
    }
    own = {name: write(rng, value) for name, value in told.items()}
    own |= {f"{name}_aim": str(round(figures[name] * rng.uniform(0.8, 1.1))) for name in NAMES}
    lines = []
    if rng.random() < 0.5:
        lines.append(fill(rng, rng.choice(pool["together"]), own))
    else:
        for name in NAMES:
            lines.append(rng.choice(pool["lead"]) + fill(rng, rng.choice(pool[name]), own) + "。")
    lines += [
        fill(rng, text, own) for text in rng.sample(pool["others"], min(14, len(pool["others"])))
    ]
    rng.shuffle(lines)
    return figures, "".join(lines), planted


def find(figures: dict[str, int], text: str) -> set[tuple[str, str]]:
    """Return the indicators that the reconciliation asks about, with its words."""
    done = {f"{name}_done": value for name, value in figures.items()}
    stock = Record(
        id="1-1",
        kind="stocktake",
        unit="11",
        receipt=1,
        source="a",
        sha256="",
        body=Stocktake(**done),
    )
    summary = Record(
        id="1-2",
        kind="summary",
        unit="11",
        receipt=1,
        source="b",
        sha256="",
        body=Summary(sections=(Section(heading="", text=text),)),
    )
    papers = [stock, summary]
    told = read_told_numbers(papers, call_uncached)
    collected = collect_figures(papers, (), INDICATORS, (), told)
    return {
        (figure.indicator.name, f"{one.found} | {one.stated.words}")
        for figure in reconcile_unit(collected["11"], INDICATORS, YEARS)
        for one in figure.disagreements
        if one.code == "figure_differs"
    }


def measure(pool: dict[str, list[str]], units: int, seed: int, *, show: bool) -> None:
    rng, right, false, missed = random.Random(seed), 0, 0, 0
    start = time.process_time()
    for _ in range(units):
        figures, text, planted = make_unit(rng, pool)
        found = find(figures, text)
        names = {name for name, _ in found}
        right += len(planted & names)
        missed += len(planted - names)
        false += len(names - planted)
        if show and planted ^ names:
            print(
                "MISSED",
                planted - names,
                "FALSE",
                [one for one in found if one[0] not in planted],
                figures,
            )
            print("   ", text if planted - names else "")
    spent = time.process_time() - start
    print(
        f"{units} texts: precision {right / max(right + false, 1):.3f}, recall "
        f"{right / max(right + missed, 1):.3f} ({right} right, {false} false, {missed} missed), "
        f"{1000 * spent / units:.1f} ms a text"
    )


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for name in ("tuned", "held_out"):
        print(name, end=": ")
        measure(SENTENCES[name], count, seed, show=count < 100)
