import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from kjfp_helpers.core.caption_matching import captions_by_picture
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.records import Exhibit, Picture, Record, Section
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.notice.exhibit_sections import arrange_sections
from kjfp_helpers.reports.exhibition_site import site_builder as site
from kjfp_helpers.reports.exhibition_site.site_builder import write_exhibition_site
from kjfp_helpers.reports.exhibition_site.web_images import file_names, image_stem
from kjfp_helpers.rules import load_round
from kjfp_helpers.state.exhibition.published_exhibition import (
    PublishedColumn,
    PublishedExhibit,
    PublishedPicture,
)
from support.project import RULES

ROUND = load_round(RULES)
TITLES = [part.title for part in ROUND.notice.exhibition.parts]
NAN = float("nan")


@pytest.fixture
def outputs(tmp_path):
    folder = tmp_path / "outputs"
    (folder / "materials").mkdir(parents=True)
    return folder


def photo(outputs, name, *, size=(720, 540), kind="JPEG", **options):
    stored = f"materials/{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    grain = np.random.default_rng(list(name.encode())).integers(
        0, 255, (size[1] // 8, size[0] // 8, 3)
    )
    image = Image.fromarray(grain.astype("uint8")).resize(size)
    image.save(outputs / stored, kind, **options)
    data = (outputs / stored).read_bytes()
    return Picture(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        format=kind,
        width=size[0],
        height=size[1],
        stored=stored,
    )


def record(unit="13", *, sections=None, pictures=(), captions=None):
    sections = sections or tuple(Section(heading=title, text="内容。") for title in TITLES)
    body = Exhibit(sections=sections, pictures=tuple(pictures), captions=captions or {})
    return Record(
        id="1-1", kind="exhibit", unit=unit, receipt=1, source="a.eml", sha256="", body=body
    )


def given(*records, rehearsal=False, **numbers):
    """The rules, and what the records hold as if all of it were approved."""
    about = ROUND.notice.round.model_copy(update={"rehearsal": rehearsal})
    notice = ROUND.notice.model_copy(update={"round": about})
    rules = replace(ROUND, notice=notice)
    exhibits = tuple(published(item, numbers) for item in records)
    return rules, PublishedColumn(exhibits=exhibits, news=(), profiles=())


def published(item, numbers):
    row = {
        "unit": "13",
        "assoc_target": 100,
        "assoc_done": 80,
        "experts_target": 2000,
        "experts_done": 2500,
        "people_target": 3000,
        "people_done": 2999,
        **numbers,
    }
    captions = captions_by_picture(item.body)
    return PublishedExhibit(
        unit=ROUND.unit_by_code[item.unit],
        sections=arrange_sections(ROUND.notice.exhibition.parts, item.body.sections),
        pictures=tuple(
            PublishedPicture(picture=one, caption=captions.get(one.name, ""))
            for one in item.body.pictures
        ),
        figures=row,
    )


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def page(outputs, *records, unit="13", **numbers):
    write_exhibition_site(
        *given(*records, **numbers), ReceivedFolder(outputs), outputs / "exhibition"
    )
    return (outputs / "exhibition" / unit / "index.html").read_text("utf-8")


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.links = set(), []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [value for name, value in attributes if name in ("href", "src")]
        assert not [name for name, _ in attributes if name.startswith("on")]


def test_every_link_is_relative_and_leads_to_a_file_and_no_page_has_a_script(outputs):
    items = (record(pictures=[photo(outputs, "图1.jpg")]), record("S001"))
    assert write_exhibition_site(*given(*items), ReceivedFolder(outputs), outputs / "exhibition")[
        :2
    ] == (2, ())
    for path in (outputs / "exhibition").rglob("*.html"):
        links = Links()
        links.feed(path.read_text("utf-8"))
        assert "script" not in links.tags
        for link in links.links:
            assert not re.match(r"[a-z]+:|/", link)
            assert (path.parent / link.split("#")[0]).exists()
    sheet = (outputs / "exhibition" / "style.css").read_text("utf-8")
    assert not re.findall(r"@import|url\((?!\"data:)", sheet)


def test_only_units_with_something_public_are_named(outputs):
    write_exhibition_site(*given(record()), ReceivedFolder(outputs), outputs / "exhibition")
    index = (outputs / "exhibition" / "index.html").read_text("utf-8")
    assert "河北省" in index and "山西省" not in index and "未报送" not in index
    assert [path.name for path in (outputs / "exhibition").iterdir() if path.is_dir()] == ["13"]


def test_text_of_a_unit_never_becomes_markup_and_no_number_is_public(outputs):
    hostile = "<script>alert(1)</script>\u202e，联系13800138000"
    sections = [
        Section(heading=TITLES[0] + hostile, text=hostile),
        Section(heading=hostile, text=hostile),
    ]
    figure = photo(outputs, "图1.jpg")
    text = page(
        outputs,
        record(sections=tuple(sections), pictures=[figure], captions={"图1": f'"><img>{hostile}'}),
    )
    assert "<script" not in text and "<img>" not in text and "&lt;script&gt;" in text
    assert "13800138000" not in text and "1380" not in text and "\u202e" not in text


def test_missing_figure_is_unreported_and_has_no_bar(outputs):
    text = page(outputs, record(), assoc_done=NAN, experts_target=NAN)
    assert text.count("未填</") == 1 and text.count("目标未下达</") == 1
    assert text.count('class="track none"') == 2 and text.count("<span style=") == 1
    assert "2,500" in text and "0.0%" not in text


def test_rate_just_below_target_does_not_read_as_met(outputs):
    text = page(outputs, record(), people_target=3000, people_done=2999)
    assert "99.9%" in text and text.count('class="bar met"') == 1


def files_of(item):
    return file_names(image_stem(item.sha256))


def test_pictures_come_in_two_sizes_and_formats_upright_and_hold_no_position(outputs):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"
    item = photo(outputs, "图1.jpg", size=(2400, 1200), exif=exif.tobytes(), comment=b"secret")
    text = page(outputs, record(pictures=[item]))
    for name, edge in zip(files_of(item), (1280, 1280, 640, 640), strict=True):
        assert name in text
        with Image.open(outputs / "exhibition" / "13" / name) as small:
            assert small.size == (edge // 2, edge) and not small.getexif()
            assert not {"exif", "comment", "icc_profile", "xmp"} & set(small.info)


def test_what_was_made_before_is_taken_over_and_what_was_altered_is_made_again(outputs):
    items = [photo(outputs, f"图{n}.jpg") for n in range(2)]
    page(outputs, record(pictures=items))
    before = contents(outputs / "exhibition")
    (outputs / items[0].stored).write_bytes(b"gone")  # nothing is left to make it of
    altered = outputs / "exhibition" / "13" / files_of(items[1])[0]
    altered.write_bytes(b"other")
    page(outputs, record(pictures=items))
    assert contents(outputs / "exhibition") == before


def test_other_bytes_than_those_approved_are_not_shown_and_told(outputs):
    item = photo(outputs, "图1.jpg")
    (outputs / item.stored).write_bytes((outputs / photo(outputs, "图2.jpg").stored).read_bytes())
    site = outputs / "exhibition"
    done = write_exhibition_site(*given(record(pictures=[item])), ReceivedFolder(outputs), site)
    assert done[:2] == (1, ("13/图1.jpg",)) and done.unread and not list(site.glob("13/*.jpg"))


def test_what_is_taken_down_leaves_no_file(outputs):
    items = [photo(outputs, f"图{n}.jpg") for n in range(2)]
    page(outputs, record(pictures=items))
    text = page(outputs, record(pictures=items[:1]))
    gone = files_of(items[1])
    left = contents(outputs / "exhibition")
    assert not any(name in text for name in gone)
    assert not any(path.endswith(gone) for path in left) and len(left) == 4 + 5
    (outputs / "exhibition" / "manifest.txt").unlink()
    page(outputs, record())
    assert not list((outputs / "exhibition").rglob("*.jpg"))


def test_cmyk_and_grey_pictures_are_shown(outputs):
    items = []
    for name, mode in (("图1.jpg", "CMYK"), ("图2.jpg", "L")):
        item = photo(outputs, name)
        with Image.open(outputs / item.stored) as image:
            image.convert(mode).save(outputs / item.stored, "JPEG")
        digest = hashlib.sha256((outputs / item.stored).read_bytes()).hexdigest()
        items.append(replace(item, sha256=digest))
    page(outputs, record(pictures=items))
    for item in items:
        with Image.open(outputs / "exhibition" / "13" / files_of(item)[0]) as small:
            assert small.mode == "RGB"


@pytest.mark.slow
def test_what_is_no_whole_jpeg_or_lies_outside_is_not_shown(outputs):
    cut = photo(outputs, "图2.jpg")
    (outputs / cut.stored).write_bytes((outputs / cut.stored).read_bytes()[:9000])
    outside = photo(outputs, "图3.jpg")
    (outputs / outside.stored).rename(outputs.parent / "secret.jpg")
    items = [
        photo(outputs, "图1.jpg", kind="PNG"),
        cut,
        replace(outside, stored="../secret.jpg"),
        replace(outside, stored="materials/none"),
        photo(outputs, "图5.jpg"),
    ]
    text = page(outputs, record(pictures=items))
    assert text.count("<figure") == 1
    names = [path.name for path in (outputs / "exhibition" / "13").iterdir()]
    assert sorted(names) == sorted([*files_of(items[-1]), "index.html"])


def test_picture_stands_in_the_part_that_names_it_and_else_in_the_gallery(outputs):
    texts = ("", "见图1。", "见图10。", "")
    sections = tuple(
        Section(heading=title, text=text) for title, text in zip(TITLES, texts, strict=True)
    )
    names = ("图1.jpg", "图10.jpg", "典型人物.jpg", "合影.jpg")
    items = [photo(outputs, name) for name in names]
    text = page(outputs, record(sections=sections, pictures=items))
    panels = re.split(r'<article class="panel" id="(\w+)"', text)[1:]
    homes = {
        panel: [one.name for one in items if files_of(one)[2] in body]
        for panel, body in zip(panels[::2], panels[1::2], strict=True)
    }
    assert homes == {
        "numbers": ["图1.jpg"],
        "work": ["图10.jpg"],
        "people": ["典型人物.jpg"],
        "gallery": ["合影.jpg"],
    }


def test_caption_stands_under_the_picture_of_the_same_name(outputs):
    item = record(pictures=[photo(outputs, "图1 培训.JPG")], captions={"图１培训": "田间培训现场"})
    assert "<figcaption>田间培训现场</figcaption>" in page(outputs, item)


@pytest.mark.slow
def test_same_round_gives_the_same_bytes_and_the_manifest_holds_them(outputs):
    everything = given(
        record(pictures=[photo(outputs, f"图{n}.jpg") for n in range(5)]), record("14")
    )
    write_exhibition_site(*everything, ReceivedFolder(outputs), outputs / "one")
    write_exhibition_site(*everything, ReceivedFolder(outputs), outputs / "two")
    one = contents(outputs / "one")
    assert one == contents(outputs / "two")
    lines = one.pop("manifest.txt").decode().splitlines()
    assert lines == [
        f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in sorted(one.items())
    ]


def test_stale_unit_is_removed_and_foreign_files_are_kept(outputs):
    folder = outputs / "exhibition"
    write_exhibition_site(*given(record(), record("14")), ReceivedFolder(outputs), folder)
    (folder / "说明.txt").write_text("别人的", "utf-8")
    write_exhibition_site(*given(record()), ReceivedFolder(outputs), folder)
    assert contents(folder)["说明.txt"].decode() == "别人的"
    assert not (folder / "14").exists()
    assert "说明" not in (folder / "manifest.txt").read_text("utf-8")


def test_a_stop_half_way_leaves_the_earlier_site_whole(outputs, monkeypatch):
    folder = outputs / "exhibition"
    write_exhibition_site(*given(record()), ReceivedFolder(outputs), folder)
    before = contents(folder)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OutputError):
        patch.setattr(site, "write_manifest", full)
        write_exhibition_site(*given(record(), record("14")), ReceivedFolder(outputs), folder)
    assert contents(folder) == before
    write_exhibition_site(*given(record(), record("14")), ReceivedFolder(outputs), folder)
    assert sorted(path.name for path in outputs.iterdir()) == ["exhibition", "materials"]


def test_a_kill_between_the_two_renames_loses_no_foreign_file(outputs):
    folder = outputs / "exhibition"
    write_exhibition_site(*given(record()), ReceivedFolder(outputs), folder)
    (folder / "说明.txt").write_text("别人的", "utf-8")
    folder.rename(outputs / ".exhibition.old")
    write_exhibition_site(*given(record()), ReceivedFolder(outputs), folder)
    assert (folder / "说明.txt").exists() and not (outputs / ".exhibition.old").exists()


def test_rehearsal_is_marked_on_every_page_and_a_real_round_is_not(outputs):
    for rehearsal in (True, False):
        write_exhibition_site(
            *given(record(), rehearsal=rehearsal), ReceivedFolder(outputs), outputs / "exhibition"
        )
        for path in (outputs / "exhibition").rglob("*.html"):
            assert ("演练" in path.read_text("utf-8")) is rehearsal


def test_round_without_anything_public_still_has_an_index(outputs):
    done = write_exhibition_site(*given(), ReceivedFolder(outputs), outputs / "exhibition")
    assert done == (0, (), ())
    names = sorted(path.name for path in (outputs / "exhibition").iterdir())
    assert names == ["icon.svg", "index.html", "manifest.txt", "style.css"]


def test_progress_counts_pictures_in_order(outputs):
    told = []
    items = [photo(outputs, f"图{n}.jpg") for n in range(3)]
    write_exhibition_site(
        *given(record(pictures=items)),
        ReceivedFolder(outputs),
        outputs / "exhibition",
        lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.chromium
@pytest.mark.parametrize("width", [390, 1440])
def test_pages_open_from_disk_with_every_picture_and_no_sideways_scroll(outputs, chromium, width):
    from playwright.sync_api import sync_playwright

    items = [photo(outputs, f"图{n}.jpg") for n in range(3)]
    write_exhibition_site(
        *given(record(pictures=items), record("S022")),
        ReceivedFolder(outputs),
        outputs / "exhibition",
    )
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=True)
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        for path in sorted((outputs / "exhibition").rglob("*.html")):
            tab.goto(path.as_uri())
            tab.evaluate(
                "Promise.all([...document.images].map(i => (i.loading = 'eager', i.decode())))"
            )
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        browser.close()
    assert all(url.startswith(("file:", "data:")) for url in asked)
