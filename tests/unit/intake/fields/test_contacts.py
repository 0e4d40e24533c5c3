import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.fields import contacts


def codes(reading):
    return [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    "text",
    [
        "13900000000",
        "010-62345678",
        "0851-8888888",
        "（0851）88888888",
        "400-810-1234",
        "13900000000/010-62345678",
        "139 0000 0000",
        "+86 13900000000",
    ],
)
def test_phones_of_china_are_valid(text):
    assert codes(contacts.read_phone(text)) == []


@pytest.mark.parametrize("text", ["1390000000", "12345", "电话待定1", "23900000000"])
def test_other_phones_are_found(text):
    assert codes(contacts.read_phone(text)) == ["phone_invalid"]


@pytest.mark.parametrize("text", ["无传真", "没有传真号码。", "未装传真", "暂无办公电话"])
def test_an_answer_that_there_is_no_number_is_blank(text):
    assert (contacts.read_phone(text).value, codes(contacts.read_phone(text))) == (None, [])


@pytest.mark.parametrize("text", ["同办公电话", "同上", "与手机号码相同", "同电话。"])
def test_an_answer_that_points_to_another_number_is_asked_about(text):
    assert codes(contacts.read_phone(text)) == ["ambiguous"]


@pytest.mark.parametrize("remark", ["（微信同号）", "本人", "（办公室）"])
def test_a_remark_on_a_line_of_its_own_is_no_part_of_the_number(remark):
    assert contacts.read_phone(f"19900000002\n{remark}").value == "19900000002"
    assert contacts.read_phone(f"{remark}\n0851-85000001").value == "0851-85000001"


def test_the_names_of_two_numbers_ahead_of_one_are_left_out():
    assert contacts.read_phone("电话/传真：0851-85000001").value == "0851-85000001"


@pytest.mark.parametrize("text", ["a@b.cn", "ａ@b.com.cn", "x.y-z@a-b.org.cn"])
def test_addresses_are_valid(text):
    assert codes(contacts.read_email(text)) == []


def test_an_address_copied_from_a_link_and_a_hyphen_that_never_breaks():
    assert contacts.read_email("mailto:a@b.cn").value == "a@b.cn"
    assert contacts.read_phone("0851\u201128000002").value == "0851-28000002"


@pytest.mark.parametrize("text", ["a@b", "a b.cn", "@b.cn", "a@-b.cn", "a@b..cn"])
def test_broken_addresses_are_found(text):
    assert codes(contacts.read_email(text)) == ["email_invalid"]


@pytest.mark.parametrize("text", ["12345", "1234567", "abc123"])
def test_a_postcode_has_six_digits(text):
    assert codes(contacts.read_postcode(text)) == ["postcode_invalid"]


@pytest.mark.parametrize(
    "text", ["１０００３８", "100 038", "邮编：100038", "100038（北京）", "1 0 0 0 3 8"]
)
def test_a_postcode_in_any_hand_is_its_six_digits(text):
    reading = contacts.read_postcode(text)
    assert (reading.value, codes(reading)) == ("100038", [])


MOBILE = st.integers(13_000_000_000, 19_999_999_999).map(str)
FIXED = st.builds(
    "{}-{}".format,
    st.sampled_from(["010", "021", "0851", "0859"]),
    st.integers(2_000_000, 99_999_999).filter(lambda n: str(n)[0] != "1"),
)
PHONES = [
    "{}",
    "{}（手机）",
    "电话：{}",
    "王强 {}",
    "+86 {}",
    "0086-{}",
    "{}。",
    "{}/010-62345678",
    "{}或13900000000",
    "{}\n13900000000",
    "办：010-62345678 手机：{}",
]


@given(MOBILE, st.sampled_from(PHONES))
def test_a_mobile_in_any_hand_is_valid_and_kept(number, way):
    for typed in (
        number,
        f"{number[:3]} {number[3:7]} {number[7:]}",
        f"{number[:3]}-{number[3:7]}-{number[7:]}",
    ):
        reading = contacts.read_phone(way.format(typed))
        assert codes(reading) == []
        assert number in "".join(sign for sign in reading.value if sign.isdigit())


@given(FIXED, st.sampled_from(["{}", "{}转801", "{}-801", "{}分机801", "（办）{}", "{}（办）"]))
def test_a_fixed_line_in_any_hand_is_valid(number, way):
    area, _, rest = number.partition("-")
    for typed in (number, f"({area}){rest}", f"{area} {rest}", f"{area}—{rest}", area + rest):
        assert codes(contacts.read_phone(way.format(typed))) == []


@given(MOBILE, st.sampled_from(["{}", "{}、13900000000", "手机：{}"]), st.integers(1, 10))
def test_a_number_that_lost_or_changed_a_digit_is_told(number, way, at):
    for broken in (number[:at] + number[at + 1 :], number[:at] + "O" + number[at + 1 :]):
        assert codes(contacts.read_phone(way.format(broken))) == ["phone_invalid"]


ADDRESS = st.from_regex(
    r"[a-z][a-z0-9_]{1,8}@[a-z]{2,8}\.(?:cn|com|org\.cn)", fullmatch=True
).filter(lambda text: "xxx" not in text and text.isascii())


@given(
    ADDRESS, st.sampled_from(["{}", "邮箱：{}", "{}（办公室）", "{}。", "<{}>", " {} ", "Email:{}"])
)
def test_an_address_in_any_hand_is_that_address(address, way):
    reading = contacts.read_email(way.format(address))
    assert (reading.value, codes(reading)) == (address, [])


@given(ADDRESS, ADDRESS, st.sampled_from("；;、，,/ \n或"))
def test_two_addresses_are_kept_as_typed(one, other, gap):
    reading = contacts.read_email(one + gap + other)
    assert codes(reading) == []
    assert one in reading.value and other in reading.value


@given(ADDRESS, st.sampled_from(["#", "", ",", "@@", " "]))
def test_an_address_without_its_sign_is_told(address, sign):
    assert codes(contacts.read_email(address.replace("@", sign))) == ["email_invalid"]


@given(st.text(max_size=40))
def test_no_text_stops_the_readers(text):
    for reader in (contacts.read_phone, contacts.read_email, contacts.read_postcode):
        reader(text)
