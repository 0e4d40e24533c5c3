"""Agenda of the meeting: bands by the chance of a seat, random order inside a band by a seed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

BAND_TITLES: Mapping[str, str] = {
    "in": "明确入围",
    "close": "难分高下",
    "out": "明确不入围",
    "unranked": "未排名次",
}
"""Bands in the order in which the meeting takes them."""


ROUNDING = 1e-9
"""A chance this near to a bound is on it."""


@dataclass(frozen=True, kw_only=True)
class CloseGroup:
    """The cases too close to call: ``seats`` of ``cases`` get in, those above are ``clear``.

    ``first`` and ``last`` are the ranks between which they lie, 0 where there are none.
    """

    cases: tuple[str, ...]
    seats: int
    clear: int
    first: int = 0
    last: int = 0


def assign_bands(table: pd.DataFrame, clear: str) -> dict[str, str]:
    """Return the band of every case.

    Parameters
    ----------
    table : DataFrame
        ``case``; ``rank``, NaN for a case that has none; ``p_in``, its chance of a seat (0-1).
    clear : str
        The share from which a chance is clear (ruling ``clear_chance``), such as ``9/10``. A
        ranked case without a chance is too close to call.

    Examples
    --------
    >>> table = pd.DataFrame({"case": ["甲", "乙", "丙"], "rank": [1, 2, 3], "p_in": [1, 0.6, 0]})
    >>> assign_bands(table, "9/10")
    {'甲': 'in', '乙': 'close', '丙': 'out'}
    """
    least = float(Fraction(clear))
    bands = {}
    ranks, chances = (table[name].astype(float).tolist() for name in ("rank", "p_in"))
    for case, rank, chance in zip(table["case"].astype(str), ranks, chances, strict=True):
        if rank != rank:
            bands[case] = "unranked"
        elif chance >= least - ROUNDING:
            bands[case] = "in"
        else:
            bands[case] = "out" if chance <= 1 - least + ROUNDING else "close"
    return bands


def draw_order(bands: Mapping[str, str], seed: str) -> tuple[str, ...]:
    """Return the cases band by band, inside a band by the SHA-256 of ``seed`` and case.

    Anyone can do it again with ``sha256sum``: the text is the seed, a space and the number.

    Examples
    --------
    >>> draw_order({"T1": "close", "T2": "in", "T3": "close"}, "12 ab")
    ('T2', 'T1', 'T3')
    """
    titles = list(BAND_TITLES)
    return tuple(
        sorted(
            bands,
            key=lambda case: (
                titles.index(bands[case]),
                hashlib.sha256(f"{seed} {case}".encode()).hexdigest(),
            ),
        )
    )


def find_close_group(table: pd.DataFrame, bands: Mapping[str, str], seats: int) -> CloseGroup:
    """Return the group between the clear ones; ``table`` is that of :func:`assign_bands`."""
    rows = table[table["case"].map(bands) == "close"].sort_values(["rank", "case"])
    clear = sum(band == "in" for band in bands.values())
    return CloseGroup(
        cases=tuple(map(str, rows["case"])),
        seats=min(max(seats - clear, 0), len(rows)),
        clear=clear,
        first=int(rows["rank"].min()) if len(rows) else 0,
        last=int(rows["rank"].max()) if len(rows) else 0,
    )
