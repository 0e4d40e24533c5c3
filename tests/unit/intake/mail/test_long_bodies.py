"""A message with long bodies is read as the standard library reads it, whatever its shape."""

import base64
import email
from email.policy import compat32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.intake.mail.attachments import iter_attachments
from kjfp_helpers.intake.mail.long_bodies import parse_message
from kjfp_helpers.intake.mail.message import read_message
from support.forms.sample_files import letter
from support.thoroughness import times

LINES = (
    b"",
    b"--edge",
    b"--edge--",
    b"--inner",
    b"--inner--",
    b"--",
    b"plain text",
    b"From somebody",
    b"Subject: one",
    b" folded",
    b"Content-Type: text/plain",
    b"Content-Type: multipart/mixed; boundary=edge",
    b"Content-Type: multipart/mixed; boundary=inner",
    b"Content-Type: message/rfc822",
    b"Content-Type: message/delivery-status",
    b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: BASE64 ",
    b"Content-Transfer-Encoding: quoted-printable",
    b"Content-Transfer-Encoding: uuencode",
    b"KJFPLONGBODY000000",
)
ENDINGS = (b"\n", b"\r\n", b"\r")


def encoded(width, count, last, ending):
    """Return lines of base64 of one width, and a shorter last one."""
    line = (base64.b64encode(bytes(range(256)) * 2))[:width]
    return ending.join([line] * count) + ending + line[:last]


runs = st.builds(
    encoded,
    st.sampled_from([3, 60, 76]),
    st.sampled_from([1, 150, 3000]),
    st.integers(0, 60),
    st.sampled_from(ENDINGS),
)
pieces = st.tuples(st.one_of(st.sampled_from(LINES), runs), st.sampled_from(ENDINGS))
messages = st.lists(pieces, max_size=24).map(
    lambda parts: b"".join(text + ending for text, ending in parts)
)


@st.composite
def multipart(draw):
    """Draw a message of parts, as programs write it, with one kind of line ends."""
    ending = draw(st.sampled_from(ENDINGS[:2]))
    header = [LINES[11], b"", draw(st.sampled_from(LINES))]
    parts = draw(
        st.lists(
            st.tuples(
                st.sampled_from(LINES[10:]),
                st.sampled_from(LINES[15:19]),
                st.builds(
                    encoded,
                    st.sampled_from([60, 76]),
                    st.integers(100, 400),
                    st.integers(0, 60),
                    st.just(ending),
                ),
                st.sampled_from(LINES),
            ),
            min_size=1,
            max_size=4,
        )
    )
    lines = [*header]
    for kind, encoding, run, last in parts:
        lines += [b"--edge", kind, encoding, b"", run, last]
    return ending.join([*lines, draw(st.sampled_from([b"--edge--", b""]))])


def facts(part):
    """Return everything that a part of a message says."""
    payload = part.get_payload()
    return (
        part.items(),
        part.get_unixfrom(),
        part.preamble,
        part.epilogue,
        [type(defect) for defect in part.defects],
        list(map(facts, payload)) if isinstance(payload, list) else part.get_payload(decode=True),
    )


@pytest.mark.slow
@settings(max_examples=times(50, 150), deadline=None)
@given(st.one_of(messages, multipart()))
def test_the_tree_is_that_of_the_standard_library(data):
    assert facts(parse_message(data, compat32)) == facts(email.message_from_bytes(data))


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("spoilt", [b"", b"!", b"\n", b"\r\n\r\n", "中".encode(), b"=", b"=\n"])
def test_an_attachment_comes_back_whole_or_as_before(ending, spoilt):
    content = bytes(range(256)) * 400
    data = letter({"图.jpg": content})
    data = data.replace(b"\r\n", b"\n").replace(b"\n", ending)
    middle = len(data) // 2
    data = data[:middle] + spoilt + data[middle:]
    root, plain = read_message(data).part, email.message_from_bytes(data)
    assert [part.get_payload(decode=True) for part in root.walk()] == [
        part.get_payload(decode=True) for part in plain.walk()
    ]
    if not spoilt:
        assert [file.data for file in iter_attachments(read_message(data))] == [content]


def test_runs_that_turn_out_to_be_none_are_not_read_again_from_their_middle():
    lines = (b"A" * 20 + b"\n" + b"B" * 19 + b"\n\n") * 25_000
    assert parse_message(b"\n" + lines, compat32).get_payload(decode=True) == lines
