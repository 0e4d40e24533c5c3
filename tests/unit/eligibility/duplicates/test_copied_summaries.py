from kjfp_helpers.core.records import Section, Summary
from kjfp_helpers.eligibility.duplicates.copied_summaries import find_copied_summaries
from kjfp_helpers.infra.cache import call_uncached
from kjfp_helpers.intake.text_figures.told_numbers import read_told_numbers
from kjfp_helpers.rules import load_round
from support.rounds.builders import record

COPIED = (
    "把专家请到田头，把课堂设在棚里，把协会建在产业链上，让农户看得见样板、算得清账目、学得会手艺。"
    "每到农时季节，专家先到、物资先备、信息先发，协会按村分片、按户建卡，缺什么补什么。事后逐户回访，"
    "问产量、问价格、问难处，记在同一本台账上，年底对着台账一项一项销号，部门少走弯路，农户少担风险。"
    "留下来的是一支带不走的队伍和一套用得上的办法，群众说这样的帮扶实在、管用、长久，年年都盼着来。"
)
FORMULA = (
    "截至2020年7月，支持建设农技协{0}个，组织动员专家{0}0人，带动建档立卡贫困户脱贫{0}00人。"
    "同下达任务相比，支持建设农技协应完成9{0}个，组织动员专家应完成8{0}人，都已完成。"
    "分年看，2019年支持建设农技协{0}个，组织动员专家{0}人，2020年支持建设农技协{0}个，动员专家{0}人。"
)


def summaries(text):
    return [
        record(
            Summary(sections=(Section(heading="", text=f"{first}。{text.format(7 + n)}{last}。"),)),
            unit,
            n,
        )
        for n, (unit, first, last) in enumerate(
            (
                ("61", "高原苹果矮化密植", "今后继续抓冷链"),
                ("62", "稻田养鱼绿色增产", "明年着重育种"),
            ),
            1,
        )
    ]


def copies(round, records):
    return find_copied_summaries(round, records, read_told_numbers(records, call_uncached))


def test_what_all_tell_in_the_words_of_the_notice_is_no_copied_passage(rules_folder):
    round = load_round(rules_folder)
    assert not copies(round, summaries(FORMULA))
    (found,) = copies(round, summaries(FORMULA + COPIED))
    assert {found.one, found.other} == {"61", "62"}
    assert all(one.one_end - one.one_start <= len(COPIED) + 20 for one in found.passages)
