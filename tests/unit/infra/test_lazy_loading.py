"""What is loaded late is what would have been loaded early."""

import pickle
import re

from kjfp_helpers.infra.lazy_loading import lazy_pattern


def test_a_pattern_is_compiled_once_when_it_is_first_used(monkeypatch):
    compiled = []
    compile_now = re.compile
    monkeypatch.setattr(re, "compile", lambda *given: compiled.append(given) or compile_now(*given))
    pattern = lazy_pattern("[a-z]+", re.IGNORECASE)
    assert compiled == []
    assert pattern.findall("甲Ab乙c") == ["Ab", "c"] and pattern.match("甲") is None
    assert (pattern.pattern, pattern.flags & re.IGNORECASE) == ("[a-z]+", re.IGNORECASE)
    assert compiled == [("[a-z]+", re.IGNORECASE)]


def test_a_pattern_goes_to_another_process_used_or_not():
    pattern = lazy_pattern(r"\d+")
    for _ in range(2):
        again = pickle.loads(pickle.dumps(pattern))
        assert again.search("第12条")[0] == "12" == pattern.search("第12条")[0]
