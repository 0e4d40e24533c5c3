"""The index of perceptual hashes answers as a comparison with every hash before would."""

from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.notice.image_hash import MAX_HAMMING_DISTANCE, PerceptualHashIndex

SKY = 2**256 - 2**192
"""Four even rows at the top, as of a plain sky."""


@st.composite
def hashes(draw):
    """Hashes about three images, some nearer than the limit and some farther."""
    image = draw(st.sampled_from((0x5AA5 << 60, SKY | 0xF0F0, SKY | 0x1234_5678 << 90)))
    width = st.integers(0, MAX_HAMMING_DISTANCE + 3)
    runs = st.builds(lambda start, bits: {*range(start, start + bits)}, st.integers(0, 240), width)
    changed = draw(runs | st.sets(st.integers(0, 255), max_size=MAX_HAMMING_DISTANCE + 3))
    return image ^ sum(1 << bit for bit in changed)


@given(st.lists(hashes(), max_size=12), hashes())
def test_the_first_hash_near_enough_is_found(added, wanted):
    index = PerceptualHashIndex()
    for number, value in enumerate(added):
        index.add(f"{value:064x}", number)
    near = (
        number
        for number, value in enumerate(added)
        if (value ^ wanted).bit_count() <= MAX_HAMMING_DISTANCE
    )
    assert index.find(f"{wanted:064x}") == next(near, None)
    assert index.find("") is None


def test_no_place_of_the_changed_bits_hides_a_hash():
    index = PerceptualHashIndex()
    index.add(f"{SKY:064x}", "sky")
    for step in range(1, 17):
        changed = sum(1 << bit * step for bit in range(MAX_HAMMING_DISTANCE))
        assert index.find(f"{SKY ^ changed:064x}") == "sky"
