"""Styles of the cells of a workbook: fonts, fills and borders, each look made once and copied."""

from copy import copy
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils.indexed_list import IndexedList

from kjfp_helpers.core import state_labels

TITLE_FONT = Font(name="黑体", size=15)
NOTE_FONT = Font(name="宋体", size=11, color="5A606A")
ALERT_COLOUR = "B3261E"
"""Colour of what stands open."""
ALERT_FONT = Font(name="宋体", size=11, bold=True, color=ALERT_COLOUR)
HEAD_FONT = Font(name="黑体", size=11, color="FFFFFF")
BODY_FONT = Font(name="宋体", size=11)
ALERT_CELL_FONT = Font(name="宋体", size=11, bold=True, color=ALERT_COLOUR)
BAD_GROUND = state_labels.TONE_COLOURS[state_labels.BAD][1][1:]
"""Ground of a number below its limit."""
HEAD_FILL = PatternFill("solid", fgColor="2B6CA3")
BAND_FILL = PatternFill("solid", fgColor="F3F6FA")
THIN_BORDER = Border(*(Side(style="thin", color="C9CED6"),) * 4)


def new_workbook() -> Workbook:
    """Return an empty workbook whose columns are measured by the digits of the body's face.

    openpyxl names Calibri, which Chinese systems replace by wider faces: sheets are then printed
    smaller than :data:`.sheet_layout.MAX_SHEET_WIDTH` allows for.
    """
    book = Workbook()
    book._fonts = IndexedList([BODY_FONT])
    book._named_styles["Normal"].font = copy(BODY_FONT)
    return book


class BodyLook(NamedTuple):
    """How a cell below the headings looks.

    Attributes
    ----------
    side : str
        ``left`` (indented), ``right`` or ``center``.
    number_format : str
        As Excel writes it; ``@`` is text.
    alert : bool
        Bold and red.
    band : bool
        On the ground of every other row.
    tone : str
        Tone of the state that colours the cell, see ``core.state_labels``; blank without one.
    quoted : bool
        Text that begins like a formula and is shown as it stands.
    link : bool
        Underlined: it leads elsewhere.
    wraps : bool
        Long text goes on in the next line of the cell.
    """

    side: str
    number_format: str
    alert: bool
    band: bool
    tone: str
    quoted: bool
    link: bool = False
    wraps: bool = True


class BodyStyles:
    """Styles of the body cells of one workbook.

    openpyxl hashes font, border, alignment and fill of every cell that they are set on. Here they
    are set on the first cell of a look only, whose finished style the others share: the numbers of
    the styles, and so the bytes of the file, are the same. Such a cell is not styled afterwards.
    """

    def __init__(self) -> None:
        self._finished: dict[BodyLook, StyleArray] = {}

    def apply(self, cell: Any, look: BodyLook) -> None:
        """Give a new cell of the workbook its look."""
        finished = self._finished.get(look)
        if finished is None:
            set_look(cell, look)
            self._finished[look] = cell._style
        else:
            cell._style = finished


def set_look(cell: Any, look: BodyLook) -> None:
    """Set the style of a cell part by part."""
    if look.number_format:
        cell.number_format = look.number_format
    if look.quoted:
        cell.quotePrefix = True
    cell.font = ALERT_CELL_FONT if look.alert else BODY_FONT
    cell.border = THIN_BORDER
    cell.alignment = Alignment(
        horizontal=look.side,
        vertical="center",
        wrap_text=look.wraps,
        indent=int(look.side == "left"),
    )
    if look.link:
        cell.font = Font(
            name=BODY_FONT.name, size=BODY_FONT.size, color="1C5078", underline="single"
        )
    if look.band:
        cell.fill = BAND_FILL
    if look.tone:
        ink, ground, _ = state_labels.TONE_COLOURS[look.tone]
        cell.font = Font(name=BODY_FONT.name, size=BODY_FONT.size, color=ink[1:])
        cell.fill = PatternFill("solid", fgColor=ground[1:])
