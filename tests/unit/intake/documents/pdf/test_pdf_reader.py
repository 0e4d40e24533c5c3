"""Forms as PDF files with text, as an office program prints them."""

import random

import pytest

from kjfp_helpers.core.form_schema import FORMS, INDIVIDUAL_FORM
from kjfp_helpers.intake.file_reader import read_file_content
from support.forms.form_samples import plain_text, sample
from support.forms.sample_files import the_round
from support.forms.split_forms import story_behind
from support.forms.word_files import lines, package, para

pytestmark = pytest.mark.libreoffice


def tabbed(one):
    """Several boxes in a line, tabs between them, and a page number below."""
    tab = "<w:r><w:tab/></w:r>"
    text = []
    for fields in one.form.rows:
        pieces = []
        for item in fields:
            gap = "\n" if item.kind in ("story", "opinion") else ""
            pieces.append(f"{item.label}：{gap}{plain_text(item, one.truth)}")
        if len(pieces) == 1:
            text.append(lines(pieces[0]))
        else:
            text.append(para(*(part for piece in pieces for part in (piece, tab))))
    return lines(one.form.title) + "".join(text) + para("- 1 -")


@pytest.fixture(scope="module")
def printed(office_convert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pdf")
    made = {}
    for layout in (tabbed, story_behind):
        for form in FORMS:
            name = f"{layout.__name__}_{form.kind}"
            made[name] = sample(form, random.Random(name))
            made[name].truth["story"] = "自2016年以来扎根一线。" * 3 + "\n" + "群众一致称好。" * 4
            (folder / f"{name}.docx").write_bytes(package(layout(made[name])))
    office_convert("pdf", folder, *folder.glob("*.docx"))
    return {name: (one, (folder / f"{name}.pdf").read_bytes()) for name, one in made.items()}


def read(data):
    (draft,) = read_file_content(
        "pdf", None, data, "表.pdf", archived=False, notice=the_round().notice
    ).drafts
    return draft


@pytest.mark.parametrize("kind", [form.kind for form in FORMS])
def test_boxes_that_only_a_tab_keeps_apart_are_read_apart(printed, kind):
    one, data = printed[f"tabbed_{kind}"]
    body = read(data).body
    got = {name: getattr(body, name) for name in ("email", "postcode", "people_lifted")}
    assert got == {name: one.truth[name] for name in got}
    assert body.service_days == one.truth["service_days"]
    assert body.recommend_date.isoformat() == one.truth["recommend_date"]


@pytest.mark.parametrize("kind", [form.kind for form in FORMS])
def test_deeds_on_the_pages_behind_are_joined_and_told(printed, kind):
    one, data = printed[f"story_behind_{kind}"]
    draft = read(data)
    assert draft.body.story == one.truth["story"]
    assert ("story_in_attachment", "story") in {
        (finding.code, finding.field) for finding in draft.findings
    }


def test_a_person_is_a_person(printed):
    one, data = printed["story_behind_individual"]
    assert (read(data).kind, read(data).body.name) == (INDIVIDUAL_FORM.kind, one.truth["name"])
