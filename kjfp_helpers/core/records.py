"""Records of what units sent: typed values with the source location of each.

Blank is ``None``, never ``0`` and never ``""``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from kjfp_helpers.core.findings import Finding

NomineeKind = Literal["team", "individual"]
"""The two kinds of nominee."""

NOMINEE_KINDS: tuple[NomineeKind, ...] = ("team", "individual")
"""Both, in the order in which they are shown."""

KIND_MEASURES: Mapping[str, str] = {"team": "个", "individual": "名"}
"""Measure word of each kind of nominee."""
KIND_TITLES: Mapping[str, str] = {
    "team": "先进团队",
    "individual": "先进个人",
    "stocktake": "盘点表",
    "summary": "工作总结",
    "exhibit": "展览素材",
    "story_attachment": "事迹附件",
}
"""Chinese names of every kind of record."""

FILE_TITLES: Mapping[str, str] = {
    **KIND_TITLES,
    "archive": "压缩文件",
    "mail": "转发邮件",
    "picture": "图片",
    "caption": "图片注释",
    "people_list": "人员名单",
    "unknown": "未能辨认",
}
"""Chinese names of everything that ``File.kind`` can say."""

STATUS_TITLES: Mapping[str, str] = {
    "listed": "入围",
    "added": "增列",
    "reserve": "候补",
    "out": "未入围",
    "unranked": "未排名",
    "rejected": "表决未通过",
    "vetoed": "否决",
}
"""Chinese names of what becomes of a case, in the order of the list."""
LISTED = ("listed", "added")
"""What becomes of a case that stands on the shortlist."""

Region = tuple[str | None, str | None, str | None, str | None, str | None]
"""Province, city, county, township, village; unknown parts are ``None``."""


@dataclass(frozen=True, kw_only=True)
class Nominee:
    """The columns that Annex 1 and Annex 2 share.

    ``people_lifted`` counts registered poor people (人), ``service_days`` days on the spot
    (天); ``service_types`` and ``service_modes`` hold the option words that were ticked.
    """

    email: str | None = None
    postcode: str | None = None
    address: str | None = None
    regions: tuple[Region, ...] = ()
    service_types: tuple[str, ...] = ()
    service_types_other: str | None = None
    service_modes: tuple[str, ...] = ()
    service_modes_other: str | None = None
    people_lifted: int | None = None
    service_days: int | None = None
    story: str | None = None
    honors: str | None = None
    recommendation: str | None = None
    recommend_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class Team(Nominee):
    """A team recommended on Annex 1."""

    team_name: str | None = None
    research_field: str | None = None
    expert_count: int | None = None
    leader_name: str | None = None
    leader_phone: str | None = None
    leader_title: str | None = None
    expert_names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Individual(Nominee):
    """A person recommended on Annex 2; ``id_number`` and the phones are personal data."""

    name: str | None = None
    gender: str | None = None
    title: str | None = None
    political_status: str | None = None
    id_number: str | None = None
    phone: str | None = None
    employer: str | None = None
    employer_contact: str | None = None
    employer_contact_title: str | None = None
    office_phone: str | None = None
    fax: str | None = None


@dataclass(frozen=True, kw_only=True)
class Stocktake:
    """A unit's own check of the two numbers: targets and what was done.

    A figure is ``None`` for a blank cell and for one in which the unit says that it has none;
    ``marks`` are the words of the latter (``/``, ``无``) by field.
    """

    unit: str | None = None
    assoc_target: int | None = None
    assoc_done: int | None = None
    federations_target: int | None = None
    federations_done: int | None = None
    experts_target: int | None = None
    experts_done: int | None = None
    people_target: int | None = None
    people_done: int | None = None
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Section:
    """One headed part of a text; ``heading`` is ``""`` before the first head."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A unit's work summary since 2016."""

    title: str | None = None
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture file; ``size`` in bytes, ``width`` and ``height`` in pixels.

    ``size`` leaves out what a camera appended to the photo, such as a film.
    ``format`` is read from the content (``JPEG``, ``PNG``, ...), ``None`` when unreadable;
    ``stored`` is where the copy for the exhibition stands, below the output folder; ``look`` is a
    print by which the same picture saved twice is known, ``thumb`` a small grey copy in base64,
    each ``""`` where it has none; ``signs`` are those of an earlier compression or enlargement.
    """

    name: str
    sha256: str
    size: int
    format: str | None
    width: int | None
    height: int | None
    stored: str
    look: str = ""
    thumb: str = ""
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A unit's exhibition materials: text by part, pictures, captions by file stem."""

    sections: tuple[Section, ...] = ()
    pictures: tuple[Picture, ...] = ()
    captions: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StoryAttachment:
    """A nominee's deeds in a file of their own."""

    story: str


@dataclass(frozen=True, kw_only=True)
class ListedPerson:
    """A row of a list: a person or a team; ``kind`` is ``""`` where the list does not say which."""

    name: str
    kind: str = ""
    employer: str | None = None
    people_lifted: int | None = None
    service_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class PeopleList:
    """A list of people, which nominates nobody; ``nominees`` where it lists recommended ones."""

    title: str = ""
    nominees: bool = False
    people: tuple[ListedPerson, ...] = ()


RecordKind = Literal[
    "team",
    "individual",
    "stocktake",
    "summary",
    "exhibit",
    "story_attachment",
    "unsorted",
    "people_list",
]
RecordBody = Team | Individual | Stocktake | Summary | Exhibit | StoryAttachment | PeopleList


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record found in one file.

    ``id`` is ``<receipt>-<serial of the record in that mail>``; ``unit`` is the unit's code
    or ``""`` when nobody knows; ``source`` is the inbox path with inner names joined by ``/``;
    ``unsorted`` and ``people_list`` stand in ``Intake.loose`` alone, with the id
    ``<receipt>-u<number>``;
    ``provenance`` maps a field to its spot in the source (``表1 第3行第2列``, ``盘点!C4``).
    """

    id: str
    kind: RecordKind
    unit: str
    receipt: int
    source: str
    sha256: str
    body: RecordBody
    provenance: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def finding(
        self, code: str, field: str, expected: str, found: str, *, case: str = ""
    ) -> Finding:
        """Return a finding on one of the fields, with where it stands."""
        return Finding(
            code=code,
            unit=self.unit,
            case=case,
            field=field,
            source=self.source,
            place=self.provenance.get(field, ""),
            expected=expected,
            found=found,
        )


@dataclass(frozen=True, kw_only=True)
class File:
    """One attachment or one member of an archive, as it arrived.

    ``path`` joins inner names by ``/``; ``size`` is in bytes; ``stored`` is the safe relative
    path of the copy below the output folder, ``""`` where none was made.
    """

    path: str
    sha256: str
    size: int
    kind: str
    stored: str = ""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One message with its receipt number.

    ``sent`` is the Date header and ``received`` the topmost Received header; either may be
    missing. ``recorded`` is when the secretary says that it came, never read from the message.
    ``findings`` are those of the message itself.
    """

    receipt: int
    path: str
    sha256: str
    message_id: str
    sender: str
    unit: str
    subject: str
    sent: datetime | None
    received: datetime | None
    files: tuple[File, ...] = ()
    findings: tuple[Finding, ...] = ()
    recorded: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Intake:
    """All that arrived: messages in order of receipt, and the records found in them.

    ``loose`` counts for nothing by itself: texts of the kind ``unsorted``, which wait for a person
    to say what they are, and lists of people.
    """

    mails: tuple[Mail, ...] = ()
    records: tuple[Record, ...] = ()
    loose: tuple[Record, ...] = ()


_LETTERS: Mapping[str, NomineeKind] = {"T": "team", "P": "individual"}


def format_receipt_number(number: int) -> str:
    """Return a receipt number as findings and papers cite it.

    Examples
    --------
    >>> format_receipt_number(12)
    '第0012号'
    """
    return f"第{number:04d}号"


def kind_of_case(case_id: str) -> NomineeKind | None:
    """Return the kind that the letter of a case's id names, ``None`` for no such letter."""
    return _LETTERS.get(case_id[:1])


@dataclass(frozen=True, kw_only=True)
class Case:
    """A nomination as it enters the review.

    ``id`` is ``T<unit>-<serial>`` for a team and ``P<unit>-<serial>`` for a person, stable
    under later mail and corrections; ``rank`` is the order in which the unit named it, from 1.
    """

    id: str
    kind: NomineeKind
    unit: str
    name: str
    rank: int
    record: Record
    eligible: bool = True
    reasons: tuple[str, ...] = ()
    """Codes of the findings that keep the case out."""

    @property
    def nominee(self) -> Team | Individual:
        """The form as read."""
        assert isinstance(self.record.body, Team | Individual)
        return self.record.body

    def finding(self, code: str, field: str, expected: str, found: str) -> Finding:
        """Return a finding on one of the form's fields."""
        return self.record.finding(code, field, expected, found, case=self.id)
