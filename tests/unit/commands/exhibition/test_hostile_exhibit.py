"""Names and texts in an archive that lie: what the site, the feed, the desk and the package make of them."""

import io
import json
import re
import zipfile

import pytest

from kjfp_helpers import commands, panels
from kjfp_helpers.commands.exhibition.package_check import verify_package
from kjfp_helpers.commands.exhibition.package_layout import FORMAT, MANIFEST
from kjfp_helpers.commands.exhibition.package_writing import write_package
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.panels.queue.item_list import ListWidget
from kjfp_helpers.state import RoundSession
from support.forms.sample_files import archive, letter, picture, text
from support.pages.widget_tree import everything
from support.pages.widget_tree import text as shown
from support.rounds.panel_round import make_round
from support.state.approved_exhibits import approve_everything

pytestmark = pytest.mark.slow
TURNED, MARKUP = "\u202egpj.\u2066图", "<img src=x onerror=alert(1)>&amp;\"'"
SAID = f"{MARKUP}{TURNED}]]>村民增收。"
NAMES = (f"展览/{TURNED}1.jpg", "展览/../../../图2.jpg", "/etc/图3.jpg", "展览/CON.jpg")


def silent(done, total):
    pass


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    folder = make_round(root, units=("11", "52"), societies=0)
    files = {"展览/展览文本.docx": text("网上展览文本", {f"一、响应中央决策部署{TURNED}": SAID})}
    for at, name in enumerate((*NAMES, f"展览/{MARKUP.replace('/', '')}5.jpg")):
        files |= {name: picture((60 + at, 40), "JPEG"), f"{name[:-4]}.txt": SAID.encode()}
    (folder / "inbox").mkdir()
    (folder / "inbox" / "a.eml").write_bytes(letter({"贵州省展览.zip": archive(files)}))
    news = folder / "column/news" / f"20200705贵州省{TURNED}"
    news.mkdir(parents=True)
    (news / "正文.txt").write_text(f"{SAID}\n{SAID}\n专家到贵州省村里讲课。", "utf-8")
    session = RoundSession.open(folder, root / "outputs/practice", create=True)
    commands.register_mail(session, silent)
    yield session
    session.close()


def is_plain(words):
    return not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", words)


def test_names_and_texts_that_lie_change_nothing_on_desk_site_and_package(session):
    desk = panels.show_exhibition(session)
    walk = next(one for one in everything(desk) if isinstance(one, ListWidget))
    assert is_plain(shown(desk)) and all(is_plain(row["told"]) for row in walk.rows)
    approve_everything(session)
    commands.exhibit(session, silent)
    file = session.outputs / "a.zip"
    write_package(session, silent, file=file)
    site = session.outputs / "exhibition"
    pages = [path for path in site.rglob("*") if path.suffix in (".html", ".xml")]
    assert site / "52/index.html" in pages
    for path in pages:
        page = path.read_text("utf-8")
        assert is_plain(page) and "<img src=x" not in page, path.name
    pictures = [path.name for path in site.rglob("*.jpg")]
    assert pictures and all(re.fullmatch(r"[0-9a-f]{16}(-s)?\.jpg", name) for name in pictures)
    with zipfile.ZipFile(file) as package:
        names = package.namelist()
        words = [package.read(name).decode() for name in names if name.endswith((".txt", ".json"))]
    assert any(name.endswith(".jpg") for name in names)
    for name in names:
        assert is_plain(name) and not re.search(r'\.\.|[\\:*?"<>|]|^/', name), name
    assert all(map(is_plain, words)) and not verify_package(file, silent).failed


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"round": "甲", "column": "乙", "items": [{"files": [{}]}]},
        {"round": "甲", "column": "乙", "files": {"a": {"size": 1}}},
        {"round": "甲", "column": "乙", "files": {"a": 5}},
    ],
)
def test_a_manifest_that_lacks_something_is_refused_in_words(tmp_path, told):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("a", "a")
        package.writestr(MANIFEST, json.dumps({"format": FORMAT, "files": {}, "items": []} | told))
    file = tmp_path / "a.zip"
    file.write_bytes(data.getvalue())
    with pytest.raises(OutputError, match="无法读取"):
        verify_package(file, silent)
