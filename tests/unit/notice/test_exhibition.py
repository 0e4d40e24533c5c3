from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.core.caption_matching import captions_by_picture, parse_caption_list
from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.core.records import Exhibit, Picture, Record, Section
from kjfp_helpers.notice import exhibit_pictures, exhibit_sections, exhibition
from kjfp_helpers.rules import load_round
from support.project import RULES

ROUND = load_round(RULES)
PARTS = ROUND.notice.exhibition.parts
TITLES = [part.title for part in PARTS]


def picture(name="图1.jpg", sha256="a", size=2_500_000, format="JPEG"):
    return Picture(
        name=name,
        sha256=sha256,
        size=size,
        format=format,
        width=4000,
        height=3000,
        stored=f"materials/13/{name}",
    )


def sections(*titles):
    return tuple(Section(heading=title, text="内容") for title in titles)


def record(unit="13", receipt=1, **body):
    body = {"sections": sections(*TITLES), **body}
    return Record(
        id=f"{receipt}-1",
        kind="exhibit",
        unit=unit,
        receipt=receipt,
        source=f"{unit}.eml/素材.zip",
        sha256="0",
        body=Exhibit(**body),
    )


def faults(*records, round=ROUND):
    _, findings = exhibition.check_exhibits(round, {item.unit: item for item in records})
    return [finding for finding in findings if finding.code != "exhibit_absent"]


def with_megabyte(value):
    notice = ROUND.notice
    ruling = notice.ruling.megabyte.model_copy(update={"value": value})
    rulings = notice.ruling.model_copy(update={"megabyte": ruling})
    return replace(ROUND, notice=notice.model_copy(update={"ruling": rulings}))


def test_complete_exhibit_has_no_finding_and_counts_its_pictures():
    frame, _ = exhibition.check_exhibits(
        ROUND, {"13": record(pictures=(picture(),), captions={"图1": "培训"})}
    )
    row = frame.set_index("unit").loc["13"]
    assert list(row[["response", "numbers", "work", "people"]]) == [True] * 4
    assert (row["pictures"], row["pictures_ok"], row["state"]) == (1, 1, "合格")
    assert not faults(record(pictures=(picture(),), captions={"图1": "培训"}))


def test_every_unit_is_a_row_and_an_absent_exhibit_is_missing_not_false():
    frame, findings = exhibition.check_exhibits(ROUND, {})
    assert list(frame["unit"]) == [unit.code for unit in ROUND.units]
    assert frame[["response", "pictures", "pictures_ok"]].isna().all(axis=None)
    assert set(frame["state"]) == {"未报送"}
    assert [finding.unit for finding in findings] == list(frame["unit"])
    assert {finding.code for finding in findings} == {"exhibit_absent"}
    assert "2020年7月15日" in findings[0].expected


def test_text_without_pictures_is_a_question_and_leaves_the_exhibit_in_order():
    assert [item.code for item in faults(record())] == ["no_picture"]
    assert faults(record())[0].severity is Severity.QUESTION
    frame, _ = exhibition.check_exhibits(ROUND, {"13": record()})
    assert frame.set_index("unit").loc["13", "state"] == "合格"
    told = Finding(code="images_only_in_docx", expected="原图", found="图片在文档中")
    within = replace(record(), findings=(told,))
    assert not faults(within), "what the document shows is told once"


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("一、响应中央决策部署", "response"),
        ("二、任务目标指标完成情况", "numbers"),
        ("（二）“两数”任务目标完成情况及成效", "numbers"),
        ("三、重点工作开展成效", "work"),
        ("第四部分  典型人物 典型事迹", "people"),
        ("典型人物工作成效", "people"),
        ("前言", ""),
    ],
)
def test_heading_matches_the_part_whose_words_fit_best(heading, part):
    assert exhibit_sections.best_part(PARTS, heading)[0] == part


def test_subheadings_stay_in_the_part_they_stand_in():
    texts = sections("前言", TITLES[2], "（一）科技帮扶", "（二）培训成效", TITLES[3], "张某的故事")
    arranged = exhibit_sections.arrange_sections(PARTS, texts)
    assert [item.heading for item in arranged["work"]] == [
        TITLES[2],
        "（一）科技帮扶",
        "（二）培训成效",
    ]
    assert [item.heading for item in arranged["people"]] == [TITLES[3], "张某的故事"]
    assert [item.heading for item in arranged[""]] == ["前言"]


@given(st.lists(st.sampled_from([*TITLES, "前言", "成效", "目标", ""]), max_size=9))
def test_arranging_loses_no_section(headings):
    texts = tuple(Section(heading=item, text=str(index)) for index, item in enumerate(headings))
    arranged = exhibit_sections.arrange_sections(PARTS, texts)
    assert sorted(item.text for group in arranged.values() for item in group) == sorted(
        item.text for item in texts
    )


def test_each_missing_part_is_one_finding():
    texts = sections(TITLES[0], TITLES[3])
    found = faults(record(sections=texts, pictures=(picture(),), captions={"图1": "注"}))
    assert [(item.code, item.field) for item in found] == [
        ("part_missing", "numbers"),
        ("part_missing", "work"),
    ]
    assert found[0].unit == "13" and found[0].source == "13.eml/素材.zip"


def test_heading_without_text_is_a_missing_part():
    texts = (*sections(*TITLES[:3]), Section(heading=TITLES[3], text=" \n"))
    (found,) = faults(record(sections=texts, pictures=(picture(),), captions={"图1": "注"}))
    assert found.code == "part_missing" and found.found == "只有标题，没有内容"


@pytest.mark.parametrize(
    ("value", "size", "codes"),
    [
        (2_000_000, 1_999_999, ["too_small"]),
        (2_000_000, 2_000_000, ["borderline"]),
        (2_000_000, 2_097_151, ["borderline"]),
        (2_000_000, 2_097_152, []),
        (2_097_152, 2_050_000, ["too_small"]),
        (2_097_152, 2_097_152, []),
    ],
)
def test_size_follows_the_ruling_on_2m(value, size, codes):
    item = record(pictures=(picture(size=size),), captions={"图1": "培训"})
    found = faults(item, round=with_megabyte(value))
    assert [finding.code for finding in found] == codes
    assert all(finding.place == "图1.jpg" for finding in found)


def test_format_is_judged_by_content_and_its_size_is_no_second_fault():
    item = picture(format="PNG", size=10)
    (found,) = faults(record(pictures=(item,), captions={"图1": "培训"}))
    assert (found.code, found.found, found.place) == ("not_jpeg", "PNG格式", "图1.jpg")


def test_unreadable_picture_is_left_to_intake_and_is_not_in_order():
    item = record(pictures=(picture(format=None, size=10),), captions={"图1": "培训"})
    frame, _ = exhibition.check_exhibits(ROUND, {"13": item})
    assert not faults(item)
    assert frame.set_index("unit").loc["13", "pictures_ok"] == 0


@pytest.mark.parametrize("stem", ["图1 培训", "图１培训", "图一培训", "图01培训说明"])
def test_two_spellings_of_a_name_are_one_mismatch_and_the_caption_is_found(stem):
    item = record(pictures=(picture(name="素材/图1培训.jpg"),), captions={stem: "注释"})
    assert [one.code for one in faults(item)] == ["name_mismatch"]
    assert captions_by_picture(item.body) == {"素材/图1培训.jpg": "注释"}


@pytest.mark.parametrize("stem", ["图1培训", "图1培训.JPG", "注释/图1培训"])
def test_endings_and_folders_do_not_part_a_picture_from_its_caption(stem):
    assert not faults(record(pictures=(picture(name="素材/图1培训.jpg"),), captions={stem: "注释"}))


def test_a_list_of_captions_is_told_apart_by_the_names_of_the_pictures():
    words = "图片说明\n图1：下乡\n续行\n图2.jpg｜培训\n图十一 大棚"
    listed = parse_caption_list(words, ["图1.jpg", "图２.JPG", "图11.jpg"])
    assert listed == {"图1.jpg": "下乡\n续行", "图２.JPG": "培训", "图11.jpg": "大棚"}
    assert not parse_caption_list("我们在图1村下乡", ["图1.jpg"])


def test_the_gravest_fault_is_the_verdict_on_a_picture():
    item = record(
        pictures=(picture(size=5), picture(name="b.jpg", sha256="b")), captions={"b": "x"}
    )
    assert exhibit_pictures.picture_verdicts(item.body, faults(item)) == {
        "图1.jpg": "too_small",
        "b.jpg": "ok",
    }


def test_near_names_are_one_mismatch_with_the_exact_pair():
    item = record(pictures=(picture(name="田间培训.jpg"),), captions={"田间地头培训": "注释"})
    (found,) = faults(item)
    assert found.code == "name_mismatch" and found.place == "田间培训.jpg"
    assert "田间培训.jpg" in found.expected and "田间地头培训" in found.found


def test_far_names_and_other_numbers_are_two_faults():
    for name, stem in (("培训.jpg", "养殖大户"), ("图片3.jpg", "图片7")):
        found = faults(record(pictures=(picture(name=name),), captions={stem: "注释"}))
        assert [item.code for item in found] == ["caption_missing", "caption_without_image"]
        assert [item.place for item in found] == [name, stem]


def test_leading_zero_is_a_mismatch_of_one_name():
    (found,) = faults(record(pictures=(picture(name="图片03.jpg"),), captions={"图片3": "注释"}))
    assert found.code == "name_mismatch"


def test_blank_caption_is_a_missing_caption():
    (found,) = faults(record(pictures=(picture(),), captions={"图1": "  "}))
    assert (found.code, found.found) == ("caption_missing", "同名注释为空白")


def test_same_picture_from_a_later_unit_names_that_unit_and_not_its_file():
    first = record("13", 1, pictures=(picture(),), captions={"图1": "a"})
    later = record("14", 2, pictures=(picture(name="图9.jpg"),), captions={"图9": "b"})
    (found,) = faults(later, first)
    assert (found.code, found.unit, found.place) == ("duplicate", "14", "图9.jpg")
    assert "河北省" in found.found and "图1.jpg" not in found.found


def test_same_picture_twice_in_one_exhibit_is_one_duplicate():
    both = (picture("图1.jpg"), picture("图2.jpg"))
    (found,) = faults(record(pictures=both, captions={"图1": "a", "图2": "b"}))
    assert (found.code, found.place) == ("duplicate", "图2.jpg") and "本单位" in found.found


def test_faulty_exhibit_is_incomplete_and_a_question_leaves_it_complete():
    small = record("13", pictures=(picture(size=5),), captions={"图1": "a"})
    between = record("14", pictures=(picture(sha256="b", size=2_000_001),), captions={"图1": "a"})
    frame, _ = exhibition.check_exhibits(ROUND, {"13": small, "14": between})
    frame = frame.set_index("unit")
    assert list(frame.loc["13", ["pictures_ok", "state"]]) == [0, "不全"]
    assert list(frame.loc["14", ["pictures_ok", "state"]]) == [1, "合格"]


def test_exhibit_of_an_unknown_sender_is_nobodys_row_and_nobodys_original():
    stray = record("", 1, pictures=(picture(),), captions={"图1": "a"})
    known = record("13", 2, pictures=(picture(),), captions={"图1": "a"})
    assert not faults(stray, known)


def test_the_same_scene_saved_again_is_a_duplicate_that_says_so():
    looks = "f0" * 32, "f0" * 31 + "f1"
    both = (
        replace(picture("图1.jpg"), look=looks[0]),
        replace(picture("图2.jpg", sha256="b"), look=looks[1]),
    )
    (found,) = faults(record(pictures=both, captions={"图1": "a", "图2": "b"}))
    assert (found.code, found.place) == ("duplicate", "图2.jpg") and "画面相同" in found.found


def test_a_list_of_captions_may_number_its_lines_before_the_file_names():
    listed = parse_caption_list("1｜02.jpg｜下乡\n2｜01.jpg｜培训", ["01.jpg", "02.jpg"])
    assert listed == {"02.jpg": "下乡", "01.jpg": "培训"}
    assert parse_caption_list("1.下乡\n2.培训", ["1.jpg", "2.jpg"]) == {
        "1.jpg": "下乡",
        "2.jpg": "培训",
    }


@pytest.mark.parametrize("absent", ["图3", "03.jpg"])
def test_a_caption_of_a_picture_that_is_not_there_is_no_more_of_the_one_before(absent):
    listed = parse_caption_list(f"图1：下乡\n{absent}：大棚", ["图1.jpg"])
    assert listed == {"图1.jpg": "下乡", absent: "大棚"}


def test_an_exhibit_without_any_text_is_told_of_once_and_has_no_part():
    item = record(pictures=(picture(),), captions={"图1": "注释"}, sections=())
    assert [one.code for one in faults(item)] == ["part_missing"]
    frame, _ = exhibition.check_exhibits(ROUND, {"13": item})
    row = frame[frame["unit"] == "13"].iloc[0]
    assert not any(row[part.id] for part in PARTS)
