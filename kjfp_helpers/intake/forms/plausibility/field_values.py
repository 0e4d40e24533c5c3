"""Checks of the value of one field: text that belongs elsewhere, is a hint, or is cut off."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

from kjfp_helpers.core.searchable_text import simplify_text
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.label_matching import (
    EXTRA_LABELS,
    LONG_FIELDS,
    confirmed_labels,
    normalize_form_label,
)
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding, strip_whitespace
from kjfp_helpers.intake.forms.answers.text_kinds import TEXT_KINDS
from kjfp_helpers.intake.forms.plausibility.strange_texts import (
    ANYWHERE,
    CUT_LENGTHS,
    FOREIGN_KINDS,
    MAIL_SUFFIXES,
    MAX_SHORT_CHARS,
    MISTYPED_SUFFIX,
    OPINION_AGAINST,
    OWN_WORDS,
    SAMPLE_PHONES,
    SINGLE_ANSWERS,
)

_TITLES = ("title", "leader_title", "employer_contact_title")
_TITLE_LABELS = frozenset(("负责人", "团队负责人"))
"""Labels that are a person's position, too."""
_BEFORE_COLON = lazy_pattern(r"([\u4e00-\u9fffA-Za-z/-]{2,16})[:：]")
_BETWEEN_ANSWERS = lazy_pattern(r"[\n/／|｜;；、]")
_BRACKETS = ("()", "（）", "《》", "“”", "【】")
_SENTENCE = lazy_pattern(r"(?:以来|至今|起[，,]|指导|帮助|带动|扎根).*[，,].*。\Z")
_SENTENCE_END = lazy_pattern(r"[。！？!?.…”）)》\s]\Z")
_MAX_SHORT_LINES = 3
_MIN_STORY_CHARS = 8
_MAX_LOOKED_AT = 5_000
"""Characters of a text that are compared with the kinds of text."""
_MIN_DOUBLED_CHARS = 4
_PHONES = ("phone", "leader_phone", "office_phone", "fax")


def find_strangeness(name: str, value: Any) -> str:
    """Return in Chinese what is strange about the value of a field, ``""`` for nothing.

    Parameters
    ----------
    name : str
        Name of the record's field.
    value : object
        Its value as read.

    Examples
    --------
    >>> find_strangeness("employer", "中共党员")
    '“中共党员”，像是政治面貌'
    >>> find_strangeness("employer", "测试市农业科学研究所")
    ''
    """
    if isinstance(value, str):
        return next(_text_strangeness(name, value), "")
    if name == "expert_names" and value:
        return next(_names_strangeness(value), "")
    return ""


def _text_strangeness(name: str, text: str) -> Iterator[str]:
    """Yield what is strange about a text, the most telling first."""
    if name in _PHONES or name in ("email", "postcode", "id_number", "gender"):
        yield from _contact_strangeness(name, text)
        return
    compact = strip_whitespace(text)
    if _is_label(name, compact):
        yield f"{quote_for_finding(text)}，是栏目名称"
    simplified = simplify_text(compact[:_MAX_LOOKED_AT])
    for kind in FOREIGN_KINDS.get(name, ()):
        if TEXT_KINDS[kind].find(simplified):
            yield f"{quote_for_finding(text)}，{TEXT_KINDS[kind].meaning}"
    for strange in ANYWHERE:
        if strange.find(text.strip()):
            yield f"{quote_for_finding(text)}，{strange.meaning}"
    yield from (_long_strangeness if name in LONG_FIELDS else _short_strangeness)(name, text)
    if name in OWN_WORDS and not OWN_WORDS[name].find(simplified):
        yield f"{quote_for_finding(text)}，{OWN_WORDS[name].meaning}"


def _is_label(name: str, compact: str) -> bool:
    """Whether a whole value is a label, its own or that of another field."""
    label = normalize_form_label(compact)
    is_position = name in _TITLES and label in _TITLE_LABELS
    return not is_position and (label in confirmed_labels() or label in EXTRA_LABELS)


def _short_strangeness(name: str, text: str) -> Iterator[str]:
    """Yield what is strange about the text of a field of one line."""
    compact, quoted = strip_whitespace(text), quote_for_finding(text)
    if label := _label_inside(text):
        yield f"{quoted}，含有其他栏目“{label}”"
    if len(compact) > MAX_SHORT_CHARS.get(name, len(compact)):
        yield f"{quoted}，有{len(compact)}字，像是几项内容连在一起"
    if len([line for line in text.split("\n") if line.strip()]) > _MAX_SHORT_LINES:
        yield f"{quoted}，分为多行，像是几项内容连在一起"
    if name != "research_field" and _SENTENCE.search(compact[:_MAX_LOOKED_AT]):
        yield f"{quoted}，像是叙述文字"
    yield from _typing_strangeness(text, compact, quoted)
    if (count := _answer_count(name, text)) > 1:
        yield f"{quoted}，写了{count}项"


def _label_inside(text: str) -> str:
    """Return the label of another field with its colon in a text, ``""`` for none."""
    for match in _BEFORE_COLON.finditer(text):
        head = normalize_form_label(match[1])
        labels = confirmed_labels() | EXTRA_LABELS
        ends = [label for label in labels if len(label) > 1 and head.endswith(label)]
        if ends:
            return max(ends, key=len)
    return ""


def _typing_strangeness(text: str, compact: str, quoted: str) -> Iterator[str]:
    """Yield what went wrong as a text was typed or copied: twice, or not to its end."""
    half = len(compact) // 2
    if half >= _MIN_DOUBLED_CHARS and compact == compact[:half] * 2:
        yield f"{quoted}，同一内容写了两遍"
    if any(text.count(pair[0]) != text.count(pair[1]) for pair in _BRACKETS):
        yield f"{quoted}，括号不成对，像是没有写完"


def _answer_count(name: str, text: str) -> int:
    """Return how many answers a text gives to a field that has one, each complete in itself."""
    if name not in SINGLE_ANSWERS:
        return 1
    parts = [strip_whitespace(part) for part in _BETWEEN_ANSWERS.split(text) if part.strip()]
    return len(parts) if all(map(TEXT_KINDS[SINGLE_ANSWERS[name]].find, parts)) else 1


def _long_strangeness(name: str, text: str) -> Iterator[str]:
    """Yield what is strange about a text of sentences."""
    if name == "recommendation" and OPINION_AGAINST.find(text):
        yield f"{quote_for_finding(text)}，{OPINION_AGAINST.meaning}"
    if name == "story" and len(strip_whitespace(text)) < _MIN_STORY_CHARS:
        yield f"{quote_for_finding(text)}，只有{len(strip_whitespace(text))}字"
    if len(text) in CUT_LENGTHS and not _SENTENCE_END.search(text):
        yield f"到第{len(text)}字中断，像是被截断"


def _contact_strangeness(name: str, text: str) -> Iterator[str]:
    """Yield what is strange about a number or an address that has its form."""
    number = re.sub(r"\D", "", text)
    if name in _PHONES and SAMPLE_PHONES.fullmatch(number):
        yield "像是示例号码"
    if name == "postcode" and number in ("123456", "654321"):
        yield f"{quote_for_finding(text)}，像是示例号码"
    if name == "email":
        yield from chain.from_iterable(map(_address_strangeness, text.split()))


def _address_strangeness(address: str) -> Iterator[str]:
    service, dot, suffix = address.rpartition("@")[2].lower().partition(".")
    known = MAIL_SUFFIXES.get(service)
    if MISTYPED_SUFFIX.search(address) or (known and dot and suffix not in known):
        yield f"{quote_for_finding(address)}，邮箱后缀像是打错"


def _names_strangeness(names: tuple[str, ...]) -> Iterator[str]:
    """Yield what is strange about a list of names: one that is none, or one twice."""
    for one in names:
        yield from _text_strangeness("expert_names", one)
    for one, count in Counter(names).items():
        if count > 1:
            yield f"{quote_for_finding(one)}，列了{count}次"
