"""Parse a row of check boxes: the chosen options and the text after 其他."""

import re
from collections.abc import Sequence

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.parsed_value import Parsed
from kjfp_helpers.intake.fields.checkbox_choice import PADDING_CHARS, CheckboxChoice, CheckboxRow
from kjfp_helpers.intake.fields.checkbox_tokenizer import (
    EMPTY_BOX_CHARS,
    TICKED_CHARS,
    normalize_row,
    replace_answers,
    strip_option_numbers,
    tokenize,
)


def read_options(marked_text: str, options: Sequence[str]) -> Parsed[CheckboxChoice]:
    """Parse a row of check boxes, with the boxes before or after their options.

    Parameters
    ----------
    marked_text : str
        Text of the field, may contain inline markers.
    options : Sequence of str
        Options of the form, in order.

    Returns
    -------
    Parsed
        The choice. Findings: ``unknown_option`` for a ticked option that is not on the form,
        ``other_blank`` and ``other_unticked`` where 其他 and its text do not match, ``ambiguous``
        where a tick could belong to two options, or is only bold type, strike-out or a picture.

    Examples
    --------
    >>> read_options("☑培训 □技术推广", ("培训", "技术推广")).value.ticked
    ('培训',)
    """
    struck_text = text_markers.struck_out_text(marked_text)
    without_struck = re.sub(
        f"{text_markers.STRUCK}.*?{text_markers.STRUCK_END}", "", marked_text, flags=re.DOTALL
    )
    row, is_guessed = normalize_row(
        replace_answers(strip_option_numbers(_keep_box_markers(without_struck), options), options)
    )
    if "☒" in row and set(row) & set("☑√✓✔"):  # two kinds of tick: one may mean no
        is_guessed = True
        row = row if any(char in row for char in EMPTY_BOX_CHARS) else row.replace("☒", "□")
    if not row.strip(PADDING_CHARS):
        return Parsed(CheckboxChoice())
    tokens = tokenize(row, options)
    checkboxes = CheckboxRow(tuple(options), tokens)
    kinds = [token.kind for token in tokens]
    if "on" in kinds or "picture" in kinds or "doubt" in kinds:
        checkboxes.choose_by_ticks()
        is_guessed = is_guessed or bool(set(kinds) & {"picture", "doubt"})
        is_guessed = is_guessed or any(char in TICKED_CHARS for char in struck_text)
        is_guessed = is_guessed or not any(char in TICKED_CHARS for char in row)
    elif not (checkboxes.choose_by_formatting(marked_text, struck_text) or "off" in kinds):
        checkboxes.choose_by_text()
    elif "off" in kinds and not checkboxes.chosen:
        checkboxes.choose_remaining()
    if is_guessed:
        checkboxes.is_doubtful = True
    return checkboxes.to_parsed(text_markers.strip_markers(marked_text))


def _keep_box_markers(marked_text: str) -> str:
    """Remove the markers that cannot be a check box."""
    box_markers = (text_markers.PICTURE, text_markers.UNKNOWN_SYMBOL)
    return text_markers.MARKERS.sub(
        lambda match: match[0] if match[0] in box_markers else "", marked_text
    )
