"""Quoted history of a message body that is a page: elements that quote, and separators."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from kjfp_helpers.intake.common.bug_detection import warn_internal_error

_QUOTE_TAGS = {"blockquote", "includetail"}
_INDENT = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)
_QUOTE_CLASS = re.compile(
    r"\b(?:gmail_quote|gmail_extra|yahoo_quoted|moz-cite-prefix|moz-forward-container|protonmail_quote"
    r"|tutanota_quote|zmail_extra|mailmasterquote|netease-quote|foxdiv_quote|reply-quote"
    r"|x?_?quoted?-?(?:message|content|text)|history_quote|mail_quote|mailquote|aliyun-quote)",
    re.IGNORECASE,
)
_QUOTE_ID = re.compile(
    r"^(?:isreplycontent|divrplyfwdmsg|x_divrplyfwdmsg|appendonsend|x_appendonsend|replycontent"
    r"|origbody|oriMsgHtmlSeperator|mail-editor-reference-message-container|original-content"
    r"|isForwardContent|reply-?intro|quoted?(?:content|text|message)?|ms-outlook-mobile-reference)$",
    re.IGNORECASE,
)
_CUTTING_ID = re.compile(
    r"^(?:x_)?(?:divrplyfwdmsg|appendonsend|orimsghtmlseperator|reply-?intro)$", re.IGNORECASE
)
_LINE_TAGS = frozenset(
    "p div tr td th table li ul ol pre br hr center blockquote section article body "
    "h1 h2 h3 h4 h5 h6".split()
)
_SKIPPED_TAGS = frozenset("style script head title template".split())


class _Text(NamedTuple):
    """A text of a page: inside an element before its children, or behind the element."""

    element: Any
    is_tail: bool

    def cut(self) -> None:
        """Remove this text and everything after it in the page."""
        element = self.element
        if self.is_tail:
            element.tail = None
        else:
            element.text = None
            for child in list(element):
                element.remove(child)
        for current in (element, *element.iterancestors()):
            parent = current.getparent()
            if parent is None:
                return
            if current is not element or not self.is_tail:
                current.tail = None
            for later in list(current.itersiblings()):
                parent.remove(later)


def own_page(text: str, starts_history: Callable[[Sequence[str], int], bool]) -> str:
    """Return a page without quotation elements and without what follows a separator line.

    Parameters
    ----------
    text : str
        The page; one that cannot be parsed, or quotes nothing, is returned as it is.
    starts_history : callable
        Whether the quoted history begins at a line, given all lines and its number.
    """
    from lxml import html

    try:
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text), parser=parser)
        has_quotes = _remove_quotes(root)
        separator = _find_separator(root, starts_history)
        if separator is not None:
            separator.cut()
        if not has_quotes and separator is None:
            return text
        return str(html.tostring(root, encoding="unicode"))
    except Exception as error:
        # lxml raises its own errors, and ValueError or AssertionError on malformed pages.
        warn_internal_error(error)
        return text


def _remove_quotes(root: Any) -> bool:
    """Remove the elements in which mail programs quote; return whether there was any."""
    quotes = [element for element in root.iter() if _is_quote(element)]
    for element in quotes:
        if _CUTTING_ID.match(element.get("id") or ""):
            _Text(element, False).cut()
        elif element.getparent() is not None:
            element.drop_tree()
    return bool(quotes)


def _is_quote(element: Any) -> bool:
    """Whether an element quotes an earlier letter; a block that is only indented does not."""
    if not isinstance(element.tag, str) or element.tag in ("html", "body"):
        return False
    if element.tag in _QUOTE_TAGS:
        return not _INDENT.search(element.get("style") or "") or element.get("type") == "cite"
    return bool(
        _QUOTE_CLASS.search(element.get("class") or "") or _QUOTE_ID.match(element.get("id") or "")
    )


def _find_separator(
    root: Any, starts_history: Callable[[Sequence[str], int], bool]
) -> _Text | None:
    """Return the text that begins the quoted history, ``None`` without one."""
    found = list(_iter_lines(root))
    lines = [line for _, line in found]
    return next(
        (text for number, (text, _) in enumerate(found) if starts_history(lines, number)), None
    )


def _iter_lines(root: Any) -> Iterator[tuple[_Text, str]]:
    """Yield each line of a page that is not blank, with the text that it begins in."""
    start: _Text | None = None
    pieces: list[str] = []
    for text, content, breaks in _iter_texts(root):
        if breaks and start is not None:
            yield start, " ".join("".join(pieces).split())
            start, pieces = None, []
        if content.strip() and start is None:
            start = text
        pieces.append(content)
    if start is not None:
        yield start, " ".join("".join(pieces).split())


def _iter_texts(root: Any) -> Iterator[tuple[_Text, str, bool]]:
    """Yield the texts of a page in order, each with whether a new line begins before it."""
    from lxml import etree

    skipped: Any = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_skipped = not isinstance(element.tag, str) or element.tag in _SKIPPED_TAGS
        if event == "start":
            if skipped is None and is_skipped:
                skipped = element
            if skipped is None:
                yield _Text(element, False), element.text or "", element.tag in _LINE_TAGS
        else:
            if skipped is None or skipped is element:
                skipped = None
                yield _Text(element, True), element.tail or "", element.tag in _LINE_TAGS
