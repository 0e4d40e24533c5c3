"""What of a web page is seen: hidden, raised and struck-out elements by their style."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_HIDDEN_TAGS = frozenset(("noscript", "datalist", "template"))
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all|font-size:(?:0(?:\.\d+)?(?:px|pt|em|%|;|$)|[12](?:\.\d+)?p[xt])"
    r"|opacity:0(?:\.0+)?(?:;|$)|text-indent:-\d{3,}|left:-\d{3,}|clip:rect\(0"
)
_WHITE = r"(?:#fff(?:fff)?|white|rgba?\(255,255,255(?:,[\d.]+)?\))(?:;|$|!|\))"
_WHITE_TEXT = re.compile(rf"(?:^|;)color:(?:{_WHITE}|transparent)")
_GROUND = re.compile(r"background(?:-color|-image)?:([^;]+)")
_NO_GROUND = re.compile(rf"(?:{_WHITE}|transparent|none|initial|inherit)")
_RAISED_STYLE = re.compile(
    r"vertical-align:(?:super|sub|text-top)\b|mso-text-raise|position:relative;top:-\d|mso-footnote-id"
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE_SELECTOR = re.compile(r"([a-z][\w-]*)?(?:\.([\w-]+)|#([\w-]+))?", re.IGNORECASE)


@dataclass(frozen=True)
class PageStyles:
    """Declarations of a page by selector: ``span``, ``.class`` or ``#id``."""

    rules: Mapping[str, str] = field(default_factory=dict)

    def style_of(self, element: Any) -> str:
        """Return the declarations for an element in lower case without spaces."""
        names = [element.tag]
        for name in str(element.get("class") or "").split():
            names += [f".{name}", f"{element.tag}.{name}"]
        if element.get("id"):
            names.append(f"#{element.get('id')}")
        declared = [self.rules[name.lower()] for name in names if name.lower() in self.rules]
        return compact_style(";".join([*declared, str(element.get("style") or "")]))

    def is_hidden(self, element: Any) -> bool:
        """Whether an element, and all within it, is not seen."""
        if element.get("hidden") is not None or element.tag in _HIDDEN_TAGS:
            return True
        if element.tag == "input" and str(element.get("type")).lower() == "hidden":
            return True
        style = self.style_of(element)
        if _HIDDEN_STYLE.search(style):
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
    """Read the style sheets in a page; only selectors of one tag, class or id are known."""
    return PageStyles(dict(_iter_rules(root)))


def _iter_rules(root: Any) -> Iterator[tuple[str, str]]:
    collected: dict[str, str] = {}
    for element in root.iter("style"):
        sheet = re.sub(r"/\*.*?\*/|<!--|-->|@[^{};]*;", "", element.text or "", flags=re.DOTALL)
        for selectors, declarations in _RULE.findall(sheet):
            for selector in selectors.split(","):
                name = selector.strip().lower()
                if name and _SIMPLE_SELECTOR.fullmatch(name):
                    collected[name] = f"{collected.get(name, '')};{declarations}"
    yield from collected.items()
