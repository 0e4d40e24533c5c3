"""Determine the choice in a row of check boxes from its tokens."""

import re
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.parsed_value import Parsed, make_problems
from kjfp_helpers.intake.common.text_cleanup import is_blank, quote_for_finding
from kjfp_helpers.intake.fields.checkbox_tokenizer import (
    OTHER_OPTION,
    Token,
    normalize_row,
    tokenize,
)

PADDING_CHARS = ' \t\n_＿。.:：()（）[]【】—-，,、；;｜|　“”"<>《》→'


_SEPARATOR = re.compile(r"[、,，;；｜|\s　]+")


_NUMBERED = re.compile(r"(?:^|(?<=[\s、,，;；]))[(（]?\d+[)）.、．]\s*")


@dataclass(frozen=True, slots=True)
class CheckboxChoice:
    """The ticked options in form order, and the text after 其他."""

    ticked: tuple[str, ...] = ()
    other_text: str | None = None


@dataclass
class CheckboxRow:
    """Determines the choice in one row of check boxes from its tokens."""

    options: tuple[str, ...]
    tokens: list[Token]
    chosen: list[str] = field(default_factory=list)
    unknown_options: list[str] = field(default_factory=list)
    is_doubtful: bool = False

    @property
    def present_options(self) -> list[str]:
        """The options that occur in the row."""
        return [token.text for token in self.tokens if token.kind == "option"]

    def choose_by_ticks(self) -> None:
        """Assign each group of boxes and ticks to the option before or after it."""
        text_tokens = [token for token in self.tokens if token.kind in ("option", "text")]
        relevant = [token for token in self.tokens if token.kind != "text" or self._has_text(token)]
        ticks_after_options = bool(relevant) and relevant[0].kind == "option"
        has_boxes = any(token.kind == "off" for token in self.tokens)
        group: list[Token] = []
        for token in [*self.tokens, None]:
            if token is not None and _is_box_token(token):
                group.append(token)
                continue
            if group:
                preceding = [item for item in text_tokens if item.end <= group[0].start]
                self._assign_ticks(group, preceding, token, ticks_after_options, has_boxes)
            group = []
        self._check_box_counts(has_boxes)

    def _check_box_counts(self, has_boxes: bool) -> None:
        """Set the row doubtful if an option has no box, certain if every option has a tick."""
        row_tokens = [token for token in self.tokens if token.kind != "text"]
        has_bare_option = any(
            token.kind == next_token.kind == "option" and next_token.text != OTHER_OPTION
            for token, next_token in pairwise(row_tokens)
        )
        group_count = sum(1 for kind, _ in groupby(row_tokens, key=_is_box_token) if kind)
        if has_boxes:
            self.is_doubtful = self.is_doubtful or has_bare_option
        elif group_count == len(self.present_options) and not self.unknown_options:
            self.chosen, self.is_doubtful = list(self.present_options), False

    def _has_text(self, token: Token) -> bool:
        return bool(token.text.strip(PADDING_CHARS))

    def _assign_ticks(
        self,
        group: list[Token],
        preceding: list[Token],
        following: Token | None,
        ticks_after_options: bool,
        has_boxes: bool,
    ) -> None:
        """Assign the ticks of a group to the option before or after it."""
        ticks = [token for token in group if token.kind != "off"]
        if not ticks:
            return
        previous = self._option_of(preceding)
        if following is not None and not ticks_after_options:
            box_start = next((token.start for token in group if token.kind == "off"), None)
            self._assign_before(ticks[0], previous, following, box_start, has_boxes)
            return
        if following is None or previous is None or has_boxes:
            self._choose(previous or following)
        else:
            self._assign_by_gap(ticks[0], previous, following)

    def _assign_before(
        self,
        tick: Token,
        previous: Token | None,
        following: Token,
        box_start: int | None,
        has_boxes: bool,
    ) -> None:
        """Assign a tick to the option after it, unless the box of that option follows the tick."""
        touches_previous = previous is not None and tick.start == previous.end
        if box_start is not None:
            apart_from_next = box_start > tick.end
            tick_before_box = tick.start < box_start
        else:
            apart_from_next = not self._touches_next(tick, following)
            tick_before_box = has_boxes and touches_previous and apart_from_next
        if previous is None or not tick_before_box:
            self._choose(following)
            return
        self.is_doubtful = self.is_doubtful or touches_previous == (not apart_from_next)
        self._choose(previous if touches_previous else following)

    def _touches_next(self, tick: Token, following: Token) -> bool:
        """Whether a tick directly precedes the text of the next token."""
        text = following.text
        return tick.end == following.start and text[:1] == text.strip(PADDING_CHARS)[:1]

    def _assign_by_gap(self, tick: Token, previous: Token, following: Token) -> None:
        """Assign a tick between two options to the one that it touches."""
        touches_previous, touches_next = (
            tick.start == previous.end,
            self._touches_next(tick, following),
        )
        self.is_doubtful = self.is_doubtful or touches_previous == touches_next
        self._choose(following if touches_next and not touches_previous else previous)

    def _option_of(self, preceding: list[Token]) -> Token | None:
        """Return the option that a following tick belongs to, not the remarks after it."""
        for token in reversed(preceding):
            if token.kind == "option":
                return token
            if self._has_text(token) and len(preceding) == 1:
                return token
        return None

    def _choose(self, token: Token | None) -> None:
        """Add an option to the choice, text that is no option as unknown."""
        if token is None:
            self.is_doubtful = True
        elif token.kind == "option":
            self.chosen.append(token.text)
        elif text := _cleaned_text(token.text):
            self.unknown_options.append(text)
            self.chosen.append(text)

    def choose_by_formatting(self, marked_text: str, struck_text: str) -> bool:
        """Choose emphasized options, or those not struck out; return whether there are any."""
        emphasized_texts = re.findall(
            f"{text_markers.EMPHASIS}(.*?){text_markers.EMPHASIS_END}", marked_text, re.DOTALL
        )
        emphasized = [
            token.text
            for token in tokenize("　".join(emphasized_texts), self.options)
            if token.kind == "option"
        ]
        removed = {
            token.text
            for token in tokenize(normalize_row(struck_text)[0], self.options)
            if token.kind == "option"
        }
        if removed:
            self.chosen = [option for option in self.present_options if option not in removed]
        elif emphasized and len(set(emphasized)) < len(set(self.present_options)):
            self.chosen = emphasized
        self.is_doubtful = self.is_doubtful or bool(self.chosen)
        return bool(self.chosen)

    def choose_remaining(self) -> None:
        """Choose the options that remain where the unit deleted the others or their boxes."""
        remaining = self._options_without_box()
        if (
            self.present_options
            and set(self.present_options) < set(self.options)
            and len(self.present_options) < 2
        ):
            remaining = list(self.present_options)
        if remaining:
            self.chosen, self.is_doubtful = remaining, True

    def _options_without_box(self) -> list[str]:
        """Return the options without a box, where the others still have theirs."""
        box_ends = {token.end for token in self.tokens if token.kind == "off"}
        box_starts = {token.start for token in self.tokens if token.kind == "off"}
        options = [token for token in self.tokens if token.kind == "option"]
        box_before = [token.start in box_ends for token in options]
        box_after = [token.end in box_starts for token in options]
        for has_box in (box_before, box_after):
            if any(has_box) and sum(has_box) == len(box_ends):
                return [
                    token.text
                    for token, is_boxed in zip(options, has_box, strict=True)
                    if not is_boxed
                ]
        return []

    def choose_by_text(self) -> None:
        """Choose the options that occur, where the row has no boxes and is not the printed row."""
        if set(self.present_options) == set(self.options):
            self.is_doubtful = False
            return
        self.chosen = list(self.present_options)
        behind_other = False
        for token in self.tokens:
            if token.kind == "text" and not behind_other:
                self._choose_from_text(_NUMBERED.sub("", token.text))
            behind_other = token.kind == "option" and token.text == OTHER_OPTION

    def _choose_from_text(self, text: str) -> None:
        """Add the options contained in a text, else the text as unknown."""
        for part in _SEPARATOR.split(text):
            options = [option for option in self.options if option in part]
            if option := _cleaned_text(part):
                self.chosen += options or [option]
                self.is_doubtful = self.is_doubtful or bool(options)
                if not options:
                    self.unknown_options.append(option)

    def to_parsed(self, text: str) -> Parsed[CheckboxChoice]:
        """Return the choice with its findings."""
        other_text = self._other_text()
        findings: tuple[Problem, ...] = ()
        for name in dict.fromkeys(self.unknown_options):
            findings += make_problems(
                "unknown_option", "、".join(self.options), quote_for_finding(name)
            )
        if self.is_doubtful:
            findings += make_problems(
                "ambiguous", "在所选项前的方框内打勾", quote_for_finding(text)
            )
        if OTHER_OPTION in self.chosen and other_text is None:
            findings += make_problems("other_blank", "“其他”后写明内容", "空白")
        elif OTHER_OPTION not in self.chosen and other_text is not None:
            findings += make_problems(
                "other_unticked", "写明内容并勾选“其他”", quote_for_finding(other_text)
            )
        known_options = [option for option in self.options if option in self.chosen]
        other_options = [name for name in dict.fromkeys(self.chosen) if name not in self.options]
        return Parsed(CheckboxChoice(tuple(known_options + other_options), other_text), findings)

    def _other_text(self) -> str | None:
        """Return the text after 其他, up to the next option."""
        parts: list[str] = []
        for token in self.tokens:
            if token.kind == "option":
                parts = [""] if token.text == OTHER_OPTION else parts
            elif token.kind == "text" and parts and token.text.strip() not in self.unknown_options:
                parts.append(token.text)
        return _cleaned_text("".join(parts))


def _is_box_token(token: Token) -> bool:
    return token.kind not in ("option", "text")


def _cleaned_text(text: str) -> str | None:
    stripped = text_markers.MARKERS.sub("", text).strip(PADDING_CHARS)
    return None if is_blank(stripped) else stripped
