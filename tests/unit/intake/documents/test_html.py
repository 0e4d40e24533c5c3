"""Forms as web pages and as plain words: what a browser shows is what is read."""

import random

import pytest

from kjfp_helpers.core.form_schema import FORMS, INDIVIDUAL_FORM
from kjfp_helpers.intake.file_reader import read_file_content
from kjfp_helpers.intake.files.file_types import detect_format
from support.forms.form_samples import plain_text, sample
from support.forms.sample_files import the_round


def read(kind, words, name):
    data = words.encode("gb18030")
    return read_file_content(kind, None, data, name, archived=False, notice=the_round().notice)


def one(schema=INDIVIDUAL_FORM):
    return sample(schema, random.Random(3))


def content(person, item):
    value = plain_text(item, person.truth)
    return value if item.kind != "options" else value.replace("_____", "")


def page(person, change=lambda words: words, around="{}"):
    rows = "".join(
        f"<tr><td>{item.label}</td><td>{change(content(person, item))}</td></tr>"
        for item in person.form.fields
    ).replace("\n", "<br>")
    table = f"<p>{person.form.title}</p><table>{rows}</table>"
    return f"<html><body>{around.format(table)}</body></html>"


def typed(person, between, before=""):
    lines = [person.form.title]
    for item in person.form.fields:
        gap = "\n" if item.kind in ("story", "opinion") else ""
        lines.append(f"{item.label}{between}{gap}{content(person, item)}")
    return "\n".join(before + line for line in "\n".join(lines).split("\n"))


def assert_right(material, person, findings=frozenset()):
    (draft,) = material.drafts
    body = draft.body
    assert (body.name, body.people_lifted) == (person.truth["name"], person.truth["people_lifted"])
    assert list(body.service_modes) == person.truth["service_modes"]
    assert (body.story, body.recommendation) == (
        person.truth["story"],
        person.truth["recommendation"],
    )
    pictures = {"photo_missing", "seal_missing", "layout_changed"}
    assert {finding.code for finding in draft.findings} - pictures == findings


SHOWN = {
    "controls": lambda words: words.replace("☑", "<input type=checkbox checked>").replace(
        "□", "<input type=radio>"
    ),
    "wingdings": lambda words: words.replace(
        "☑", "<span style='font-family:\"Wingdings 2\"'>R</span>"
    ).replace("□", "<font face='Wingdings 2'>£</font>"),
    "plain": lambda words: words,
}


@pytest.mark.parametrize("shown", SHOWN)
def test_boxes_of_a_page_are_what_is_shown(shown):
    person = one()
    assert_right(read("html", page(person, SHOWN[shown]), "表.htm"), person)


def test_options_struck_out_on_a_page_were_not_chosen():
    person = one()

    def struck(words):
        for option in ("种植", "养殖", "培训", "技术推广", "就业指导"):
            words = words.replace(f"□{option}", f"<s>{option}</s>")
        return words.replace("□其他", "<strike>其他</strike>").replace("☑", "")

    assert_right(read("html", page(person, struck), "表.htm"), person, {"ambiguous"})


def test_a_table_inside_a_table_of_a_page_is_read():
    person = one()
    whole = page(person, around="<table><tr><td>{}</td></tr></table>")
    assert_right(read("html", whole, "表.htm"), person)


@pytest.mark.parametrize("between", ["：", "\t"])
@pytest.mark.parametrize("before", ["", "> "])
@pytest.mark.parametrize("schema", FORMS)
def test_a_form_typed_as_plain_words_is_read(schema, between, before):
    person = one(schema)
    (draft,) = read("text", typed(person, between, before), "推荐表.txt").drafts
    assert draft.kind == schema.kind
    assert draft.body.people_lifted == person.truth["people_lifted"]
    assert draft.body.story == person.truth["story"]


def test_what_a_letter_says_behind_the_opinion_is_not_part_of_it():
    person = one()
    words = typed(person, "：") + "\n\n此致\n某省科协办公室"
    assert_right(read("text", words, "推荐表.txt"), person)


UNSEEN = (
    "display:none",
    "visibility:hidden",
    "mso-hide:all",
    "font-size:1px",
    "color:#fff",
    "color:#FEFEFE",
    "width:0;overflow:hidden",
    "top:-9999px;position:absolute",
)
SELECTORS = ("span", ".q", "td span.q", "table > tr #x", "span.q.r", "body *.q", "p, td .q")


@pytest.mark.parametrize("style", UNSEEN)
def test_what_a_page_hides_is_no_part_of_a_value(style):
    person = one()
    hidden = f"<span style='{style}'>9</span>"
    shown = page(person).replace(
        f">{person.truth['people_lifted']}<", f">{hidden}{person.truth['people_lifted']}<"
    )
    (draft,) = read("html", shown, "a.html").drafts
    assert draft.body.people_lifted == person.truth["people_lifted"]


@pytest.mark.parametrize(
    ("selector", "is_hidden"), [*((one, True) for one in SELECTORS), ("th .q", False), ("b", False)]
)
def test_a_rule_hides_what_its_selector_denotes_and_nothing_else(selector, is_hidden):
    person = one()
    count = str(person.truth["people_lifted"])
    spanned = page(person).replace(f">{count}<", f"><span class='q r' id=x>9</span>{count}<")
    styled = spanned.replace("<body>", f"<style>{selector} {{ display : NONE }}</style><body>")
    (draft,) = read("html", styled, "a.html").drafts
    assert draft.body.people_lifted == int(count if is_hidden else f"9{count}")


@pytest.mark.parametrize("mark", ["<sup>1</sup>", "<a href='#n1'><sup>[1]</sup></a>"])
def test_the_mark_of_a_note_is_no_part_of_a_text_but_a_measure_is(mark):
    person = one()
    story = person.truth["story"] = "示范面积1000m2，群众称好"
    typed_story = story.replace("m2", "m<sup>2</sup>") + mark
    (draft,) = read("html", page(person).replace(story, typed_story), "a.html").drafts
    assert draft.body.story == story
    assert "ambiguous" in {finding.code for finding in draft.findings if finding.field == "story"}


def test_a_page_is_found_in_every_coding_and_archive():
    person = one()
    words = page(person)
    part = f"Content-Type: text/html; charset=utf-8\n\n{words}\n"
    frame = "Content-Type: text/html\n\n<html><frameset><frame src=b></frameset></html>\n"
    files = {
        "a.html": words.encode("utf-16"),
        **{
            f"{kind}.mht": (
                f"MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=b\n\n"
                f"--b\n{frame}--b\n{part}--b--\n"
            ).encode()
            for kind in ("related", "alternative")
        },
    }
    files["wide.mht"] = files["related.mht"].decode().encode("utf-16")
    for name, data in files.items():
        kind, package = detect_format(data, name)
        notice = the_round().notice
        found = read_file_content(kind, package, data, name, archived=False, notice=notice)
        assert_right(found, person)


@pytest.mark.parametrize(
    "value",
    [
        "<audio>9</audio>{}<video>9</video><canvas>9</canvas>",
        "<svg><title>9</title></svg>{}",
        "{}<button>9</button>",
        "<span style='color:hsl(0, 0%, 100%)'>9</span>{}",
        "<details><summary>{}</summary>9</details>",
    ],
)
def test_what_a_browser_shows_only_if_it_cannot_do_better_is_no_part_of_a_value(value):
    person = one()
    count = person.truth["people_lifted"]
    data = page(person).replace(f">{count}<", f">{value.format(count)}<").encode()
    assert detect_format(data, "表.html")[0] == "html"
    (draft,) = read("html", data.decode(), "表.html").drafts
    assert draft.body.people_lifted == count
