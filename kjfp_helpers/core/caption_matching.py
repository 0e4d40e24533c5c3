"""Matching of captions to pictures by their names, however the two are spelt."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import PurePosixPath

from kjfp_helpers.core.records import Exhibit
from kjfp_helpers.core.text_normalization import alnum_key, normalize_text

MIN_SIMILARITY = 0.6
"""Similarity (0 to 1) from which two file names are taken for spellings of one name."""
_IMAGE_SUFFIX = re.compile(r"\.(jpe?g|jfif|png|bmp|gif|tiff?|webp|heic)$", re.IGNORECASE)
_ADDED = re.compile(r"(?:的?(?:图片|照片)?(?:注释|说明|图注|配文|文字))+$")
_PICTURE = re.compile(r"^(?:图片|照片|图|pic|photo|image|img)(?=\d)")
_NUMERAL = re.compile(r"[一二三四五六七八九十]+")
_BREAK = re.compile(r"[\s：:、，,\-—–|｜]+|(?<=\d)[.．](?=[\u4e00-\u9fff“《])")
_LONGEST_NAME = 80
"""Characters at the start of a line within which a picture's name ends."""
_DIGITS = "零一二三四五六七八九"


def normalized_stem(name: str) -> str:
    """Return a file name for comparison: without folder and extension, normalized."""
    return normalize_text(_stem(name))


def match_captions(pictures: Iterable[str], captions: Iterable[str]) -> dict[str, str]:
    """Return picture name to the caption that belongs to it, each at most once.

    Names that are equal, in their folder first, go before names that differ in width, spaces or
    case, those before names that differ in how a number is written, and likely ones come last.
    """
    names, stems = list(dict.fromkeys(pictures)), list(dict.fromkeys(captions))
    pairs: dict[str, str] = {}
    for form in (_remove_extension, _stem, normalized_stem, _loose):
        taken = set(pairs.values())
        spare = {form(stem): stem for stem in reversed(stems) if stem not in taken}
        for name in names:
            if name not in pairs and form(name) in spare:
                pairs[name] = spare.pop(form(name))
    return pairs | _pair_similar(
        [name for name in names if name not in pairs],
        [stem for stem in stems if stem not in pairs.values()],
    )


def captions_by_picture(exhibit: Exhibit) -> Mapping[str, str]:
    """Return picture name to its caption; pictures without one are left out."""
    names = (picture.name for picture in exhibit.pictures)
    pairs = match_captions(names, exhibit.captions)
    return {name: exhibit.captions[stem] for name, stem in pairs.items()}


def parse_caption_list(text: str, pictures: Iterable[str]) -> dict[str, str]:
    """Return picture name to caption from a list of captions, ``{}`` when it names no picture.

    A caption begins on a line that begins with the picture's name, and goes on below. A line
    that begins with the name of a picture that is not there holds a caption all the same.
    """
    wanted = {_loose(name): name for name in pictures}
    shapes = {_shape(name) for name in wanted} - {"#"}  # 12 may begin any line
    texts: dict[str, list[str]] = {}
    current = ""
    for line in text.splitlines():
        head, rest = _split_picture_name(line.strip(), wanted)
        absent = "" if head else _absent(line.strip(), shapes)
        if head or absent:
            if head:
                current = wanted[head]
            else:
                current = absent
                rest = _BREAK.sub("", line.strip().removeprefix(absent), count=1)
            texts.setdefault(current, [])
        if current and rest:
            texts[current].append(rest)
    if not any(name in texts for name in wanted.values()):
        return {}
    return {name: "\n".join(lines) for name, lines in texts.items() if lines}


def starts_with_picture_name(line: str, pictures: Iterable[str]) -> bool:
    """Whether a line begins with a picture's name, as a caption in a list does."""
    return bool(_split_picture_name(line.strip(), {_loose(name): name for name in pictures})[0])


def has_same_stem(picture: str, caption: str) -> bool:
    """Whether a picture and its caption are named alike to the letter."""
    return _stem(picture) == _stem(caption)


def _remove_extension(name: str) -> str:
    """Return a name without its extension."""
    return _IMAGE_SUFFIX.sub("", unicodedata.normalize("NFC", name.replace("\\", "/")))


def _stem(name: str) -> str:
    return PurePosixPath(_remove_extension(name)).name


@lru_cache(maxsize=4096)
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


def _pair_similar(names: Sequence[str], stems: Sequence[str]) -> dict[str, str]:
    """Pair remaining pictures and captions, the most similar first, each at most once."""
    candidates = sorted(
        (-_similarity(normalized_stem(name), normalized_stem(stem)), row, column)
        for row, name in enumerate(names)
        for column, stem in enumerate(stems)
    )
    pairs: dict[int, int] = {}
    for distance, row, column in candidates:
        if -distance >= MIN_SIMILARITY and row not in pairs and column not in pairs.values():
            pairs[row] = column
    return {names[row]: stems[column] for row, column in sorted(pairs.items())}


def _similarity(first: str, second: str) -> float:
    """Return 0 to 1; 0 for names that differ in a running number only."""
    numbers = [[int(number) for number in re.findall(r"\d+", name)] for name in (first, second)]
    if _shape(first) == _shape(second) and numbers[0] != numbers[1]:
        return 0.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _shape(head: str) -> str:
    """Return a loose name with its numbers left open."""
    return re.sub(r"\d+", "#", head)


def _absent(line: str, shapes: Container[str]) -> str:
    """Return the name a line begins with that could be another picture's, ``""`` for none."""
    head = _BREAK.split(line, maxsplit=1)[0]
    return head if _IMAGE_SUFFIX.search(head) or _shape(_loose(head)) in shapes else ""


def _split_picture_name(line: str, wanted: Mapping[str, str]) -> tuple[str, str]:
    """Return the picture a line begins with and what follows, ``""`` where it names none.

    A number may stand before the file name: 1｜02.jpg｜…
    """
    for match in (*_BREAK.finditer(line, 0, _LONGEST_NAME), None):
        head = _loose(line[: match.start()] if match else line)
        if head and head in wanted:
            rest = line[match.end() :].strip() if match else ""
            file = _BREAK.split(rest, maxsplit=1)[0]
            return _split_picture_name(rest, wanted) if _IMAGE_SUFFIX.search(file) else (head, rest)
    return "", line
