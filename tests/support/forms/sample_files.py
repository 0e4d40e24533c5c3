"""Small real files for the intake tests: forms in the notice's layout, messages, archives."""

import io
import zipfile
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from docx import Document
from docx.shared import Cm
from PIL import Image

from kjfp_helpers.core.form_schema import INDIVIDUAL_FORM, TEAM_FORM, Form
from kjfp_helpers.rules import Round, load_round
from support.project import RULES

TEAM = {
    "team_name": "测试果树服务团",
    "research_field": "果树栽培",
    "expert_count": "12",
    "leader_name": "测试甲",
    "leader_phone": "19900000001",
    "leader_title": "研究员",
    "email": "jia@example.com",
    "postcode": "550001",
    "address": "贵州省测试市一路1号",
    "regions": "贵州省 毕节市 威宁县 草海镇 民族村",
    "service_types": "☑种植 □养殖 □其他_____。",
    "service_modes": "☑培训 ☑技术推广 □就业指导 ☑其他 远程会诊。",
    "expert_names": "测试乙、测试丙",
    "people_lifted": "1200",
    "service_days": "365",
    "story": "　　第一段。\n　　第二段。",
    "honors": "2018年全国先进团队",
    "recommendation": "同意推荐。\n(单位盖章)\n2020年8月10日",
}
PERSON = {
    name: text
    for name, text in TEAM.items()
    if name
    not in (
        "team_name",
        "research_field",
        "expert_count",
        "leader_name",
        "leader_phone",
        "leader_title",
        "expert_names",
    )
} | {
    "name": "测试 丁",
    "gender": "女",
    "title": "农艺师",
    "political_status": "群众",
    "id_number": "11010519491231002X",
    "phone": "19900000002",
    "employer": "测试农科院",
    "employer_contact": "测试戊",
    "employer_contact_title": "科长",
    "office_phone": "010-99990001",
    "fax": "",
}


def the_round(folder: Path | None = None) -> Round:
    """Read the rules of a folder, or return those of 2020, which are read once."""
    return load_round(folder) if folder else _rules_of_2020()


@cache
def _rules_of_2020() -> Round:
    return load_round(RULES)


def picture(size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 20, 20)).save(buffer, kind)
    return buffer.getvalue()


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def form(values: dict[str, str], *, photo: bool = True, seal: bool = True) -> bytes:
    """A form of the notice: labels and boxes in a table, the photo at the right."""
    return _form(tuple(values.items()), photo, seal)


@cache
def _form(filled: tuple[tuple[str, str], ...], photo: bool, seal: bool) -> bytes:
    values = dict(filled)
    schema: Form = TEAM_FORM if "team_name" in values else INDIVIDUAL_FORM
    document = Document()
    document.add_paragraph(schema.annex)
    document.add_paragraph(schema.title)
    table = document.add_table(0, 7, style="Table Grid")
    for fields in schema.rows:
        cells = table.add_row().cells
        start = 1 if fields[0].group else 0
        if fields[0].group:
            cells[0].text = fields[0].group
        for index, field in enumerate(fields):
            at = start + 2 * index
            cells[at].text = field.label
            _fill(cells[at + 1], values.get(field.name, ""))
            if field.kind == "opinion" and seal:
                cells[at + 1].add_paragraph().add_run().add_picture(io.BytesIO(picture()), Cm(1))
    if schema.photo:
        merged = table.cell(0, 6).merge(table.cell(3, 6))
        merged.text = "" if photo else "照片\n(近期2寸免冠蓝底彩色照片)"
        if photo:
            merged.paragraphs[0].add_run().add_picture(io.BytesIO(picture()), Cm(1))
    return saved(document)


def _fill(cell, text: str) -> None:
    for number, line in enumerate(text.split("\n")):
        (cell.add_paragraph() if number else cell.paragraphs[0]).add_run(line)


def text(title: str, sections: dict[str, str]) -> bytes:
    document = Document()
    document.add_heading(title, 0)
    for heading, words in sections.items():
        if heading:
            document.add_heading(heading, 1)
        document.add_paragraph(words)
    return saved(document)


def book(rows: list[list[object]], title: str = "盘点") -> bytes:
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return saved(workbook)


def archive(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in entries.items():
            target.writestr(name, data)
    return buffer.getvalue()


def letter(
    files: dict[str, bytes],
    *,
    sender: str = "a@example.com",
    subject: str = "贵州报送材料",
    sent: str = "Mon, 10 Aug 2020 09:00:00 +0800",
    body: str = "请查收。",
    number: int = 1,
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "office@example.org", subject
    message["Date"], message["Message-ID"] = sent, f"<{number}@example.com>"
    message.set_content(body)
    for name, data in files.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def read_inbox_of(folder: Path, files: dict[str, bytes], receipts=None):
    """Read an inbox of these files under the rules of 2020."""
    import shutil

    from kjfp_helpers.intake import read_inbox

    target = folder / "round"
    shutil.rmtree(target, ignore_errors=True)
    ignored = shutil.ignore_patterns("inbox", "*.db")
    shutil.copytree(the_round().folder, target, ignore=ignored)
    (target / "inbox").mkdir()
    for name, data in files.items():
        (target / "inbox" / name).write_bytes(data)
    return read_inbox(the_round(target), receipts or {}, folder / "outputs" / "materials")
