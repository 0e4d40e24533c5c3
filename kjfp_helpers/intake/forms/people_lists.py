"""Lists of people: a header row over records of one row each, which are no recommendation forms."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.core.records import ListedPerson, PeopleList
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.label_matching import (
    EXTRA_LABELS,
    fields_by_label,
    is_known_label,
    known_labels,
    normalize_form_label,
)
from kjfp_helpers.intake.common.text_cleanup import (
    TRADITIONAL_SIGNS,
    strip_whitespace,
    to_half_width,
)
from kjfp_helpers.intake.common.text_markers import strip_markers
from kjfp_helpers.intake.documents.document_model import Cell, Document, Paragraph, Table
from kjfp_helpers.intake.forms.list_labels import (
    OBJECT_LABELS,
    OTHER_LABELS,
    PERSON_LABELS,
    TEAM_LABELS,
)

_NUMBER_LABELS = frozenset("序号 编号 顺序 排序 推荐顺序 no no. 号".split())
_TELLING_FIELDS = frozenset(
    "regions service_types service_modes people_lifted service_days story recommendation "
    "expert_names".split()
)
"""Fields of a recommendation form that a list of people does not need."""
_TOTAL = lazy_pattern(
    r"(?:合计|总计|小计|共计|填表|填报|制表|审核|备注|注|说明|联系人|单位盖章|日期)[:：\d]?"
)
_LIST_TITLE = lazy_pattern(
    r"汇总|名单|名册|花名册|登记|签到|通讯录|联系表|联系方式表|一览|清单|统计|明细|信息表|成员|人员表|报名|台账|情况表"
)
_ROSTER_TITLE = lazy_pattern(r"推荐|汇总|人选|候选|先进|提名|申报|表扬|表彰|报送名单")
_OTHER_LIST = lazy_pattern(
    r"成员|签到|通讯录|联系|花名册|学员|培训|参会|参训|专家名|专家库|贫困户|受益|农户|户主|评委|工作人员|联络"
)
_SAMPLE = lazy_pattern("(?:填写|填表|填报)?(?:示例|样例|范例|说明|要求|内容)")
_COLUMN_BREAK = lazy_pattern(r"\t|[,，;；|｜]|\s{2,}")
_SHORT_NAME = lazy_pattern(r"[\u3400-\u9fff·•]{2,6}")
_MIN_HEADER_LABELS, _MIN_HEADER_SHARE = 3, 0.6
_MIN_RECORDS = 2
_MIN_COLUMN_LABELS = 4
_MAX_NAME_CHARS = 60
_MAX_TITLE_CHARS = 60
_MAX_LINES = 2000
"""Lines of a text that are looked at for a list."""
_COLUMN_LABELS = (
    PERSON_LABELS | TEAM_LABELS | OBJECT_LABELS | OTHER_LABELS | _NUMBER_LABELS | EXTRA_LABELS
)
_NAME_LABELS = PERSON_LABELS | TEAM_LABELS | OBJECT_LABELS
"""Labels of the names in a list: none is without one."""
_PLAIN_TEXT = lazy_pattern(r"[\u4e00-\u9fffA-Za-z0-9 ，。、；：！？“”‘’《》,.;:!?%\-]*")
_SIGN_OF_OPINION = lazy_pattern("[见見]")
"""In the label of an opinion (…办公室推荐意见), before which anything may stand."""
_SIGNS_AROUND_LABELS = "一二三四五六七八九十限不超过控制在字以之内续"
"""Numbers before and hints behind a label, which normalization drops."""
_MAX_OTHER_SHARE = 0.27
"""A label of 85 % similarity (``label_matching``) has at most 26 % other signs."""


@dataclass(frozen=True, slots=True)
class _Header:
    """A header row: its row number, its labels by column, and the columns of the names."""

    row: int
    labels: dict[int, str]
    name_column: int
    kind: str

    @property
    def fields(self) -> dict[str, int]:
        """Columns by the field of a form that their label denotes."""
        return {
            form_field.name: column
            for column, label in self.labels.items()
            for form in FORMS
            for form_field in fields_by_label(form).get(label, ())
        }


def is_people_list(table: Table, title: str = "") -> bool:
    """Whether a table lists people, one a row, and is no recommendation form.

    ``title`` is the line above it, which may say that a single row is a list.
    """
    return _read_table(table, title) is not None


def are_people_lines(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether lines list people, one a line, and are no typed form."""
    lines = (line for paragraph in paragraphs for line in paragraph.marked_text.split("\n"))
    rows = sum(len(_COLUMN_BREAK.findall(line)) >= _MIN_HEADER_LABELS - 1 for line in lines)
    if rows < 2 or not any(_label(text) in _NAME_LABELS for *_, text in _split_lines(paragraphs)):
        return False
    return _read_table(_table_of_lines(paragraphs), "") is not None


def read_people_list(document: Document, names: Iterable[str]) -> PeopleList | None:
    """Return the people that the tables of a document list, ``None`` if it contains no list.

    Parameters
    ----------
    document : Document
        The document, or the sheets of a workbook as tables.
    names : iterable of str
        The file's name and the names of its sheets, which may say what is listed.
    """
    names = tuple(names)
    titles = [*_titles(document), *names]
    people: list[ListedPerson] = []
    headers: list[_Header] = []
    is_list = False
    tables = document.tables or (_table_of_lines(document.paragraphs),)
    for table in tables:
        result = _read_table(table, "".join(titles))
        if result is not None:
            is_list = True
            headers += result.headers
            people += result.people
    if not is_list:
        return None
    title = next((title for title in titles if _LIST_TITLE.search(title)), "")
    has_telling = any(len(_TELLING_FIELDS & header.fields.keys()) for header in headers)
    is_other = any(_OTHER_LIST.search(text) for text in titles)
    is_roster = has_telling or (any(map(_ROSTER_TITLE.search, titles)) and not is_other)
    return PeopleList(title=title, nominees=is_roster, people=tuple(people))


def _table_of_lines(paragraphs: Iterable[Paragraph]) -> Table:
    """Return the lines of a text as a table."""
    cells = [
        Cell(0, row, column + 1, column, range(row, row + 1), text, 0)
        for row, column, text in _split_lines(paragraphs)
    ]
    return Table(0, tuple(cells))


def _split_lines(paragraphs: Iterable[Paragraph]) -> Iterator[tuple[int, int, str]]:
    """Yield row, column and text of the lines: columns end at tabs, commas or wide gaps."""
    lines = [line for paragraph in paragraphs for line in paragraph.marked_text.split("\n")]
    for row, line in enumerate(lines[:_MAX_LINES], start=1):
        for column, part in enumerate(_COLUMN_BREAK.split(line.strip())):
            yield row, column, strip_markers(part).strip()


def _titles(document: Document) -> Iterator[str]:
    """Yield the short lines above the tables, and the rows of a single cell in them."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            is_row = len(_COLUMN_BREAK.split(block.marked_text.strip())) >= _MIN_HEADER_LABELS
            lines = [] if is_row else [block.text]
        else:
            rows = (_filled(cells) for cells in block.by_row.values())
            lines = [cells[0].text for cells in rows if len(cells) == 1]
        yield from (line.strip() for line in lines if 0 < len(line.strip()) <= _MAX_TITLE_CHARS)


def _read_table(table: Table, titles: str) -> "_ListScan | None":
    """Return the headers and people of a table, ``None`` for a table that is no list."""
    if not any(_label(cell.text) in _NAME_LABELS for cell in table.cells):
        return None
    scan = _ListScan()
    rows = map(_filled, table.by_row.values())
    titles += "".join(filled[0].text for filled in rows if len(filled) == 1)
    for row, cells in table.by_row.items():
        if not scan.add_row(row, _filled(cells)):
            break
    else:
        is_long = len(scan.people) >= _MIN_RECORDS
        is_lines = not table.number and bool(scan.people)
        if scan.headers and (is_long or is_lines or _is_short_list(scan.headers, titles)):
            return scan
    return None if scan.headers else _read_columns(table)


@dataclass
class _ListScan:
    """The headers of a list and its people, collected row by row."""

    headers: list[_Header] = field(default_factory=list)
    people: list[ListedPerson] = field(default_factory=list)

    def add_row(self, row: int, filled: Sequence[Cell]) -> bool:
        """Add a row; return ``False`` for one that no list contains."""
        labels = [cell for cell in filled if _is_label(cell.text)]
        if header := _header(row, filled, labels):
            self.headers.append(header)
            return True
        if len(labels) >= _MIN_HEADER_LABELS or _starts_with_form_label(filled):
            return False
        if not self.headers:
            return True
        header, is_all_labels = self.headers[-1], len(labels) == len(filled)
        if len(labels) >= 2 and is_all_labels and row != header.row + 1:
            return False
        if is_all_labels:
            return True
        name = next((cell.text for cell in filled if cell.column == header.name_column), "")
        if name and is_known_label(name):
            return False
        if person := _person(header, filled):
            self.people.append(person)
        return True


def _filled(cells: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.text.strip()]


def _header(row: int, filled: Sequence[Cell], labels: Sequence[Cell]) -> _Header | None:
    """Return the header that a row is, ``None`` for any other row."""
    if len(labels) < _MIN_HEADER_LABELS or len(labels) < _MIN_HEADER_SHARE * len(filled):
        return None
    by_column = {cell.column: _label(cell.text) for cell in labels}
    for kind, names in (
        ("team", TEAM_LABELS),
        ("", OBJECT_LABELS),
        ("individual", PERSON_LABELS),
    ):
        for column, label in by_column.items():
            if label in names:
                return _Header(row, by_column, column, kind)
    return None


def _is_short_list(headers: Sequence[_Header], titles: str) -> bool:
    """Whether a header over one record or none is a list, and no form laid out in one row."""
    labels = {label for header in headers for label in header.labels.values()}
    fields = {name for header in headers for name in header.fields}
    return bool(
        labels & _NUMBER_LABELS or _LIST_TITLE.search(titles) or not _TELLING_FIELDS & fields
    )


def _starts_with_form_label(filled: Sequence[Cell]) -> bool:
    """Whether a row begins with the label of a field that only forms have."""
    return bool(filled) and bool(_TELLING_FIELDS & _fields_of(_label(filled[0].text)))


def _person(header: _Header, filled: Sequence[Cell]) -> ListedPerson | None:
    """Return the person or team of a row, ``None`` for totals, notes and blank rows."""
    by_column = {cell.column: cell.text for cell in filled}
    name = " ".join(by_column.get(header.name_column, "").split())
    compact = strip_whitespace(name)
    if not compact or len(compact) > _MAX_NAME_CHARS or len(filled) < 2:
        return None
    if _is_wrapped(header, filled):
        return None
    if _TOTAL.match(strip_whitespace(filled[0].text)) or compact.isdigit():
        return None
    fields = header.fields
    return ListedPerson(
        name=compact if header.kind == "individual" else name,
        kind=header.kind,
        employer=by_column.get(fields.get("employer", -1)),
        people_lifted=_count(by_column.get(fields.get("people_lifted", -1))),
        service_days=_count(by_column.get(fields.get("service_days", -1))),
    )


def _is_wrapped(header: _Header, filled: Sequence[Cell]) -> bool:
    """Whether a row is the second line of the row above, as in a PDF without lines between rows."""
    is_line = not filled[0].table
    starts_late = min(header.labels) not in {cell.column for cell in filled}
    return 2 * len(filled) <= len(header.labels) and (is_line or starts_late)


def _read_columns(table: Table) -> _ListScan | None:
    """Return the people of a table with a column each beside its labels, ``None`` for others."""
    rows = [_filled(cells) for cells in table.by_row.values()]
    if any(
        _SAMPLE.fullmatch(strip_whitespace(cell.text)) for cells in rows[:1] for cell in cells[1:]
    ):
        return None
    labelled = [cells for cells in rows if len(cells) > _MIN_RECORDS and _is_label(cells[0].text)]
    if len(labelled) < _MIN_COLUMN_LABELS:
        return None
    if any(_is_label(cell.text) for cells in labelled for cell in cells[1:]):
        return None
    names = next((cells[1:] for cells in labelled if _label(cells[0].text) in PERSON_LABELS), [])
    if not names or not all(_SHORT_NAME.fullmatch(strip_whitespace(name.text)) for name in names):
        return None
    people = [ListedPerson(name=strip_whitespace(name.text), kind="individual") for name in names]
    labels = {number: _label(cells[0].text) for number, cells in enumerate(labelled)}
    return _ListScan([_Header(0, labels, 0, "individual")], people)


@lru_cache(maxsize=4096)
def _label(text: str) -> str:
    return normalize_form_label(text) if len(text) <= _MAX_TITLE_CHARS else ""


@lru_cache(maxsize=4096)
def _fields_of(label: str) -> frozenset[str]:
    return frozenset(
        form_field.name for form in FORMS for form_field in fields_by_label(form).get(label, ())
    )


@lru_cache(maxsize=4096)
def _is_label(text: str) -> bool:
    """Whether a text heads a column of a list, or is a label of a form."""
    if len(text) > _MAX_TITLE_CHARS or _is_prose(text):
        return False
    label = _label(text)
    return bool(label) and (label in _COLUMN_LABELS or is_known_label(text))


def _is_prose(text: str) -> bool:
    """Whether a text has more signs that no label has than a misspelled label may have.

    Only for texts whose normalization adds and drops none of these signs: a quick test that spares
    most of the sentences of a story the slow one.
    """
    if _SIGN_OF_OPINION.search(text) or not _PLAIN_TEXT.fullmatch(text):
        return False
    return len(_other_sign().findall(text)) > _MAX_OTHER_SHARE * len(text)


@cache
def _other_sign() -> re.Pattern[str]:
    """Compile the pattern of a Chinese sign that no label has, in simplified or in old form."""
    signs = set("".join(known_labels() | _COLUMN_LABELS)) | set(_SIGNS_AROUND_LABELS)
    signs |= {other for sign, other in TRADITIONAL_SIGNS.items() if sign in signs} | set("跡貫")
    return re.compile(f"(?![{re.escape(''.join(sorted(signs)))}])[\u4e00-\u9fff]")


def _count(text: str | None) -> int | None:
    """Return a plain number of a cell, ``None`` for anything else."""
    match = re.fullmatch(
        r"(\d{1,9})(?:人|户|天|名)?", to_half_width(text or "").replace(",", "").strip()
    )
    return int(match[1]) if match else None
