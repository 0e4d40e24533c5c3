"""Random damage to a file: to its bytes, and to the structure that its format has."""

import io
import random
import re
import zipfile
from collections.abc import Callable
from email import message_from_bytes
from email.encoders import encode_base64
from email.message import Message

from lxml import etree

MAX_CHANGES = 4
JUNK = (
    *(b'"', b"'", b"<", b">", b"&", b"\0", b"", b" ", b"\r\n", b"%", b"=?utf-8?b?", b"\xff\xfe"),
    *(b"0", b"-1", b"9" * 20, b"1e999", b"NaN", b"0x", b"65536", b"4294967295", b"A1048577"),
    *("十".encode(), "　".encode(), "\ue003\u202d\u200b".encode(), "𠮷⾼".encode(), b"\xe5"),
)
_WORDS = (
    "1 2 12 365 1200 0 ０ ９ 1.2 3,400 一 二十 百 千 万 亿 两 半 余 多 约 近 年 月 日 天 人 户 个 次 "
    "+ - — ~ 至 到 / \\ 、 ， ； 。 ： ( ) （ ） [ ] 【 】 * × X √ ☑ □ ■ ○ 无 暂无 合计 其中 共 目标 "
    "完成 省 市 县 区 乡 镇 村 州 盟 旗 贵州省 毕节市 伊犁州 东莞 兵团 2020 2020年7月10日 民国 二〇二〇年 "
    "姓名 性别 男 女 推荐意见 主要事迹 附件1 @ example.com 86- 1990000 Ⅹ ㎡ ① ¹ \t \n \u200b \ue000 𠮷"
).split(" ")
"""Pieces of values, put together at random."""


def random_value(dice: random.Random) -> str:
    """What a box or a cell may hold: pieces of numbers, dates, places and labels."""
    return "".join(dice.choice(_WORDS) for _ in range(dice.randint(0, 12)))


def damaged_bytes(data: bytes, dice: random.Random) -> bytes:
    """The bytes with some inserted, deleted, repeated, flipped, cut off, or a value replaced."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, MAX_CHANGES)):
        (change,) = dice.choices(tuple(_BYTE_CHANGES), tuple(_BYTE_CHANGES.values()))
        change(changed, dice.randrange(len(changed) + 1), dice)
    return bytes(changed)


def _insert(data: bytearray, place: int, dice: random.Random) -> None:
    data[place : place + dice.randint(0, 6)] = dice.choice(JUNK)


def _delete(data: bytearray, place: int, dice: random.Random) -> None:
    del data[place : place + dice.randint(1, 60)]


def _repeat(data: bytearray, place: int, dice: random.Random) -> None:
    other = dice.randrange(len(data) + 1)
    data[place:place] = data[other : other + dice.randint(1, 200)]


def _flip(data: bytearray, place: int, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 8)) if data else 0):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _cut(data: bytearray, place: int, dice: random.Random) -> None:
    del data[place:]


def _replace_value(data: bytearray, place: int, dice: random.Random) -> None:
    value = _VALUE.search(bytes(data), place)
    if value:
        new = dice.choice((dice.choice(JUNK), random_value(dice).encode()))
        data[value.start() : value.end()] = new


_VALUE = re.compile(rb'(?<=[">= :/])[^"<>= \r\n]{1,40}')
_BYTE_CHANGES: dict[Callable[[bytearray, int, random.Random], None], float] = {
    _insert: 0.2,
    _delete: 0.15,
    _repeat: 0.15,
    _flip: 0.2,
    _cut: 0.05,
    _replace_value: 0.25,
}
"""What changes bytes at a place, with its share."""


def damaged_xml(data: bytes, dice: random.Random) -> bytes:
    """XML with elements removed, repeated, moved, wrapped or renamed, or with other values."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError:
        return damaged_bytes(data, dice)
    for _ in range(dice.randint(1, MAX_CHANGES)):
        nodes = [node for node in root.iter() if isinstance(node.tag, str)]
        node = dice.choice(nodes)
        if dice.random() < 0.5:
            texts = [node for node in nodes if (node.text or "").strip()]
            node = dice.choice(texts) if texts else node
        _change_node(node, dice.choice(nodes), dice)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", standalone=True)


Node = etree._Element
_ATTRIBUTES = ("", "0", "-1", "9" * 20, "1e999", "none", "true", "A1:XFD1048576", "rId99", "../x")


def _change_node(node: Node, other: Node, dice: random.Random) -> None:
    """Change one node; those that have no parent keep their place."""
    (change,) = dice.choices(tuple(_NODE_CHANGES), tuple(_NODE_CHANGES.values()))
    if node.getparent() is not None or change in (_set_text, _set_attribute, _rename):
        change(node, other, dice)


def _set_text(node: Node, other: Node, dice: random.Random) -> None:
    node.text = random_value(dice)


def _set_attribute(node: Node, other: Node, dice: random.Random) -> None:
    if node.attrib:
        name = dice.choice(list(node.attrib))
        node.set(name, dice.choice(_ATTRIBUTES))
        if dice.random() < 0.3:
            del node.attrib[name]


def _rename(node: Node, other: Node, dice: random.Random) -> None:
    node.tag = other.tag


def _remove(node: Node, other: Node, dice: random.Random) -> None:
    node.getparent().remove(node)


def _multiply(node: Node, other: Node, dice: random.Random) -> None:
    parent, copy = node.getparent(), etree.tostring(node)
    for _ in range(dice.choice((1, 1, 30))):
        parent.insert(dice.randrange(len(parent) + 1), etree.fromstring(copy))


def _move(node: Node, other: Node, dice: random.Random) -> None:
    if node is not other and node not in other.iterancestors():
        other.insert(0, node)


def _wrap(node: Node, other: Node, dice: random.Random) -> None:
    parent = node.getparent()
    place = parent.index(node)
    for _ in range(dice.choice((1, 40, 300))):
        around = etree.Element(other.tag)
        around.append(node)
        node = around
    parent.insert(place, node)


_NODE_CHANGES: dict[Callable[[Node, Node, random.Random], None], float] = {
    _set_text: 0.35,
    _set_attribute: 0.2,
    _rename: 0.05,
    _remove: 0.15,
    _multiply: 0.1,
    _move: 0.1,
    _wrap: 0.05,
}


def damaged_zip(data: bytes, dice: random.Random) -> bytes:
    """A zip file with damaged, missing, repeated, renamed or exchanged members."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = [(info.filename, source.read(info)) for info in source.infolist()]
    for _ in range(dice.randint(1, 2)):
        at, kind = dice.randrange(len(members)), dice.random()
        name, inside = members[at]
        if kind < 0.75:
            known = _KINDS.get(name.rpartition(".")[2].lower(), damaged_bytes)
            members[at] = (name, known(inside, dice))
        elif kind < 0.82 and len(members) > 1:
            del members[at]
        elif kind < 0.88:
            other = dice.randrange(len(members))
            members[at], members[other] = (name, members[other][1]), (members[other][0], inside)
        elif kind < 0.94:
            members.append((name, dice.choice(members)[1]))
        else:
            new = dice.choice(
                (name.upper(), "\\" + name, "../" + name, name + "/", "", "._" + name)
            )
            members[at] = (new, inside)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", dice.choice((0, zipfile.ZIP_DEFLATED))) as target:
        for name, inside in members:
            target.writestr(zipfile.ZipInfo(name or "a"), inside)
    return buffer.getvalue()


def damaged_message(data: bytes, dice: random.Random) -> bytes:
    """A message with other headers, codings or nesting, or with damaged attachments."""
    message = message_from_bytes(data)
    for _ in range(dice.randint(1, MAX_CHANGES)):
        part = dice.choice(list(message.walk()))
        kind = dice.random()
        if kind < 0.35 and part.keys():
            _change_header(part, dice)
        elif kind < 0.75 and not part.is_multipart():
            _damage_content(part, dice)
        elif kind < 0.85 and part.is_multipart():
            parts = part.get_payload()
            chosen = dice.choice(parts) if parts else part
            part.set_payload([*parts, *[chosen] * dice.choice((1, 1, 20))] if parts else [])
        elif kind < 0.95:
            inner = part.as_bytes() if dice.random() < 0.5 else message.as_bytes()
            wrap = Message()
            wrap["Content-Type"] = dice.choice(
                ("message/rfc822", "message/partial", "multipart/mixed")
            )
            wrap["Content-Transfer-Encoding"] = dice.choice(("base64", "8bit", "x-uuencode"))
            wrap.set_payload(inner.decode("latin-1"))
            if message.is_multipart():
                message.attach(wrap)
    whole = message.as_bytes()
    return damaged_bytes(whole, dice) if dice.random() < 0.3 else whole


def _change_header(part: Message, dice: random.Random) -> None:
    name = dice.choice(part.keys())
    del part[name]
    junk = "".join(chr(byte) for byte in dice.choice(JUNK) if byte not in b"\r\n")
    coded = random_value(dice).encode("gb18030", "replace").hex("=").upper()
    values = (junk, f"=?gbk?q?={coded}?=", f'x/{junk}; name="{junk}"; boundary={junk}', "base64 ;x")
    if dice.random() < 0.8:
        part[name] = dice.choice(values)


def _damage_content(part: Message, dice: random.Random) -> None:
    payload = part.get_payload(decode=True) or b""
    extension = (part.get_filename() or "").rpartition(".")[2].lower()
    part.set_payload(damaged(payload, extension, dice))
    del part["Content-Transfer-Encoding"]
    encode_base64(part)


def damaged(data: bytes, extension: str, dice: random.Random) -> bytes:
    """The file with random damage: one time in four to its bytes, otherwise to its structure."""
    known = _KINDS.get(extension)
    if known is None or dice.random() < 0.25:
        return damaged_bytes(data, dice)
    try:
        return known(data, dice)
    except Exception:
        # What is damaged already, not every library writes again.
        return damaged_bytes(data, dice)


_KINDS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    **dict.fromkeys(("xml", "rels"), damaged_xml),
    **dict.fromkeys(("docx", "xlsx", "ods", "odt", "zip"), damaged_zip),
    "eml": damaged_message,
}
"""Extension to what damages the structure of such a file."""
