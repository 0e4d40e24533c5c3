"""Facts of a version: two of one name are two facts."""

from kjfp_helpers.reports.data.unit.edition_versions import describe_changes, summarize_edition


def _edition(*states):
    duties = [{"title": "缺章", "about": "甲", "state": state} for state in states]
    people = [
        {"name": "李某", "eligible": True, "state": "可参评", "reasons": "", "status": ""}
    ] * len(states)
    shows = {"pictures": 0, "pictures_ok": 0}
    return {
        "figures": [],
        "completeness": {},
        "summary": {"level": ""},
        "exhibition": shows,
        "nominees": people,
        "duties": duties,
    }


def test_of_namesakes_and_of_two_duties_of_one_title_none_is_lost():
    facts = summarize_edition(_edition("待办", "逾期"))
    assert list(facts) == [
        "推荐：李某",
        "推荐：李某（2）",
        "要办：缺章（甲）",
        "要办：缺章（甲）（2）",
    ]
    later = summarize_edition(_edition("待办"))
    assert describe_changes(facts, later) == ("李某（2）可参评→没有", "办结：缺章（甲）（2）")
