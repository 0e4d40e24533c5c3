"""Matching of captions to pictures by their names, however the two are spelt."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from kjfp_helpers.core.normalize import alnum_key, normalize_text
from kjfp_helpers.core.records import Exhibit

MIN_SIMILARITY = 0.6
"""From this likeness on (0 to 1) two file names are taken for one name spelt in two ways."""
_IMAGE_SUFFIX = re.compile(r"\.(jpe?g|jfif|png|bmp|gif|tiff?|webp|heic)$", re.IGNORECASE)
_ADDED = re.compile(r"(?:的?(?:图片|照片)?(?:注释|说明|图注|配文|文字))+$")
_PICTURE = re.compile(r"^(?:图片|照片|图|pic|photo|image|img)(?=\d)")
_NUMERAL = re.compile(r"[一二三四五六七八九十]+")
_BREAK = re.compile(r"[\s：:、，,\-—–|｜]+|(?<=\d)[.．](?=[\u4e00-\u9fff“《])")
_LONGEST_NAME = 80
"""Signs of a line among which a picture's name ends."""
_DIGITS = "零一二三四五六七八九"


def normalized_stem(name: str) -> str:
    """Return a file name fit for comparing: no folder, no ending, width, spaces, case evened."""
    return normalize_text(_stem(name))


def match_captions(pictures: Iterable[str], captions: Iterable[str]) -> dict[str, str]:
    """Return picture name to the caption that belongs to it, each at most once.

    Names that are equal, in their folder first, go before names that differ in width, spaces or
    case, those before names that differ in how a number is written, and likely ones come last.
    """
    names, stems = list(dict.fromkeys(pictures)), list(dict.fromkeys(captions))
    pairs: dict[str, str] = {}
    for form in (_whole, _stem, normalized_stem, _loose):
        taken = set(pairs.values())
        spare = {form(stem): stem for stem in reversed(stems) if stem not in taken}
        for name in names:
            if name not in pairs and form(name) in spare:
                pairs[name] = spare.pop(form(name))
    return pairs | _near(
        [name for name in names if name not in pairs],
        [stem for stem in stems if stem not in pairs.values()],
    )


def captions_by_picture(exhibit: Exhibit) -> Mapping[str, str]:
    """Return picture name to its caption's words, pictures without one left out."""
    names = (picture.name for picture in exhibit.pictures)
    pairs = match_captions(names, exhibit.captions)
    return {name: exhibit.captions[stem] for name, stem in pairs.items()}


def parse_caption_list(words: str, pictures: Iterable[str]) -> dict[str, str]:
    """Return picture name to caption from a list of captions, ``{}`` when it names no picture.

    A caption begins on a line that begins with the picture's name, and goes on below. A line
    that begins with the name of a picture that is not there holds a caption all the same.
    """
    wanted = {_loose(name): name for name in pictures}
    shapes = {_shape(name) for name in wanted} - {"#"}  # 12 may begin any line
    texts: dict[str, list[str]] = {}
    here = ""
    for line in words.splitlines():
        head, rest = _named(line.strip(), wanted)
        absent = "" if head else _absent(line.strip(), shapes)
        if head or absent:
            here = wanted[head] if head else absent
            rest = rest if head else _BREAK.sub("", line.strip().removeprefix(absent), count=1)
            texts.setdefault(here, [])
        if here and rest:
            texts[here].append(rest)
    met = any(name in texts for name in wanted.values())
    return {name: "\n".join(lines) for name, lines in texts.items() if lines} if met else {}


def starts_with_picture_name(line: str, pictures: Iterable[str]) -> bool:
    """Whether a line begins with a picture's name, as a caption in a list does."""
    return bool(_named(line.strip(), {_loose(name): name for name in pictures})[0])


def has_same_stem(picture: str, caption: str) -> bool:
    """Whether a picture and its caption are named alike to the letter."""
    return _stem(picture) == _stem(caption)


def _whole(name: str) -> str:
    """Return a name without its ending."""
    return _IMAGE_SUFFIX.sub("", unicodedata.normalize("NFC", name.replace("\\", "/")))


def _stem(name: str) -> str:
    return PurePosixPath(_whole(name)).name


def _loose(name: str) -> str:
    """Return a stem whose numbers are digits without zeros before them, without added words."""
    text = _NUMERAL.sub(lambda match: _number(match[0]), _ADDED.sub("", normalized_stem(name)))
    text = re.sub(r"(?<!\d)0+(?=\d)", "", alnum_key(text))
    return _PICTURE.sub("图", text)


def _number(word: str) -> str:
    """Return a Chinese number up to 99 in digits, other words as they are."""
    match = re.fullmatch(rf"([{_DIGITS}]?)(十?)([{_DIGITS}]?)", word)
    if match is None or (match[1] and match[3] and not match[2]):
        return word
    tens = _DIGITS.index(match[1] or "一") if match[2] else 0
    ones = match[3] if match[2] else match[1] or match[3]
    return str(10 * tens + (_DIGITS.index(ones) if ones else 0))


def _near(names: Sequence[str], stems: Sequence[str]) -> dict[str, str]:
    """Pair leftover pictures and captions, the likest first, each at most once."""
    likely = sorted(
        (-_likeness(normalized_stem(name), normalized_stem(stem)), row, column)
        for row, name in enumerate(names)
        for column, stem in enumerate(stems)
    )
    pairs: dict[int, int] = {}
    for likeness, row, column in likely:
        if -likeness >= MIN_SIMILARITY and row not in pairs and column not in pairs.values():
            pairs[row] = column
    return {names[row]: stems[column] for row, column in sorted(pairs.items())}


def _likeness(one: str, other: str) -> float:
    """Return 0 to 1; names that differ in a running number alone are two names, not one."""
    numbers = [[int(number) for number in re.findall(r"\d+", name)] for name in (one, other)]
    if re.sub(r"\d+", "#", one) == re.sub(r"\d+", "#", other) and numbers[0] != numbers[1]:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _shape(head: str) -> str:
    """Return a loose name with its numbers left open."""
    return re.sub(r"\d+", "#", head)


def _absent(line: str, shapes: Container[str]) -> str:
    """Return the name a line begins with that could be another picture's, ``""`` for none."""
    head = _BREAK.split(line, maxsplit=1)[0]
    return head if _IMAGE_SUFFIX.search(head) or _shape(_loose(head)) in shapes else ""


def _named(line: str, wanted: Mapping[str, str]) -> tuple[str, str]:
    """Return the picture a line begins with and what follows, ``""`` where it names none.

    A number may stand before the file name: 1｜02.jpg｜…
    """
    for match in (*_BREAK.finditer(line, 0, _LONGEST_NAME), None):
        head = _loose(line[: match.start()] if match else line)
        if head and head in wanted:
            rest = line[match.end() :].strip() if match else ""
            file = _BREAK.split(rest, maxsplit=1)[0]
            return _named(rest, wanted) if _IMAGE_SUFFIX.search(file) else (head, rest)
    return "", line
