"""What of a web page is seen: hidden, raised and struck-out elements by their style."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_HIDDEN_TAGS = frozenset(
    ("noscript", "datalist", "template", "audio", "video", "canvas", "svg", "noembed", "noframes")
)
"""Tags whose text a browser does not show."""
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all|font-size:(?:0(?:\.\d+)?(?:px|pt|em|%|;|$)|[12](?:\.\d+)?p[xt])"
    r"|opacity:0(?:\.0+)?(?:;|$)|text-indent:-\d{3,}|(?:left|top|right):-\d{3,}|clip:rect\(0"
    r"|clip-path:inset\((?:50|100)%|transform:scale\(0|color:rgba\(\d+,\d+,\d+,0(?:\.0+)?\)"
)
_NO_SIZE = re.compile(r"(?:^|;)(?:max-)?(?:width|height):0(?:px|pt|em|%)?(?:;|$|!)")
"""Of an element whose overflow is hidden."""
_WHITE = (
    r"(?:#fff|#(?:f[c-f]){3}|white|snow|ghostwhite|whitesmoke|ivory"
    r"|hsla?\(\d+(?:deg)?,\d+%,(?:9[89]|100)%(?:,[\d.]+)?\)"
    r"|rgba?\((?:25[2-5],){2}25[2-5](?:,[\d.]+)?\))(?:;|$|!|\))"
)
_WHITE_TEXT = re.compile(rf"(?:^|;)color:(?:{_WHITE}|transparent)")
_GROUND = re.compile(r"background(?:-color|-image)?:([^;]+)")
_NO_GROUND = re.compile(rf"(?:{_WHITE}|transparent|none|initial|inherit)")
_RAISED_STYLE = re.compile(
    r"vertical-align:(?:super|sub|text-top)\b|mso-text-raise|position:relative;top:-\d|mso-footnote-id"
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMPOUND = re.compile(r"(\*|[a-z][\w-]*)?((?:[.#][\w-]+)*)")


@dataclass(frozen=True, slots=True)
class _Selector:
    """Tag, classes and id of an element, and of elements around it, the outermost first."""

    parts: tuple[tuple[str, frozenset[str]], ...]

    @property
    def key(self) -> str:
        """The id, class or tag by which the rule is looked up."""
        tag, names = self.parts[-1]
        return min(names, default=tag)

    def matches(self, element: Any) -> bool:
        """Whether the selector denotes an element; ``a > b`` is taken for ``a b``."""
        if not _matches(element, self.parts[-1]):
            return False
        outer = element.iterancestors()
        return all(any(_matches(one, part) for one in outer) for part in self.parts[-2::-1])


def _matches(element: Any, part: tuple[str, frozenset[str]]) -> bool:
    tag, names = part
    return tag in ("*", element.tag) and names <= {*_names_of(element)}


def _names_of(element: Any) -> Iterator[str]:
    """Yield the classes and the id of an element as selectors, in lower case."""
    for name in str(element.get("class") or "").lower().split():
        yield f".{name}"
    if element.get("id"):
        yield f"#{str(element.get('id')).lower()}"


@dataclass(frozen=True)
class PageStyles:
    """Declarations of a page by the last name of their selectors: ``span``, ``.class``, ``#id``."""

    rules: Mapping[str, Sequence[tuple[_Selector, str]]] = field(default_factory=dict)

    def style_of(self, element: Any) -> str:
        """Return the declarations for an element in lower case without spaces."""
        declared = [
            declarations
            for name in ("*", element.tag, *_names_of(element))
            for selector, declarations in self.rules.get(name, ())
            if selector.matches(element)
        ]
        return compact_style(";".join([*declared, str(element.get("style") or "")]))

    def is_hidden(self, element: Any) -> bool:
        """Whether an element, and all within it, is not seen."""
        if element.get("hidden") is not None or element.tag in _HIDDEN_TAGS:
            return True
        if element.tag == "input" and str(element.get("type")).lower() == "hidden":
            return True
        style = self.style_of(element)
        if _HIDDEN_STYLE.search(style) or ("overflow:hidden" in style and _NO_SIZE.search(style)):
            return True
        color = str(element.get("color") or "").lower()
        is_white = _WHITE_TEXT.search(style) or re.match(_WHITE, color)
        return bool(is_white) and not self._is_on_ground(element)

    def _is_on_ground(self, element: Any) -> bool:
        """Whether an element or one around it has a ground that is not white."""
        for outer in (element, *element.iterancestors()):
            ground = _GROUND.search(self.style_of(outer))
            if (ground and not _NO_GROUND.match(ground[1])) or outer.get("background"):
                return True
            color = str(outer.get("bgcolor") or "").lower()
            if color and not re.match(_WHITE, color):
                return True
        return False

    def is_raised(self, element: Any) -> bool:
        """Whether an element stands above or below its line, as the marks of notes do."""
        return element.tag in ("sup", "sub") or bool(_RAISED_STYLE.search(self.style_of(element)))


def compact_style(text: str) -> str:
    """Return declarations in lower case, without spaces.

    Examples
    --------
    >>> compact_style("Display : NONE;")
    'display:none;'
    """
    return "".join(text.lower().split())


def read_page_styles(root: Any) -> PageStyles:
    """Read the style sheets in a page; selectors of siblings and states are not known."""
    rules: dict[str, list[tuple[_Selector, str]]] = {}
    for element in root.iter("style"):
        sheet = re.sub(r"/\*.*?\*/|<!--|-->|@[^{};]*;", "", element.text or "", flags=re.DOTALL)
        for selectors, declarations in _RULE.findall(sheet):
            for text in selectors.split(","):
                if selector := _parse_selector(text.strip().lower()):
                    rules.setdefault(selector.key, []).append((selector, declarations))
    return PageStyles(rules)


def _parse_selector(text: str) -> _Selector | None:
    """Return a selector of tags, classes and ids, ``None`` for any other."""
    compounds = [_COMPOUND.fullmatch(part) for part in re.split(r"\s*>\s*|\s+", text)]
    parts = tuple(
        (match[1] or "*", frozenset(re.findall(r"[.#][\w-]+", match[2])))
        for match in compounds
        if match and match[0]
    )
    return _Selector(parts) if parts and len(parts) == len(compounds) else None
