"""Writer of official papers (.docx) by GB/T 9704-2012: letters, notices, lists, decisions.

Every paper of the office is made with :class:`OfficialDocument`, from top to bottom:

>>> paper = OfficialDocument(rehearsal=True, letterhead="某某办公室")
>>> paper.add_number("某办函〔2020〕3号")
>>> paper.add_title("关于补正评审材料的函")
>>> paper.add_recipient("某某学会")
>>> paper.add_heading("一、须补正的事项")
>>> paper.add_heading("（一）推荐表", level=2)
>>> paper.add_paragraph("请于2020年8月27日前补正。", keep=True)
>>> paper.add_attachment_list(["须补正事项清单"])
>>> paper.add_signature("某某办公室", "2020年8月20日", contact="联系人：张三；电话：010-00000000")
>>> paper.start_attachment("附件", "须补正事项清单")
>>> paper.add_table([("序号", 1), ("事项", 6)], [("1", "缺少印章")])

Measures and faces are those of ``page_layout``; callers give none. The same calls give the same
bytes.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from kjfp_helpers.core.text_width import text_width
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers import docx_markup
from kjfp_helpers.reports.office.writers.deterministic_zip import write_zip
from kjfp_helpers.reports.office.writers.docx_markup import BODY, CENTER, LEFT, RIGHT, Layout
from kjfp_helpers.reports.office.writers.page_layout import (
    CHAR_TWIPS,
    HEADING_FACE,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SUBHEADING_FACE,
    TITLE_FACE,
    Font,
    empty_page_entries,
)

_MAIN_PART = "word/document.xml"
_LONG_WORD = re.compile("[!-~]{8,}")
"""What no program breaks at the end of a line, four characters of the text wide or more."""
_HEADINGS = (Font(HEADING_FACE, SIZE_3), Font(SUBHEADING_FACE, SIZE_3), BODY)
"""Looks of headings: 一、 in black face, （一） in regular script, 1. as the text."""


class OfficialDocument:
    """An official paper on A4, filled from top to bottom.

    Parameters
    ----------
    rehearsal : bool
        Whether every page says that the data are invented.
    amendments : sequence of str
        Further lines at the head of every page, e.g. that the list is a draft.
    letterhead : str
        Office whose name heads the first page in red (a letter); blank for none.
    """

    def __init__(
        self, *, rehearsal: bool, amendments: Sequence[str] = (), letterhead: str = ""
    ) -> None:
        marks = (f"【{formatting.REHEARSAL}】数据均为虚构",) if rehearsal else ()
        self._page = empty_page_entries((*marks, *amendments), letterhead)
        self._parts: list[str] = []

    def add_number(self, text: str) -> None:
        """Add the document's number (发文字号) at the right edge, below the head of a letter."""
        self._add(text, BODY, Layout(RIGHT))
        self._add_lines(2)

    def add_title(self, text: str) -> None:
        """Add the centred title, a line of it for each line of the text, and an empty line."""
        for line in text.splitlines():
            self._add(line, Font(TITLE_FACE, SIZE_2), Layout(CENTER, keep=True))
        self._add_lines(1, keep=True)

    def add_recipient(self, text: str) -> None:
        """Add to whom the paper goes (主送机关), at the left edge."""
        self._add(f"{text}：", BODY, Layout(LEFT))

    def add_heading(self, text: str, level: int = 1) -> None:
        """Add a heading: level 1 for 一、, 2 for （一）, 3 for 1."""
        self._add(text, _HEADINGS[level - 1], Layout(first=2, keep=True))

    def add_paragraph(
        self, text: str, *, indent: float = 2, align: str = docx_markup.BOTH, keep: bool = False
    ) -> None:
        """Add a paragraph, by default indented; ``keep`` holds its end on the page of the next.

        One with a long word of Latin letters and figures is not justified: the line before it would
        be torn apart.
        """
        if align == docx_markup.BOTH and _LONG_WORD.search(text):
            align = LEFT
        self._add(text, BODY, Layout(align, first=indent, keep=keep))

    def add_table(
        self, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]]
    ) -> None:
        """Add a ruled table as wide as the text; columns are heading and relative width.

        The headings repeat on every page, no row is cut by the end of one. A row of a single text
        spans the table and heads the rows that follow.
        """
        self._parts.append(docx_markup.table_xml(columns, rows))

    def add_attachment_list(self, names: Sequence[str]) -> None:
        """Add the names of the attachments (附件说明), an empty line below the text."""
        self._keep_last()
        for number, name in enumerate(names, start=1):
            order = f"{number}. " if len(names) > 1 else ""
            hanging = 3 + _characters(order)
            layout = Layout(
                LEFT, left=2 + hanging, hanging=hanging, above=int(number == 1), keep=True
            )
            self._add(f"{'附件：' if number == 1 else '　　　'}{order}{name}", BODY, layout)

    def add_signature(self, office: str, day: str, *, seal: str = "", contact: str = "") -> None:
        """Add the office and, four characters from the edge, the day; the seal covers both.

        Two empty lines above keep the upper edge of a seal of 42 mm within a line of the text. The
        office stands in the middle above the day; a name too long for that ends two characters from
        the edge, and the day stands in the middle below it. The paragraph before, or the last row
        of a table, goes with them to the next page: none holds a signature alone.

        Parameters
        ----------
        office, day : str
            The name and the date of the paper.
        seal : str
            Whose seal stands for the office's (代章), in a line of its own; blank for its own.
        contact : str
            Whom to ask (附注), in brackets below the day; blank for nobody.
        """
        lines = [office, *([f"（{seal}代章）"] if seal else [])]
        widest = max(_characters(line) for line in lines)
        middle = max(4 + _characters(day) / 2, 2 + widest / 2)
        self._keep_last()
        for above, line in zip((2, 0), lines, strict=False):
            inset = middle - _characters(line) / 2
            self._add(line, BODY, Layout(RIGHT, right=inset, above=above, keep=True))
        inset = middle - _characters(day) / 2
        self._add(day, BODY, Layout(RIGHT, right=inset, keep=bool(contact)))
        if contact:
            self._add(f"（{contact}）", BODY, Layout(LEFT, first=2, whole=True))

    def add_copies(self, names: Sequence[str]) -> None:
        """Add who gets a copy (抄送), below the signature, in 四号."""
        text = f"抄送：{'，'.join(names)}。"
        self._add_lines(1)
        self._add(text, Font(BODY.name, SIZE_4), Layout(LEFT, left=4, hanging=3, right=1))

    def start_attachment(self, label: str, title: str) -> None:
        """Begin an attachment on a page of its own: 附件1 at the upper left, its title below."""
        self._add(label, Font(HEADING_FACE, SIZE_3), Layout(LEFT, keep=True, new_page=True))
        self._add_lines(1, keep=True)
        self.add_title(title)

    def save(self, path: Path) -> None:
        """Write the document; the file is replaced whole or not at all.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        atomic_write(path, self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return the document as the bytes of a .docx file."""
        body = b"<w:body>" + "".join(self._parts).encode()
        return write_zip(
            (name, data.replace(b"<w:body>", body) if name == _MAIN_PART else data)
            for name, data in self._page
        )

    def _keep_last(self) -> None:
        """Hold the last paragraph, or the last row of a table, on the page of what follows."""
        if self._parts:
            self._parts[-1] = docx_markup.keep_end(self._parts[-1])

    def _add_lines(self, count: int, *, keep: bool = False) -> None:
        for _ in range(count):
            self._add("", BODY, Layout(keep=keep))

    def _add(self, text: str, font: Font, layout: Layout) -> None:
        self._parts.append(docx_markup.paragraph_xml(text, font, layout))


def _characters(text: str) -> float:
    """Return the width of a line in characters of the text: a digit takes half of one.

    Between figures and Chinese characters the programs add a fifth of one.
    """
    spaces = sum(one.isdigit() != other.isdigit() for one, other in pairwise(text))
    return (text_width(text) / 2 + spaces / 5) * SIZE_3 * 20 / CHAR_TWIPS
