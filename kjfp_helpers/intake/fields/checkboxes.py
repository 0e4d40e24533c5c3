"""Boxes to tick: which option words were chosen, and what was written after 其他."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.parsed_value import Parsed, make_findings
from kjfp_helpers.intake.common.text_cleanup import is_blank, quote_for_finding
from kjfp_helpers.intake.fields.checkbox_tokens import (
    EMPTY_BOX_CHARS,
    OTHER_OPTION,
    TICKED_CHARS,
    Token,
    normalize_row,
    strip_option_numbers,
    tokenize,
)

__all__ = ["EMPTY_BOX_CHARS", "TICKED_CHARS", "CheckboxChoice", "read_options"]

_RUBBISH = ' \t\n_＿。.:：()（）[]【】—-，,、；;｜|　“”"<>《》→'
_BETWEEN = re.compile(r"[、,，;；｜|\s　]+")
_NUMBERED = re.compile(r"(?:^|(?<=[\s、,，;；]))[(（]?\d+[)）.、．]\s*")


@dataclass(frozen=True, slots=True)
class CheckboxChoice:
    """Option words that were ticked, in the form's order, and the words after 其他."""

    ticked: tuple[str, ...] = ()
    other_text: str | None = None


def read_options(marked: str, options: Sequence[str]) -> Parsed[CheckboxChoice]:
    """Read a row of boxes, whichever side of its word each box stands on.

    ``marked`` may hold the signs of ``marks``. Raises findings ``unknown_option`` for a ticked
    word that is not on the form, ``other_blank`` and ``other_unticked`` for a mismatch of 其他
    and its words, ``ambiguous`` where a tick could belong to either side, or is shown by bold
    type, strike-out or a picture alone.
    """
    struck = inline_markers.struck_out_text(marked)
    kept = re.sub(
        f"{inline_markers.STRUCK}.*?{inline_markers.STRUCK_END}", "", marked, flags=re.DOTALL
    )
    row, guessed = normalize_row(strip_option_numbers(_only_boxes(kept), options))
    if "☒" in row and set(row) & set("☑√✓✔"):  # two kinds of tick: one may mean no
        guessed = True
        row = row if any(sign in row for sign in EMPTY_BOX_CHARS) else row.replace("☒", "□")
    if not row.strip(_RUBBISH):
        return Parsed(CheckboxChoice())
    pieces = tokenize(row, options)
    sheet = _Row(tuple(options), pieces)
    signs = [piece.kind for piece in pieces]
    if "on" in signs or "picture" in signs or "doubt" in signs:
        sheet.by_marks()
        guessed = guessed or bool(set(signs) & {"picture", "doubt"})
        guessed = guessed or any(sign in TICKED_CHARS for sign in struck)
        guessed = guessed or not any(sign in TICKED_CHARS for sign in row)
    elif not (sheet.by_looks(marked, struck) or "off" in signs):
        sheet.by_words()
    elif "off" in signs and not sheet.chosen:
        sheet.by_what_is_left()
    if guessed:
        sheet.doubt = True
    return sheet.reading(inline_markers.strip_markers(marked))


def _only_boxes(marked: str) -> str:
    """Drop the signs that no box is made of."""
    kept = (inline_markers.PICTURE, inline_markers.UNKNOWN_SYMBOL)
    return inline_markers.MARKERS.sub(lambda sign: sign[0] if sign[0] in kept else "", marked)


@dataclass
class _Row:
    """Finds out what was chosen in one row."""

    options: tuple[str, ...]
    pieces: list[Token]
    chosen: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    doubt: bool = False

    @property
    def shown(self) -> list[str]:
        """The options that stand in the row."""
        return [piece.text for piece in self.pieces if piece.kind == "option"]

    def by_marks(self) -> None:
        """Give every group of marks to the word before or behind it."""
        items = [piece for piece in self.pieces if piece.kind in ("option", "words")]
        pairs = [piece for piece in self.pieces if piece.kind != "words" or self._stands(piece)]
        behind = bool(pairs) and pairs[0].kind == "option"
        boxed = any(piece.kind == "off" for piece in self.pieces)
        group: list[Token] = []
        for piece in [*self.pieces, None]:
            if piece is not None and _is_mark(piece):
                group.append(piece)
                continue
            if group:
                before = [one for one in items if one.end <= group[0].start]
                self._give(group, before, piece, behind, boxed)
            group = []
        self._compare(boxed)

    def _compare(self, boxed: bool) -> None:
        """Doubt a row of boxes where an option has none; where each has a tick, doubt nothing."""
        row = [one for one in self.pieces if one.kind != "words"]
        bare = any(
            one.kind == two.kind == "option" and two.text != OTHER_OPTION
            for one, two in pairwise(row)
        )
        groups = sum(1 for kind, _ in groupby(row, key=_is_mark) if kind)
        if boxed:
            self.doubt = self.doubt or bare
        elif groups == len(self.shown) and not self.unknown:
            self.chosen, self.doubt = list(self.shown), False

    def _stands(self, piece: Token) -> bool:
        return bool(piece.text.strip(_RUBBISH))

    def _give(
        self,
        group: list[Token],
        before: list[Token],
        after: Token | None,
        behind: bool,
        boxed: bool,
    ) -> None:
        ticks = [one for one in group if one.kind != "off"]
        if not ticks:
            return
        last = self._option_of(before)
        if after is None or behind:
            if behind and not boxed and after is not None and last is not None:
                self._by_gap(ticks[0], last, after)
            else:
                self._choose(last or after)
            return
        box = next((one.start for one in group if one.kind == "off"), None)
        near = last is not None and ticks[0].start == last.end
        far = box > ticks[0].end if box is not None else not self._touches(ticks[0], after)
        ahead = ticks[0].start < box if box is not None else boxed and near and far
        if last is not None and ahead:
            self.doubt = self.doubt or near == (not far)
            self._choose(last if near else after)
        else:
            self._choose(after)

    def _touches(self, tick: Token, after: Token) -> bool:
        text = after.text
        return tick.end == after.start and text[:1] == text.strip(_RUBBISH)[:1]

    def _by_gap(self, tick: Token, last: Token, after: Token) -> None:
        """Give a tick between two words to the one that it touches."""
        left, right = tick.start == last.end, self._touches(tick, after)
        self.doubt = self.doubt or left == right
        self._choose(after if right and not left else last)

    def _option_of(self, before: list[Token]) -> Token | None:
        """Return the word that a mark behind it belongs to: the option, not its remarks."""
        for piece in reversed(before):
            if piece.kind == "option":
                return piece
            if self._stands(piece) and len(before) == 1:
                return piece
        return None

    def _choose(self, piece: Token | None) -> None:
        if piece is None:
            self.doubt = True
        elif piece.kind == "option":
            self.chosen.append(piece.text)
        elif word := _clean(piece.text):
            self.unknown.append(word)
            self.chosen.append(word)

    def by_looks(self, marked: str, struck: str) -> bool:
        """Choose what is set apart, or what is not struck out; return whether anything is."""
        spans = re.findall(
            f"{inline_markers.EMPHASIS}(.*?){inline_markers.EMPHASIS_END}", marked, re.DOTALL
        )
        apart = [
            piece.text
            for piece in tokenize("　".join(spans), self.options)
            if piece.kind == "option"
        ]
        gone = {
            piece.text
            for piece in tokenize(normalize_row(struck)[0], self.options)
            if piece.kind == "option"
        }
        if gone:
            self.chosen = [word for word in self.shown if word not in gone]
        elif apart and len(set(apart)) < len(set(self.shown)):
            self.chosen = apart
        self.doubt = self.doubt or bool(self.chosen)
        return bool(self.chosen)

    def by_what_is_left(self) -> None:
        """Where boxes are open and options were taken out, those left may be the choice."""
        left = self._boxless()
        if self.shown and set(self.shown) < set(self.options) and len(self.shown) < 2:
            left = list(self.shown)
        if left:
            self.chosen, self.doubt = left, True

    def _boxless(self) -> list[str]:
        """Return the options that have lost their box where others still touch theirs."""
        ahead = {one.end for one in self.pieces if one.kind == "off"}
        behind = {one.start for one in self.pieces if one.kind == "off"}
        options = [one for one in self.pieces if one.kind == "option"]
        before = [one.start in ahead for one in options]
        after = [one.end in behind for one in options]
        for side in (before, after):
            if any(side) and sum(side) == len(ahead):
                return [one.text for one, boxed in zip(options, side, strict=True) if not boxed]
        return []

    def by_words(self) -> None:
        """Without any mark, words that are not the whole printed row are what was chosen."""
        if set(self.shown) == set(self.options):
            self.doubt = False
            return
        self.chosen = list(self.shown)
        behind_other = False
        for piece in self.pieces:
            if piece.kind == "words" and not behind_other:
                self._words(_NUMBERED.sub("", piece.text))
            behind_other = piece.kind == "option" and piece.text == OTHER_OPTION

    def _words(self, text: str) -> None:
        for part in _BETWEEN.split(text):
            inside = [word for word in self.options if word in part]
            if word := _clean(part):
                self.chosen += inside or [word]
                self.doubt = self.doubt or bool(inside)
                self.unknown += [] if inside else [word]

    def reading(self, text: str) -> Parsed[CheckboxChoice]:
        """Return the choice with its findings."""
        other = self._other()
        findings: tuple[Finding, ...] = ()
        for word in dict.fromkeys(self.unknown):
            findings += make_findings(
                "unknown_option", "、".join(self.options), quote_for_finding(word)
            )
        if self.doubt:
            findings += make_findings(
                "ambiguous", "在所选项前的方框内打勾", quote_for_finding(text)
            )
        if OTHER_OPTION in self.chosen and other is None:
            findings += make_findings("other_blank", "“其他”后写明内容", "空白")
        elif OTHER_OPTION not in self.chosen and other is not None:
            findings += make_findings(
                "other_unticked", "写明内容并勾选“其他”", quote_for_finding(other)
            )
        known = [option for option in self.options if option in self.chosen]
        rest = [word for word in dict.fromkeys(self.chosen) if word not in self.options]
        return Parsed(CheckboxChoice(tuple(known + rest), other), findings)

    def _other(self) -> str | None:
        """Return the words behind 其他, up to a mark that has a word of its own."""
        said: list[str] = []
        for piece in self.pieces:
            if piece.kind == "option":
                said = [""] if piece.text == OTHER_OPTION else said
            elif piece.kind == "words" and said and piece.text.strip() not in self.unknown:
                said.append(piece.text)
        return _clean("".join(said))


def _is_mark(piece: Token) -> bool:
    return piece.kind not in ("option", "words")


def _clean(words: str) -> str | None:
    cut_down = inline_markers.MARKERS.sub("", words).strip(_RUBBISH)
    return None if is_blank(cut_down) else cut_down
