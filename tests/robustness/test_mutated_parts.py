"""Parts of Office files, pages and workbooks with random damage: no reader raises but Unreadable."""

import contextlib
import io
import random
import zipfile

import pytest

from kjfp_helpers.intake.common.web_archives import mhtml_body
from kjfp_helpers.intake.documents.document_model import Unreadable
from kjfp_helpers.intake.documents.docx.reader import read_docx
from kjfp_helpers.intake.documents.html import read_html
from kjfp_helpers.intake.documents.workbooks.reader import read_xlsx
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.forms.form_reader import read_forms
from kjfp_helpers.intake.stocktake.stocktake_reader import read_stocktake
from support.forms.sample_files import PERSON, TEAM, form
from support.forms.stocktake_books import VARIANTS, data_of

MUTATIONS = 60
JUNK = (b'"', b"<", b"&", b"-1", b"9" * 20, b"", b"NaN", b"1e999", "十".encode(), b"A1048577", b" ")
PAGE = (
    "<html><style>.a{display:none}</style><table><tr><td>姓名</td><td class=a>测</td></tr></table>"
).encode()


def damaged(data, dice):
    """The bytes with some inserted, deleted, repeated, or an attribute replaced."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        place, kind = dice.randrange(len(changed) + 1), dice.random()
        if kind < 0.3:
            changed[place : place + dice.randint(1, 6)] = dice.choice(JUNK)
        elif kind < 0.5:
            del changed[place : place + dice.randint(1, 40)]
        elif kind < 0.7:
            other = dice.randrange(len(changed) + 1)
            changed[place:place] = changed[other : other + dice.randint(1, 60)]
        else:
            start = changed.find(b'"', place)
            end = changed.find(b'"', start + 1)
            if 0 <= start < end < start + 80:
                changed[start + 1 : end] = dice.choice(JUNK)
        changed = changed or bytearray(b" ")
    return bytes(changed)


def with_damage(data, dice):
    """An Office file with one damaged part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        names = source.namelist()
        chosen = dice.choice([name for name in names if name.endswith((".xml", ".rels"))])
        for name in names:
            inside = source.read(name)
            target.writestr(name, damaged(inside, dice) if name == chosen else inside)
    return buffer.getvalue()


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_part_of_a_form_is_read_or_unreadable(seed):
    dice = random.Random(seed)
    originals = [form(TEAM), form(PERSON)]
    for _ in range(MUTATIONS):
        data = with_damage(dice.choice(originals), dice)
        with contextlib.suppress(Unreadable):
            read_forms(read_docx(OfficePackage(data)))


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_part_of_a_workbook_is_read_or_unreadable(seed):
    dice = random.Random(seed)
    originals = [data_of(variant) for variant in VARIANTS[:12]]
    for _ in range(MUTATIONS):
        data = with_damage(dice.choice(originals), dice)
        with contextlib.suppress(Unreadable):
            read_stocktake(read_xlsx(OfficePackage(data), data))


def test_a_damaged_page_is_read_or_unreadable():
    dice = random.Random(1)
    for _ in range(4 * MUTATIONS):
        text = mhtml_body(damaged(PAGE, dice)).decode("utf-8", "replace")
        with contextlib.suppress(Unreadable):
            read_forms(read_html(text))
