from opencc import OpenCC

from kjfp_helpers.core.searchable_text import simplify_text


def test_every_traditional_word_is_simplified_wherever_it_stands():
    converter = OpenCC("t2s")
    words = [word for _, _, found in converter.dict_cache.values() for word in found]
    assert len(words) > 4000
    for word in words:
        text = f"支持{word}农技协"
        assert simplify_text(text) == converter.convert(text)
    assert simplify_text("反覆瞭解毕节市") == "反复了解毕节市"
