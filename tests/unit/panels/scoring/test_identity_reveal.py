"""Before the reveal nothing tells who it is; after it the names are there, and marks told apart."""

import base64
import io
import json
from dataclasses import replace
from functools import partial

import pytest
from PIL import Image

from kjfp_helpers import commands
from kjfp_helpers.commands.packets.workbook_exchange import WorkbookExports
from kjfp_helpers.core.events import IdentitiesRevealed, ScoreGiven
from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.panels.scoring.nominee_photos import EDGE, find_photo
from kjfp_helpers.rehearsal.writers import docx_forms, synthetic_images
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.panel.packet_building import build_packet
from support.forms.sample_files import letter
from support.pages import scoring_messages
from support.rounds.panel_round import FIVE_CASES, PHONE, make_round, open_round, telling

CASES = 5
Page = partial(scoring_messages.Page, cards=True)
REVEALED = IdentitiesRevealed(reason="进入合议", by=("测试组长",))


@pytest.fixture
def session(tmp_path):
    return open_round(tmp_path, **FIVE_CASES)


def ruled(session, blind):
    notice = session.round.notice
    ruling = notice.ruling.model_copy(
        update={"blind": notice.ruling.blind.model_copy(update={"value": blind})}
    )
    session.round = replace(session.round, notice=notice.model_copy(update={"ruling": ruling}))
    return session


def pages(answer):
    return {case["key"]: case["page"] for case in answer["cases"]}


def named(session, answer):
    """Keys of the cases whose page shows the nominee's own name."""
    packet = build_packet(session.current_state(), "M01")
    keys = {str(packet.numbers[case.id]): case for case in packet.cases.values()}
    return {key for key, page in pages(answer).items() if keys[key].name in page}


def sealed(page):
    for case in page.welcome["cases"]:
        page.save(case=case["key"], answers=page.full(80, case["key"]))
    return page.say("seal")


def test_names_units_and_places_come_with_the_reveal_and_not_before(session):
    page = Page(session)
    state = session.current_state()
    packet = build_packet(state, "M01")
    text = json.dumps(page.welcome, ensure_ascii=False)
    for case in packet.cases.values():
        assert not [word for word in telling(state, case) if word in text]
    session.record(REVEALED)
    answer = Page(session).welcome
    assert len(named(session, answer)) == len(packet.cases) == len(answer["cases"])
    for case in packet.cases.values():
        shown = pages(answer)[str(packet.numbers[case.id])]
        unit = state.round.unit_by_code[case.unit]
        told = [case.name, unit.name, "测试县"]
        told += (
            [*case.nominee.expert_names]
            if isinstance(case.nominee, Team)
            else [case.nominee.employer]
        )
        assert [word for word in told if word not in shown] == []


def test_numbers_ids_and_other_cases_stay_masked_after_the_reveal(session):
    session.record(REVEALED)
    text = json.dumps(Page(session).welcome, ensure_ascii=False)
    assert PHONE not in text and "另一件" in text and "<script" not in text
    assert not any(case.id in text for case in session.current_state().screening.cases)


def test_an_open_page_learns_of_the_reveal_at_its_next_save(session):
    page = Page(session)
    session.record(REVEALED)
    answer = page.save()
    assert answer["type"] == "saved" and answer["revealed_at"] == session.ledger.events()[-2].seq
    assert len(named(session, page.say("hello"))) == CASES


def test_marks_given_after_the_reveal_are_told_apart_on_page_and_sheet(session):
    page = Page(session)
    page.save(case="1")
    session.record(REVEALED)
    assert page.save(case="2")["case"]["after_reveal"] is True
    after = {case["key"]: case["after_reveal"] for case in page.say("hello")["cases"]}
    assert after["2"] and not after["1"] and not after["3"]
    sheet = page.say("sheet")["page"]
    labels = {case["key"]: case["label"] for case in page.welcome["cases"]}
    assert f"{labels['2']}＊" in sheet and f"{labels['1']}＊" not in sheet


def test_a_recused_case_is_not_revealed(session):
    page = Page(session)
    page.say("recuse", case="1", reason="同单位")
    session.record(REVEALED)
    again = Page(session)
    (name,) = {one.name for one in build_packet(session.current_state(), "M02").cases.values()} - {
        one.name for one in again.handler.packet.cases.values()
    }
    told = json.dumps(again.welcome, ensure_ascii=False)
    assert "1" not in pages(again.welcome) and f"<dd>{name}</dd>" not in told
    assert page.say("photo", case="1")["photo"] is None


@pytest.mark.slow
def test_sealing_reveals_to_that_member_alone_where_the_rules_say_so(session):
    page = Page(ruled(session, "until_seal"))
    assert not named(session, page.welcome)
    answer = sealed(page)
    assert answer["revealed_at"] == answer["sealed"]
    assert len(named(session, page.say("hello"))) == CASES
    assert not named(session, Page(session, member="M02", window="x").welcome)


def test_what_was_seen_stays_seen_when_the_packet_is_opened_again(session):
    page = Page(ruled(session, "until_seal"))
    sealed(page)
    page.say("reopen", reason="笔误")
    assert len(named(session, page.say("hello"))) == CASES
    base = page.handler.packet.scores[next(iter(page.handler.packet.cases))].seq
    assert page.save(case="1", base_seq=base)["case"]["after_reveal"] is True


def test_a_seal_reveals_nothing_where_the_secretary_does(session):
    page = Page(session)
    assert sealed(page)["revealed_at"] is None
    assert not named(session, page.say("hello"))


def test_open_reading_shows_names_from_the_start_and_tells_no_marks_apart(session):
    page = Page(ruled(session, "open"))
    assert len(named(session, page.welcome)) == CASES
    assert page.save()["case"]["after_reveal"] is False


def test_workbook_without_jupyter_is_blind_until_the_reveal_and_derived_again_after_it(session):
    case = next(iter(build_packet(session.current_state(), "M01").cases.values()))
    before = session.ledger.head()[0]
    blind = WorkbookExports(session).export_workbook("M01", before)
    session.record(REVEALED)
    exports = WorkbookExports(session)
    assert exports.export_workbook("M01", before) == blind  # as it went out, whatever came later
    packet = exports.packet("M01", session.ledger.head()[0])
    assert packet.revealed_at is not None and exports.packet("M01", before).revealed_at is None
    assert exports.export_workbook("M01", session.ledger.head()[0]) != blind
    assert case.id in packet.cases


@pytest.mark.slow
def test_photo_is_the_form_s_upright_picture_and_never_its_stamp(tmp_path):
    folder = make_round(tmp_path)
    (folder / "inbox").mkdir()
    day, stamp = "Mon, {} Aug 2020 09:00:00 +0800".format, synthetic_images.draw_seal("河北演练")
    people = {"测甲某": synthetic_images.draw_photo((1,)), "测乙某": None}
    for number, (name, face) in enumerate(people.items(), start=1):
        body = Individual(name=name, gender="男", employer="测试研究所", story="扎根山村。")
        paper = {"附件2.docx": docx_forms.fill_form(body, photo=face, seal=stamp)}
        data = letter(paper, subject="河北报送材料", sent=day(number), number=number)
        (folder / "inbox" / f"{number}.eml").write_bytes(data)
    session = RoundSession.open(folder, tmp_path / "outputs" / "practice", create=True)
    commands.register_mail(session, lambda done, total: None)
    state = session.current_state()
    shown = {case.name: find_photo(session, state, case) for case in state.screening.cases}
    assert set(shown) == set(people) and shown["测乙某"] is None
    kept = Image.open(io.BytesIO(base64.b64decode(shown["测甲某"].partition(",")[2])))
    assert kept.format == "JPEG" and max(kept.size) == EDGE and kept.width < kept.height


def test_photo_is_refused_before_the_reveal(session, monkeypatch):
    monkeypatch.setattr(
        "kjfp_helpers.panels.scoring.scoring_handler.find_photo", lambda *_: "data:image/jpeg,x"
    )
    page = Page(session)
    assert page.say("photo", case="1")["photo"] is None
    session.record(REVEALED)
    assert page.say("photo", case="1")["photo"] == "data:image/jpeg,x"
    assert not [event for event in session.ledger.events() if isinstance(event.body, ScoreGiven)]
