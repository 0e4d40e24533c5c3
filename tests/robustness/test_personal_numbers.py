"""Whatever the shape of a personal number, nothing that is shown or handed out holds it."""

import re
import unicodedata
from dataclasses import replace

import pandas as pd
import pytest

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.privacy import (
    has_identity_number,
    mask_number_field,
    mask_personal_numbers,
    replace_personal_numbers,
)
from kjfp_helpers.core.records import File
from kjfp_helpers.eligibility.masked_numbers import mask_finding, mask_version_changes
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.mail.cloud_links import find_cloud_links
from kjfp_helpers.library.frames.frame_shaping import shape_frame
from kjfp_helpers.library.schemas.frame_catalogue import frame_schema
from kjfp_helpers.notice.public_notice import public_table
from kjfp_helpers.reports.data.mail_contents import MailContents
from kjfp_helpers.reports.data.masked_values import mask_value
from kjfp_helpers.reports.formatting import redact_for_unit
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import derive_state
from kjfp_helpers.state.anonymization.anonymizer import Anonymizer
from support.project import RULES
from support.rounds import builders as make
from support.rounds.panels_and_scores import case
from support.rule_cases.case_files import rule_cases, rule_file

CASES = rule_cases("personal_numbers")
INNOCENT = rule_file("personal_numbers")["innocent"]
ROUND = load_round(RULES)
STATE = derive_state(ROUND, make.intake(), ())


def digits(text):
    """Return the digits of a text, X among them, at any width and with nothing between."""
    plain = (str(unicodedata.digit(char, char)) for char in str(text).upper())
    return re.sub("[^0-9X*]", "", "".join(plain).replace("Ｘ", "X"))


def finding(text):
    made = Finding(code="ambiguous", expected=text, found=text, place=text)
    made = mask_finding(made)
    return made.expected + made.found + made.place


def quoted(text):
    return mask_finding(
        Finding(code="ambiguous", expected="", found=quote_for_finding(text, 99))
    ).found


def changed(text):
    frame = mask_version_changes(pd.DataFrame({"old": [text], "new": [text]}))
    return "".join(frame.iloc[0])


def published(text):
    one = case("individual", "61", name=text, employer=text)
    listed = pd.DataFrame({"case": [one.id], "status": ["listed"], "basis": [text]})
    return "".join(map(str, public_table(ROUND, [one], listed).iloc[0]))


def material_names(text):
    name = text.replace("\n", " ").replace("/", "／")
    path = f"{name}.docx"
    mail = replace(make.mail(1), files=(File(path=path, sha256="0" * 64, size=1, kind="unknown"),))
    state = derive_state(ROUND, make.intake(mails=[mail]), ())
    return "".join(part.name for part in MailContents(state).list_parts(mail))


def link(text):
    name = re.sub(r"\s", "", text)
    return find_cloud_links([f"https://pan.baidu.com/s/{name}"], None)[0].url


def in_a_frame(text):
    row = {"receipt": 1, "unit": "61", "sent": None, "received": None, "files": 1, "late": False}
    row |= dict.fromkeys(("unit_name", "sender", "subject", "kinds", "note"), text)
    return "".join(shape_frame(frame_schema("submissions"), [row], ROUND).iloc[0].map(str))


USERS = {
    "free text": mask_personal_numbers,
    "text without numbers": lambda text: replace_personal_numbers(text, "◯◯"),
    "a field for numbers": mask_number_field,
    "a finding": finding,
    "what a finding quotes": quoted,
    "a change between versions": changed,
    "blind reading": Anonymizer(ROUND, case(unit="61")),
    "reading after the reveal": Anonymizer(ROUND, case(unit="61")).contacts,
    "the public notice": published,
    "names of material": material_names,
    "a cloud link": link,
    "a frame for notebooks": in_a_frame,
    "a unit's letter": lambda text: redact_for_unit(text, STATE, "61"),
    "a field on screen": lambda text: mask_value("story", text),
    "a phone on screen": lambda text: mask_value("phone", text),
}


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("known", CASES, ids=[case["shape"] for case in CASES])
def test_no_number_of_any_shape_survives(known, user):
    assert known["secret"] in digits(known["text"])
    assert known["secret"] not in digits(USERS[user](known["text"]))


@pytest.mark.parametrize("text", INNOCENT)
def test_figures_dates_and_paths_stay(text):
    assert mask_personal_numbers(text) == text
    assert replace_personal_numbers(text, "◯◯") == text
    assert not has_identity_number(text)


@pytest.mark.parametrize("known", CASES, ids=[case["shape"] for case in CASES])
def test_captions_with_identity_numbers_alone_are_told(known):
    told = "identity 18" in known["shape"] or "identity 15" in known["shape"]
    assert has_identity_number(known["text"]) == (told or known["shape"] == "two numbers")


@pytest.mark.parametrize("known", CASES, ids=[case["shape"] for case in CASES])
def test_a_finding_is_the_same_one_before_and_after_its_numbers_are_masked(known):
    given = Finding(code="ambiguous", expected="", found=quote_for_finding(known["text"]))
    assert mask_finding(given).fingerprint == given.fingerprint
