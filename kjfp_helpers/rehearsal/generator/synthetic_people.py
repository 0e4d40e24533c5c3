"""Fictitious people: names, identity numbers and addresses that belong to nobody.

Names join a word such as 测试 or 演练 to two characters of the sexagenary cycle, to three when
those are used up. Identity numbers begin with 999999, an area that does not exist, and end in the
right check digit of GB 11643-1999; their date of birth can be read. Mobile numbers are 1990xxxxxxx,
landlines begin with 9999 after the area code, mail addresses end in example.com (RFC 2606).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np

from kjfp_helpers.intake.common.parsed_value import id_check_digit

AREA_CODE = "999999"
SURNAMES = ("测试", "演练", "样例", "模拟", "示例", "试样", "练习", "假设")
NAME_CHARS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
UNLISTED_NAMES = ("虚构春夏", "虚构秋冬", "虚构江河", "虚构湖海", "虚构松竹", "虚构梅兰")
"""Nobody else's name is near these: they stand for people who were never commended."""


@dataclass(frozen=True)
class SyntheticPerson:
    """A fictitious person; ``gender`` agrees with the seventeenth digit of ``id_number``."""

    name: str
    gender: str
    id_number: str
    phone: str
    office_phone: str
    postcode: str
    email: str


class PeopleGenerator:
    """Draws people one after another, each with a name and a number of their own.

    Parameters
    ----------
    rng : Generator
        Every choice is drawn from it.
    distinct : bool
        Whether nobody bears another's identity number: in ten thousand people a few would by
        chance. A round of real size does without, so that it stays as it always was.
    """

    def __init__(self, rng: np.random.Generator, *, distinct: bool = False) -> None:
        self._rng = rng
        self._names = _shuffle_names(2, rng)
        self._serial = 0
        self._distinct, self._used = distinct, set[str]()

    def draw_name(self) -> str:
        """Return a name nobody else has."""
        name = next(self._names, "")
        if not name:
            self._names = _shuffle_names(3, self._rng)
            name = next(self._names)
        return name

    def draw_person(self, domain: str) -> SyntheticPerson:
        """Return a new person with an address in the domain of a unit."""
        rng, self._serial = self._rng, self._serial + 1
        day = np.datetime64("1962-01-01") + np.timedelta64(int(rng.integers(0, 10_000)), "D")
        order = int(rng.integers(1, 999))
        birthday = str(day).replace("-", "")
        while self._distinct and f"{birthday}{order:03d}" in self._used:
            order = (order + 1) % 998 + 1  # of the same gender
        self._used.add(f"{birthday}{order:03d}")
        first = f"{AREA_CODE}{birthday}{order:03d}"
        return SyntheticPerson(
            name=self.draw_name(),
            gender="男" if order % 2 else "女",
            id_number=first + id_check_digit(first),
            phone=f"1990{self._serial:07d}",
            office_phone=f"0{int(rng.integers(310, 399))}-9999{self._serial % 1000:03d}",
            postcode=f"{int(rng.integers(10, 86)):02d}{int(rng.integers(10, 9999)):04d}",
            email=f"n{self._serial:04d}@{domain}",
        )


def _shuffle_names(length: int, rng: np.random.Generator) -> Iterator[str]:
    """Return the names with so many characters after the word, in an order by lot."""
    names = product(SURNAMES, permutations(NAME_CHARS, length))
    shuffled: list[str] = rng.permutation([word + "".join(chars) for word, chars in names]).tolist()
    return iter(shuffled)
