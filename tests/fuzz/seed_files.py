"""Sound files of every format, made in code: what the fuzzer damages."""

import io
import random
import subprocess
import tempfile
import zipfile
from pathlib import Path

from kjfp_helpers.core.form_schema import INDIVIDUAL_FORM, TEAM_FORM
from kjfp_helpers.intake.files.libreoffice import find_libreoffice
from support.forms import pdf_pages
from support.forms.form_layouts import LAYOUTS
from support.forms.form_samples import sample
from support.forms.people_list_files import list_files
from support.forms.sample_files import PERSON, TEAM, archive, form, letter, picture, text
from support.forms.stocktake_books import VARIANTS, data_of
from support.forms.word_files import package

_PAGE = (
    "<html><head><meta charset=utf-8><style>.a{display:none} td{color:#fff}</style></head><body>"
    "<p>附件2 先进个人推荐表</p><table><tr><td>姓名<td rowspan=2>测试<sup>1</sup>甲<td>性别"
    "<td><input type=radio checked>男</tr><tr><td colspan=2>主要事迹<td><span class=a>旧</span>"
    "自2016年以来</tr></table><blockquote>原始邮件</blockquote></body></html>"
)
_TEXT = "姓名：测试甲\n性别：男\n工作单位：测试农科院\n累计服务天数：2年+65天\n主要事迹：自2016年以来。\n"


def seed_files() -> list[tuple[str, bytes]]:
    """Sound files: name and content, in a fixed order; those of LibreOffice where it is there."""
    words = {"team.docx": form(TEAM), "person.docx": form(PERSON)}
    for number, layout in enumerate(LAYOUTS):
        one = sample((TEAM_FORM, INDIVIDUAL_FORM)[number % 2], random.Random(number))
        words[f"form{number}.docx"] = package(layout(one))
    words["summary.docx"] = text("工作总结", {"一、两数完成情况": "完成。", "二、经验": "好。"})
    books = {f"stock{number}.xlsx": data_of(one) for number, one in enumerate(VARIANTS)}
    lists = {one.name: one.data for one in list_files()}
    photo = picture((200, 150), "JPEG")
    others = {
        "form.pdf": pdf_pages.pdf(pdf_pages.form(), [pdf_pages.typed_note(3, "1200人")]),
        "fields.pdf": pdf_pages.pdf(pdf_pages.form(again=0.3), [pdf_pages.form_field(3, "9")]),
        "form.html": _PAGE.encode(),
        "form.txt": _TEXT.encode("gb18030"),
        "form.mht": (
            "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
            f"Content-Type: text/html; charset=utf-8\n\n{_PAGE}\n--b--\n"
        ).encode(),
        "photo.jpg": photo,
        "photo.png": picture(),
        "show.zip": archive(
            {"01.jpg": photo, "01.txt": "说明".encode("gbk"), "文本.docx": words["summary.docx"]}
        ),
        "nested.zip": archive({"a.zip": archive({"team.docx": words["team.docx"]})}),
        "letter.eml": letter(
            {"team.docx": words["team.docx"], "stock.xlsx": books["stock0.xlsx"]}, body=_TEXT
        ),
        "photos.eml": letter(
            {"01.jpg": photo, "01.txt": "说明".encode(), "照片.zip": archive({"2.jpg": photo})}
        ),
    }
    return sorted({**words, **books, **lists, **others, **_old_formats(words, books)}.items())


def _old_formats(words: dict[str, bytes], books: dict[str, bytes]) -> dict[str, bytes]:
    """Some of the files as LibreOffice saves them in its other formats."""
    soffice = find_libreoffice()
    if soffice is None:
        return {}
    made = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for extensions, files in (
            (("doc", "rtf", "odt", "pdf"), list(words.items())[:4]),
            (("xls", "ods"), list(books.items())[:4]),
        ):
            for source, data in files:
                (folder / source).write_bytes(data)
            for extension in extensions:
                command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
                command += ["--headless", "--convert-to", extension, "--outdir", name]
                paths = [str(folder / source) for source, _ in files]
                subprocess.run([*command, *paths], check=False, capture_output=True, timeout=120)
        for path in folder.iterdir():
            if path.suffix in (".doc", ".rtf", ".odt", ".pdf", ".xls", ".ods"):
                made[path.name] = _with_fixed_times(path.read_bytes())
    return made


def _with_fixed_times(data: bytes) -> bytes:
    """A zip container whose members bear no time of today; other files as they are."""
    if not data.startswith(b"PK"):
        return data
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for info in source.infolist():
            target.writestr(zipfile.ZipInfo(info.filename), source.read(info))
    return buffer.getvalue()
