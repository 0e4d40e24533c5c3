import pytest

from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.rules import Unit
from support.forms.sample_files import the_round

SENDERS = SenderMatcher(the_round().units)


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("贵州省科协报送材料", "52"),
        ("中国数学会推荐表", "S001"),
        ("北京市科学技术协会转中国数学会", "11"),
        ("北京市科协转中国数学会", ""),
        ("新疆生产建设兵团科协材料", "66"),
        ("材料", ""),
        ("河北、河南", ""),
    ],
)
def test_the_longest_name_tells_the_unit_and_two_alike_tell_none(subject, code):
    assert SENDERS.unit_of_text(subject) == code


def test_a_domain_holds_for_what_lies_below_it_and_nothing_beside():
    unit = Unit(
        code="X",
        name="某会",
        short_name="某会",
        kind="society",
        region="",
        priority=False,
        domains=("kx.example.com",),
        aliases=(),
    )
    senders = SenderMatcher([unit])
    assert senders.unit_of_address("a@mail.KX.example.com") == "X"
    assert senders.unit_of_address("a@badkx.example.com") == ""
    assert senders.unit_of_address("") == ""


def test_a_domain_that_two_units_share_tells_neither():
    units = [
        Unit(
            code=code,
            name=f"某{code}会",
            short_name=f"某{code}会",
            kind="society",
            region="",
            priority=False,
            domains=("cast.example.com",),
            aliases=(),
        )
        for code in "XY"
    ]
    senders = SenderMatcher(units)
    assert senders.unit_of_address("a@cast.example.com") == ""
    assert senders.find_unit(["a@cast.example.com"], ["某Y会材料"]) == "Y"
