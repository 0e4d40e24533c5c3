"""The verdict on a unit: no more than its figures, days and rulings say."""

import pytest

from kjfp_helpers.reports.data.unit.clause_scorecard import score_message
from kjfp_helpers.reports.data.unit.unit_duties import OWED
from kjfp_helpers.reports.data.unit.verdict import compose_verdict

PEERS = {"n": 9, "place": None, "range": None}


def figure(label, state):
    rate = 1.2 if state == "已完成" else None
    return {"label": label, "state": state, "rate": rate, "gap": None, "peers": PEERS}


def facts(*states, duties=(), nominees=(), receipts=("第1号",)):
    labels = ("支持建设农技协", "组织动员专家", "带动脱贫")
    return {
        "duties": duties,
        "nominees": nominees,
        "receipts": receipts,
        "figures": [figure(*pair) for pair in zip(labels, states, strict=True)],
        "unit": {"class": "其他省份"},
        "completeness": {"team": {"arrived": "8月17日逾期1天10小时5分钟"}},
    }


def owed(title, day=""):
    duty = {"order": OWED, "about": title, "title": f"未报送{title}", "wanted": day}
    return {**duty, "how": f"报送{title}", "due_text": "2020年8月27日前", "code": "", "case": ""}


def nominee(state, code):
    one = {"case": "T1", "code": "team", "kind": "先进团队", "name": "甲队", "status": None}
    return {**one, "state": state, "eligible": False, "reason_codes": [code], "reasons": code}


@pytest.mark.parametrize(
    ("states", "verdict", "message"),
    [
        (
            ("已完成", "已完成", "目标未下达"),
            "带动脱贫没有下达目标，不作判断，其余两项已完成",
            "三项目标中两项已完成、一项未下达",
        ),
        (
            ("未填", "已完成", "已完成"),
            "支持建设农技协未填，不能判断，其余两项已完成",
            "三项目标中两项已完成、一项未填",
        ),
        (("目标未下达",) * 3, "任务目标没有下达，不作判断", "三项任务目标均未下达，不作判断"),
    ],
)
def test_what_one_figure_lacks_is_not_said_of_the_others(states, verdict, message):
    unit = facts(*states)
    assert compose_verdict(unit)["sentence"].startswith(verdict)
    assert score_message(unit["figures"], "其他省份") == message


def test_a_last_day_is_over_only_where_the_notice_sets_one():
    both = (owed("盘点表"), owed("展览素材", "原定2020年7月15日，已过"))
    sent = compose_verdict(facts(*["未报送"] * 3, duties=both))
    silent = compose_verdict(facts(*["未报送"] * 3, duties=both, receipts=()))
    assert sent["sentence"].startswith("盘点表、展览素材没有报送，展览素材期限已过")
    assert silent["sentence"].startswith("至今没有收到任何材料，展览素材期限已过")
    assert sent["steps"][0] == "1. 2020年8月27日前（含当日）：报送盘点表。"


@pytest.mark.parametrize(
    ("state", "told"),
    [("暂缓", "未经裁定不参加评审"), ("不参评", "经裁定不参加评审")],
)
def test_a_nominee_who_was_ruled_out_is_not_said_to_wait(state, told):
    sentence = compose_verdict(facts(*["已完成"] * 3, nominees=[nominee(state, "late")]))[
        "sentence"
    ]
    assert f"因逾期1天10小时到件，{told}" in sentence
