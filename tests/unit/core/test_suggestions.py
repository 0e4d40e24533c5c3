"""A mistyped word is answered with the word that was meant, else with what there is."""

import pytest

from kjfp_helpers.core.suggestions import nearest_word, suggest


@pytest.mark.parametrize(("word", "meant"), [("chekc", "check"), ("inteke", "intake"), ("x", None)])
def test_the_most_similar_known_word_is_suggested(word, meant):
    assert nearest_word(word, ("check", "intake", "run")) == meant


def test_where_nothing_is_similar_at_most_twelve_known_words_are_listed():
    known = [f"{number:02}" for number in range(20)]
    assert suggest("甲", known) == f"可用：{'、'.join(known[:12])}等20个"
    assert suggest("甲", known[:12]) == f"可用：{'、'.join(known[:12])}"
