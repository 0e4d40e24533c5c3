"""What papers tell of the numbers is the same however many processes read them."""

from kjfp_helpers.core.records import Record, Section, Summary
from kjfp_helpers.infra.cache import MemoryCache, call_uncached
from kjfp_helpers.intake.text_figures import told_numbers


def _summary(number):
    text = f"截至2020年7月，支持建设农技协{number}个。\n带动贫困人口脱贫{100 + number}人。"
    return Record(
        id=f"{number}-1",
        kind="summary",
        unit="11",
        receipt=number,
        source="总结.docx",
        sha256="0",
        body=Summary(sections=(Section(heading="两数完成情况", text=text * (number % 3)),)),
    )


def test_many_documents_tell_in_two_processes_what_they_tell_in_one(monkeypatch):
    records = [_summary(number) for number in range(1, 8)]
    alone = told_numbers.read_told_numbers(records, call_uncached)
    monkeypatch.setattr(told_numbers, "MANY", 2)
    shared = told_numbers.read_told_numbers(records, call_uncached)
    assert list(shared.items()) == list(alone.items())
    assert [*alone] == ["1-1", "2-1", "4-1", "5-1", "7-1"]


def test_a_reading_begun_early_tells_the_same_and_once_known_is_not_begun_again(monkeypatch):
    monkeypatch.setattr(told_numbers, "MANY", 2)
    records, cache = [_summary(number) for number in range(1, 8)], MemoryCache()
    alone = told_numbers.read_told_numbers(records, call_uncached)
    first = told_numbers.begin_told_numbers(records, cache)()
    assert list(first.items()) == list(alone.items())
    monkeypatch.setattr(told_numbers, "begin_in_fork", None)  # would fail
    for _ in range(2):
        assert told_numbers.begin_told_numbers(records, cache)() is first
