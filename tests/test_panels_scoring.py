import pytest
from panel_round import open_round

from kjfp_helpers import panels
from kjfp_helpers.errors import LedgerError
from kjfp_helpers.events import MarkGiven, MarksClosed, Recused
from kjfp_helpers.panels.marksheet import parse_mark
from kjfp_helpers.panels.members import member_progress
from kjfp_helpers.panels.packet import gather


@pytest.fixture
def desk(tmp_path):
    return open_round(tmp_path)


class Screen:
    """What a member sees and presses, found by style class as in the browser."""

    def __init__(self, desk, member="M01"):
        self.widget = panels.scoring(desk, member)

    def all(self, widget=None):
        widget = widget or self.widget
        yield widget
        for child in getattr(widget, "children", ()):
            yield from self.all(child)

    def one(self, name):
        return next(w for w in self.all() if name in getattr(w, "_dom_classes", ()))

    def button(self, words):
        return next(w for w in self.all() if getattr(w, "description", None) == words)

    def text(self):
        return "\n".join(
            str(w.value) for w in self.all() if isinstance(getattr(w, "value", 0), str)
        )

    def mark(self, *marks):
        boxes = [w for w in self.all() if "kj-mark" in getattr(w, "_dom_classes", ())]
        for box, mark in zip(boxes, marks, strict=False):
            box.value = mark
        return boxes

    @property
    def saved(self):
        return self.one("kj-saving").value


def marks(desk):
    return [e for e in desk.ledger.events() if isinstance(e.body, MarkGiven)]


def test_saved_shows_the_number_of_the_event_in_the_ledger(desk):
    screen = Screen(desk)
    screen.mark("80", "85", "90", "75", "70")
    screen.button("保存").click()
    (event,) = marks(desk)
    assert f"已保存 #{event.seq}" in screen.saved
    assert event.actor == event.body.member == "M01"
    ids = [criterion.id for criterion in desk.round.rubric.individual]
    assert event.body.scores == dict(zip(ids, [80, 85, 90, 75, 70], strict=True))


def test_missing_mark_stays_missing(desk):
    screen = Screen(desk)
    boxes = screen.mark("80")
    assert [box.value for box in boxes[1:]] == [""] * 4
    assert "还有 4 项未评" in screen.text()
    screen.button("保存").click()
    assert list(marks(desk)[0].body.scores.values()) == [80]
    assert "已评 0/16" in screen.text()


def test_edit_is_marked_unsaved_until_saved(desk):
    screen = Screen(desk)
    screen.mark("80")
    assert "有改动，未保存" in screen.saved
    screen.button("保存").click()
    assert "有改动" not in screen.saved


def test_total_is_weighted_and_shown_only_when_complete(desk):
    screen = Screen(desk)
    screen.mark("80", "80", "80", "80", "")
    assert "80.00" not in screen.text()
    screen.mark("80", "80", "80", "80", "80")
    assert "80.00" in screen.text()


@pytest.mark.parametrize("button", ["下一件", "下一件未评"])
def test_leaving_a_case_saves_it(desk, button):
    screen = Screen(desk)
    screen.mark("80")
    screen.button(button).click()
    assert len(marks(desk)) == 1
    assert "尚未保存过" in screen.saved


def test_looking_without_editing_records_nothing(desk):
    screen = Screen(desk)
    screen.button("下一件").click()
    screen.button("上一件").click()
    assert marks(desk) == []


def test_failed_save_is_loud_and_stays_on_the_case(desk, monkeypatch):
    def refuse(*_, **__):
        raise LedgerError("记录", expected="可以写入", found="磁盘已满", advice="清理磁盘")

    screen = Screen(desk)
    case = screen.one("kj-card-pane").value
    screen.mark("80")
    monkeypatch.setattr(desk, "record", refuse)
    screen.button("下一件").click()
    assert "未保存" in screen.saved and "磁盘已满" in screen.saved
    assert "已保存" not in screen.saved
    assert screen.one("kj-card-pane").value == case
    monkeypatch.undo()
    screen.button("保存").click()
    assert "已保存 #" in screen.saved


def test_unforeseen_failure_shows_no_text_of_it(desk, monkeypatch):
    def crash(*_, **__):
        raise RuntimeError("评语全文")

    screen = Screen(desk)
    screen.mark("80")
    monkeypatch.setattr(desk, "record", crash)
    screen.button("保存").click()
    assert "未保存" in screen.saved and "评语全文" not in screen.saved


@pytest.mark.parametrize("wrong", ["101", "-1", "八十", "80.5", "nan", "inf"])
def test_mark_off_the_scale_is_refused(desk, wrong):
    screen = Screen(desk)
    screen.mark(wrong)
    screen.button("保存").click()
    assert marks(desk) == []
    assert "未保存" in screen.saved and wrong in screen.saved and "0–100" in screen.saved


def test_half_points_follow_the_step(desk):
    scale = desk.round.rubric.scale.model_copy(update={"step": 0.5})
    assert parse_mark("80.5", scale) == 80.5
    assert parse_mark("80.25", scale) is None


def test_extreme_mark_without_comment_counts_as_given_and_owes_the_comment(desk):
    screen = Screen(desk)
    screen.mark("59", "80", "80", "80", "80")
    assert "待补评语</b>：" in screen.text()
    screen.button("保存").click()
    assert "已评 1/16" in screen.text() and len(marks(desk)) == 1
    assert "待补评语 1 件" in screen.text() and "待补评语" in screen.saved
    (member,) = member_progress(desk.review()).query("member == 'M01'").to_dict("records")
    assert (member["done"], member["owing"]) == (1, 1)
    screen.one("kj-comment").value = "数字无依据"
    screen.button("保存").click()
    assert "已评 1/16" in screen.text() and "待补评语 1 件" not in screen.text()
    assert member_progress(desk.review())["owing"].sum() == 0


def test_cases_that_owe_a_comment_come_after_the_unscored_ones(desk):
    screen = Screen(desk)
    screen.mark("59", "80", "80", "80", "80")
    for _ in range(15):
        screen.button("下一件未评").click()
        screen.mark("80", "80", "80", "80", "80")
    screen.button("下一件未评").click()
    assert "已评 16/16" in screen.text() and "个人 01 号" in screen.one("kj-card-pane").value
    assert not screen.button("下一件未评").disabled


def test_opening_again_lands_on_the_next_unscored_case_with_marks_kept(desk):
    screen = Screen(desk)
    screen.mark("80", "81", "82", "83", "84")
    screen.button("下一件未评").click()
    second = Screen(desk)
    assert "个人 02 号" in second.one("kj-card-pane").value
    second.button("上一件").click()
    assert [box.value for box in second.mark()] == ["80", "81", "82", "83", "84"]
    assert "已保存 #" in second.saved


def test_recused_case_vanishes_from_list_and_counts(desk):
    screen = Screen(desk)
    screen.button("回避…").click()
    screen.button("确认回避").click()
    assert "须写明理由" in screen.saved
    next(
        w for w in screen.all() if getattr(w, "placeholder", "") == "回避理由（必填）"
    ).value = "同单位"
    screen.button("确认回避").click()
    (event,) = [e for e in desk.ledger.events() if isinstance(e.body, Recused)]
    assert f"已保存 #{event.seq}" in screen.saved
    assert "已评 0/15" in screen.text() and "个人 01 号" not in screen.one("kj-card-pane").value
    again = Screen(desk)
    assert "已评 0/15" in again.text()
    assert event.body.case not in gather(desk.review(), "M01").cases


def test_own_marks_only(desk):
    Screen(desk, "M02").mark("99")
    other = Screen(desk, "M02")
    other.mark("88")
    other.button("保存").click()
    assert "88" not in {box.value for box in Screen(desk, "M01").mark()}


def test_case_id_is_never_on_the_screen(desk):
    sent = "".join(str(widget.get_state()) for widget in Screen(desk).all())
    assert not any(case in sent for case in gather(desk.review(), "M01").cases)


def test_unknown_member_is_told_the_nearest(desk):
    text = Screen(desk, "M1").text()
    assert "没有编号为“M1”的评委" in text and "M01" in text


def test_member_without_cases_is_told_so(desk):
    assert "没有分给您" in Screen(desk, "M04").text()


def test_rehearsal_is_marked(desk):
    assert "演练" in Screen(desk).text()


def test_after_closing_the_screen_says_marks_do_not_count(desk):
    desk.record(MarksClosed(reason="到期"))
    assert "评分已截止" in Screen(desk).text()
