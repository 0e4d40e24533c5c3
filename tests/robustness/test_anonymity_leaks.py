"""No packet names its unit: attacks with all that the product publishes find no more than chance.

Chance is the best guess that knows which kind of unit a case is of and how many cases each has:
hits stay at or below its 99.9% binomial bound.
"""

import json
import re

import pytest

from kjfp_helpers import commands
from kjfp_helpers.panels.scoring.case_card import render_case_card
from kjfp_helpers.rehearsal.generator.text_generator import load_sentences
from kjfp_helpers.state.anonymization.anonymized_case import anonymize_case
from kjfp_helpers.state.anonymization.stocktake_comparison import EXCEEDS, check_against_unit
from kjfp_helpers.state.panel.packet_building import build_packet, build_packets
from support.hostile.unit_attack import (
    CHANNELS,
    attack,
    bound,
    case_texts,
    chance,
    find_in,
    hidden_words,
    plain,
    public_pages,
)
from support.rounds.leak_round import make_leak_round, silent

EXPORTED = ("M01", "M02")


class Attacked:
    """A round under attack: its packets' texts by case, the public pages, and the truth."""

    def __init__(self, session):
        self.session, self.state = session, session.current_state()
        self.pages = public_pages(session.outputs, self.state.round.units)
        for case in self.state.screening.cases:  # more than any public notice will name
            employer = getattr(case.nominee, "employer", None) or ""
            self.pages[case.unit] += f" {case.name} {employer}"
        self.unit_of = {case.id: case.unit for case in self.state.screening.eligible_cases}
        self.group_of = {unit.code: unit.quota for unit in self.state.round.units}

    def cards(self):
        return {
            case.id: plain(render_case_card(self.state, case, "01 号"))
            for case in self.state.screening.eligible_cases
        }

    def shows(self, case):
        """Whether the unit has a page in the exhibition."""
        return (self.session.outputs / "exhibition" / self.unit_of[case] / "index.html").exists()

    def most(self, cases):
        return bound(chance(cases, self.unit_of, self.group_of), len(cases))

    def hits(self, texts):
        return attack(texts, self.unit_of, self.group_of, self.pages)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    session = make_leak_round(tmp_path_factory.mktemp("leaks"))
    assert not commands.export_workbooks(session, silent, members=EXPORTED).failed
    commands.issue_notebooks(session, silent, members=EXPORTED)
    yield Attacked(session)
    session.close()


@pytest.fixture(scope="module")
def cards(attacked):
    return attacked.cards()


def told_totals(attacked, case):
    """What packets printed once: the unit's totals."""
    row = attacked.state.screening.stocktake.set_index("unit").loc[attacked.unit_of[case]]
    return " ".join(
        f"{int(row[name]):,}" for name in ("people_done", "experts_done") if row[name] > 0
    )


def test_the_attack_finds_nearly_every_unit_whose_totals_are_printed(attacked, cards):
    """As packets once were: 156 of 174 cases were found by their totals."""
    told = {
        case: f"{text} {totals}"
        for case, text in cards.items()
        if (totals := told_totals(attacked, case)) and attacked.shows(case)
    }
    assert len(told) > 150 and attacked.hits(told)["numbers"] > 0.9 * len(told)


def test_the_attack_finds_units_by_names_that_are_not_masked(attacked):
    told = {
        case.id: f"{case.name} {case.nominee.regions} {case.nominee.story}"
        + str(getattr(case.nominee, "employer", ""))
        for case in attacked.state.screening.eligible_cases
    }
    hits = attacked.hits(told)
    assert min(hits["places"], hits["rows"]) > attacked.most(told)


@pytest.mark.parametrize("group", ["priority", "other", "society", ""])
def test_numbers_and_names_of_a_card_tell_no_unit(attacked, cards, group):
    some = {
        case: text
        for case, text in cards.items()
        if attacked.group_of[attacked.unit_of[case]].startswith(group)
    }
    hits = attacked.hits(some)
    assert len(some) > 10 and max(hits["numbers"], hits["places"]) <= attacked.most(some)


@pytest.mark.parametrize("channel", ["numbers", "places"])
def test_that_a_page_shares_nothing_tells_nothing_either(attacked, cards, channel):
    """What is masked is what the own page prints; so the attacker draws among pages with least."""
    found = 0.0
    for case, text in cards.items():
        shared = {
            unit: len(CHANNELS[channel](text) & find_in(page, channel))
            for unit, page in attacked.pages.items()
            if attacked.group_of[unit] == attacked.group_of[attacked.unit_of[case]]
        }
        least = [unit for unit, count in shared.items() if count == min(shared.values())]
        found += (attacked.unit_of[case] in least) / len(least)
    assert found <= attacked.most(cards)


def test_wording_of_a_card_tells_nothing_but_its_subject(attacked, cards):
    crops = re.compile("|".join(sorted(load_sentences()["crops"], key=len, reverse=True)))
    without = {case: crops.sub("", text) for case, text in cards.items()}
    pages = {unit: crops.sub("", page) for unit, page in attacked.pages.items()}
    hits = attack(without, attacked.unit_of, attacked.group_of, pages)
    assert hits["rows"] <= attacked.most(cards)


def test_the_check_against_the_stock_take_narrows_no_unit_down(attacked):
    """Of the units of its kind whose public total fits what is told, the attacker draws one."""
    state, found = attacked.state, 0.0
    totals = state.screening.stocktake.set_index("unit")["people_done"]
    for case in state.screening.eligible_cases:
        claimed = case.nominee.people_lifted
        told = {
            unit: check_against_unit(claimed, None if total != total else int(total))
            for unit, total in totals.items()
            if attacked.group_of[unit] == attacked.group_of[case.unit]
        }
        found += 1 / sum(answer == told[case.unit] for answer in told.values())
    assert found <= attacked.most(list(attacked.unit_of))


@pytest.mark.parametrize("member", EXPORTED)
def test_a_workbook_tells_no_unit_by_text_parts_or_properties(attacked, member):
    path = attacked.session.outputs / "packets" / f"{member}.xlsx"
    packet = build_packet(attacked.state, member)
    ids = {packet.label(case): case for case in packet.cases}
    texts = {ids[label]: text for label, text in case_texts(path).items()}
    assert len(texts) == len(ids)
    hits = attacked.hits(texts)
    assert max(hits["numbers"], hits["places"]) <= attacked.most(list(texts))
    assert telling_words(attacked, hidden_words(path)) == []


@pytest.mark.parametrize("member", EXPORTED)
def test_a_notebook_holds_nothing_of_any_case(attacked, member):
    text = (attacked.session.outputs / "packets" / f"{member}.ipynb").read_text("utf-8")
    assert not any(cell.get("outputs") for cell in json.loads(text)["cells"])
    assert telling_words(attacked, text) == []


def telling_words(attacked, text):
    """Return names, places and ids of any nomination or unit that stand in a file; ties apart."""
    words = set()
    for case in attacked.state.screening.cases:
        places = {part for region in case.nominee.regions for part in region[1:] if part}
        words |= {case.id, case.name, *places, getattr(case.nominee, "employer", None) or ""}
    declared = {unit.name for unit in attacked.state.round.units}
    return sorted(word for word in words - declared if len(word) > 2 and word in text)


def test_the_order_of_a_packet_follows_no_order_of_units(attacked):
    from scipy.stats import spearmanr

    turn = {unit.code: number for number, unit in enumerate(attacked.state.round.units)}
    for packet in build_packets(attacked.state).values():
        for kind in ("team", "individual"):
            units = [turn[case.unit] for case in packet.cases.values() if case.kind == kind]
            assert spearmanr(range(len(units)), units).pvalue > 1e-4


def test_no_public_page_prints_a_number_that_a_packet_prints_beside_it(attacked):
    traces = attacked.state.screening.public_traces
    for case in attacked.state.screening.eligible_cases:
        blind = anonymize_case(attacked.state, case)
        text = "\n".join(filter(None, [blind.story, blind.honors, *map(str, blind.figures)]))
        assert [text[a:b] for a, b in traces.find_spans(case.unit, text)] == []


def test_a_claim_beyond_the_unit_is_told_without_the_units_total(attacked):
    over = [f for f in attacked.state.screening.findings if f.code == "claim_over_unit"]
    assert over
    for finding in over:
        case = attacked.state.screening.case_by_id[finding.case]
        card = plain(render_case_card(attacked.state, case, "01 号"))
        total = re.search(r"\d+", finding.expected)[0]
        assert EXCEEDS in card and total not in card and f"{int(total):,}" not in card


def test_words_copied_from_another_nomination_are_masked_with_its_names(attacked):
    """A card once showed 午辰县壬子乡 in deeds taken over from another province."""
    assert attacked.state.screening.overlaps
    for overlap in attacked.state.screening.overlaps:
        for own, other in ((overlap.one, overlap.other), (overlap.other, overlap.one)):
            case = attacked.state.screening.case_by_id[other]
            told = {part for region in case.nominee.regions for part in region if part}
            card = plain(
                render_case_card(attacked.state, attacked.state.screening.case_by_id[own], "01 号")
            )
            assert [word for word in {case.name, *told} if word in card] == []
