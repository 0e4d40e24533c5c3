"""A family of lists of people in every format that units send, with the names that they list."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from docx import Document
from openpyxl import Workbook

from support.forms.sample_files import saved

NAMES = ("测试乙", "样例丙", "阿不都·示例")
_VALUES = {
    "序号": lambda n: n + 1,
    "姓名": lambda n: NAMES[n],
    "性别": lambda n: "男女"[n % 2],
    "民族": lambda n: "汉",
    "出生年月": lambda n: "1975.03",
    "职务/职称": lambda n: "研究员",
    "单位及职务": lambda n: "测试院研究员",
    "工作单位": lambda n: "测试农科院",
    "政治面貌": lambda n: "群众",
    "身份证号码": lambda n: f"11010119750312997{n}",
    "联系方式": lambda n: f"1990000111{n}",
    "联系电话": lambda n: f"1990000111{n}",
    "手机": lambda n: f"1990000111{n}",
    "Email": lambda n: f"a{n}@example.com",
    "邮箱": lambda n: f"a{n}@example.com",
    "通讯地址": lambda n: "测试路1号",
    "邮政编码": lambda n: "550001",
    "签名": lambda n: "",
    "备注": lambda n: "",
    "带动脱贫贫困人口数": lambda n: 100 * (n + 1),
    "深入贫困地区开展服务累计天数": lambda n: 200 + n,
    "主要事迹": lambda n: "长期深入乡村。" * 8,
    "推荐对象": lambda n: NAMES[n],
    "团队分工": lambda n: "成员",
}
HEADS = {
    "成员名单": "序号 姓名 性别 工作单位 职务/职称 联系方式",
    "签到表": "序号 姓名 性别 身份证号码 联系方式 通讯地址 签名",
    "通讯录": "姓名 工作单位 职务/职称 联系电话 邮箱 备注",
    "专家名单": "姓名 性别 民族 出生年月 职务/职称 工作单位 手机 Email",
    "推荐人选汇总表": "序号 姓名 性别 工作单位 职务/职称 联系方式 带动脱贫贫困人口数 主要事迹",
    "拟推荐先进个人一览": "推荐对象 性别 政治面貌 单位及职务 身份证号码 联系方式",
    "人员信息登记表": "姓名 性别 民族 政治面貌 身份证号码 工作单位 职务/职称 联系方式 Email 通讯地址 邮政编码",
    "分工表": "序号 姓名 性别 工作单位 职务/职称 团队分工 联系方式",
}
ROSTERS = ("推荐人选汇总表", "拟推荐先进个人一览")


@dataclass(frozen=True)
class ListFile:
    name: str
    rows: list[list[object]]
    names: tuple[str, ...]
    nominees: bool

    @cached_property
    def data(self) -> bytes:
        return _WRITERS[self.name.rpartition(".")[2]](self.rows)


ONE_ROW = (
    ("志愿者名单", "姓名 性别 政治面貌 工作单位 职务/职称 联系方式 服务天数"),
    ("专家服务情况表", "专家姓名 工作单位 职称 服务地点 服务天数 带动脱贫人数"),
)
"""Heads with labels of the forms over a single record, which only their title calls a list."""


def list_files() -> Iterator[ListFile]:
    """Every head in every format, and every trick in a workbook and in Word."""
    for title, head in HEADS.items():
        rows = _rows(title, head.split(), len(NAMES))
        for extension in _WRITERS:
            yield _file(title, f"{title}.{extension}", rows, NAMES)
    for trick, change in _TRICKS.items():
        for title in ("成员名单", "推荐人选汇总表"):
            rows = change(_rows(title, HEADS[title].split(), len(NAMES)))
            names = NAMES[:1] if trick == "one" else NAMES
            for extension in ("xlsx", "docx"):
                yield _file(title, f"{trick}-{title}.{extension}", rows, names)


def _file(title: str, name: str, rows: list[list[object]], names: tuple[str, ...]) -> ListFile:
    return ListFile(name, rows, names, title in ROSTERS)


def _rows(title: str, head: list[str], count: int) -> list[list[object]]:
    return [[title], head, *([_VALUES[label](n) for label in head] for n in range(count))]


def _workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    width = max(map(len, rows))
    book.active.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    return saved(book)


def _word(rows: list[list[object]]) -> bytes:
    document = Document()
    document.add_paragraph(str(rows[0][0]))
    table = document.add_table(0, max(map(len, rows)))
    for row in rows[1:]:
        for cell, value in zip(table.add_row().cells, row, strict=False):
            cell.text = str(value)
    return saved(document)


def _page(rows: list[list[object]]) -> bytes:
    body = "".join(
        "<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in rows[1:]
    )
    return f"<html><body><p>{rows[0][0]}</p><table>{body}</table></body></html>".encode()


def _text(separator: str):
    def write(rows: list[list[object]]) -> bytes:
        stream = io.StringIO()
        for row in rows:
            print(separator.join(str(value) for value in row), file=stream)
        return stream.getvalue().encode("gb18030")

    return write


_WRITERS = {
    "xlsx": _workbook,
    "docx": _word,
    "html": _page,
    "csv": _text(","),
    "txt": _text("\t"),
}


def _two_heads(rows):
    return [rows[0], rows[1], *rows[2:3], rows[1], *rows[3:]]


def _footer(rows):
    return [*rows, ["合计", "", "3人"], ["填表人：测试子", "", "联系人", "测试丑", "联系电话", "1"]]


def _spaced(rows):
    head = [" ".join(label) if len(label) == 2 else label for label in rows[1]]
    return [rows[0], head, *rows[2:]]


def _upright(rows):
    columns = [list(column) for column in zip(*rows[1:], strict=True)]
    return [rows[0], *(column for column in columns if column[0] != "序号")]


_TRICKS = {
    "two_heads": _two_heads,
    "footer": _footer,
    "one": lambda rows: rows[:3],
    "spaced": _spaced,
    "untitled_rows": lambda rows: [["单位：测试农科院"], *rows[1:]],
    "blank_rows": lambda rows: [rows[0], [""], rows[1], *rows[2:], [""], [""]],
    "section": lambda rows: [*rows[:2], ["一、省级"], *rows[2:4], ["二、市级"], *rows[4:]],
    "upright": _upright,
}
