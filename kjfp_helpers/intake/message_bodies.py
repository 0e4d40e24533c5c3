"""Forms typed into the bodies of a message: a nomination only where no file of it is one."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS, Individual, PeopleList, Team
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.contents.content_model import FileContent, RecordDraft
from kjfp_helpers.intake.contents.document_content import content_of_people_list, read_typed_form
from kjfp_helpers.intake.files.unpacking import MessageBody
from kjfp_helpers.intake.format_reading import BODY_LOCATION, read_lines, read_typed_text
from kjfp_helpers.intake.mail.quoted_history import own_text
from kjfp_helpers.intake.record_numbering import UnnumberedRecord, record_of_draft
from kjfp_helpers.rules import Notice

_COMPARED_FIELDS = (
    ("people_lifted", "带动脱贫贫困人口数"),
    ("service_days", "服务累计天数"),
    ("expert_count", "团队专家总人数"),
)
"""Numbers that a letter repeats, with their short names."""
_TAG = re.compile("<[^<>]{0,2000}>")
_SIGNATURE_LINES, _MAX_SIGNATURE_CHARS = 6, 80


@dataclass(frozen=True, slots=True)
class _BodyForm:
    """A form in a body.

    ``path`` is that of its message, as in :class:`MessageBody`, and ``folder`` its source;
    ``quoted`` forms are of earlier letters.
    """

    draft: RecordDraft
    source: str
    path: str
    folder: str
    sha256: str
    quoted: bool


@dataclass
class MessageBodies:
    """The forms typed into the bodies of one message, kept until its files are read.

    A covering letter repeats some of a form and never replaces it: a body counts as a nomination
    only where no file of its message has one, and then with a question.
    """

    notice: Notice
    signature_lines: list[str] = field(default_factory=list)
    """First and last lines of the bodies, in which senders name themselves."""
    _forms: list[_BodyForm] = field(default_factory=list)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the rules, which all messages share."""
        return vars(self) | {"notice": None}

    @property
    def has_forms(self) -> bool:
        """Whether any body contains a form."""
        return bool(self._forms)

    def read(self, body: MessageBody, folder: str) -> None:
        """Read a body of the message whose source is ``folder``; the plain text comes first."""
        source = f"{folder}/{BODY_LOCATION}"
        try:
            own = own_text(body.text, body.kind)
            self.signature_lines += _signature_lines(own, body.kind)
            content, quoted = _read_form(own, body.kind, self.notice), False
            if content is None and own != body.text:
                content, quoted = _read_form(body.text, body.kind, self.notice), True
            roster = _read_roster(own, body.kind)
        except Exception as error:
            warn_internal_error(error)
            # A body is usually no material: it may fail to parse, whatever its parser raised.
            return
        known = {form.draft.kind for form in self._forms if form.source == source}
        sha256 = hashlib.sha256(body.text.encode("utf-8", errors="replace")).hexdigest()
        for draft in (*(content.drafts if content else ()), *roster):
            if draft.kind not in known:
                self._forms.append(_BodyForm(draft, source, body.path, folder, sha256, quoted))

    def resolve(
        self, records: Sequence[UnnumberedRecord], has_unread: bool = False
    ) -> tuple[list[UnnumberedRecord], list[Problem]]:
        """Return the bodies that are nominations, and the questions on those that are not.

        Parameters
        ----------
        records : sequence of Record
            What was read from the files of the message.
        has_unread : bool
            Whether material of the message could not be read: a few lines in a body then are the
            letter that goes with the form, and no nomination.

        Returns
        -------
        tuple
            The records, lists of nominees among them, and the problems.
        """
        added: list[UnnumberedRecord] = []
        problems: list[Problem] = []
        for form in self._forms:
            if form.draft.kind == "people_list":
                draft = replace(form.draft, findings=())
                added.append(record_of_draft(draft, form.source, form.sha256))
                name = f"{form.path}/{BODY_LOCATION}".lstrip("/")
                problems += [problem.in_file(name) for problem in form.draft.findings]
                continue
            beside = [record for record in records if _is_beside(form, record)]
            if not beside and has_unread and _is_covering_letter(form):
                title = KIND_TITLES[form.draft.kind]
                shown = quote_for_finding(_shown_name(form.draft.body))
                found = f"正文列有{title}{shown}，推荐表未能读取，暂不计入"
                problems.append(_question(form, "以附件报送可以读取的推荐表", found))
            elif not beside:
                added.append(_record_of_body(form))
            elif form.draft.kind in NOMINEE_KINDS and not form.quoted:
                problems += _compare_with_files(form, beside)
        return added, problems


def _signature_lines(text: str, kind: str) -> list[str]:
    """Return the lines of a letter in which its sender is named: the first ones and the last."""
    plain = _TAG.sub("\n", text) if kind == "html" else text
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    named = [line for line in lines if len(line) <= _MAX_SIGNATURE_CHARS]
    return list(dict.fromkeys((*named[-_SIGNATURE_LINES:], *named[:_SIGNATURE_LINES])))


def _read_form(text: str, kind: str, notice: Notice) -> FileContent | None:
    """Read the form in a body, ``None`` if there is none."""
    if not text.strip():
        return None
    return read_typed_form(read_typed_text(text, html=kind == "html"), notice)


def _read_roster(text: str, kind: str) -> tuple[RecordDraft, ...]:
    """Return the list of nominees in a body, if there is one; other lists tell nothing."""
    if not text.strip():
        return ()
    document = read_typed_text(text, html=True) if kind == "html" else read_lines(text)
    content = content_of_people_list(document, ())
    draft = content.unclassified if content else None
    if content is None or draft is None or not isinstance(draft.body, PeopleList):
        return ()
    return (replace(draft, findings=content.findings),) if draft.body.nominees else ()


def _is_beside(form: _BodyForm, record: UnnumberedRecord) -> bool:
    """Whether a file of the same message has a record of the same sort."""
    is_nomination = form.draft.kind in NOMINEE_KINDS
    sorts = NOMINEE_KINDS if is_nomination else (form.draft.kind,)
    return record.kind in sorts and record.source.startswith(f"{form.folder}/")


def _is_covering_letter(form: _BodyForm) -> bool:
    """Whether a nomination in a body has fewer than half of the fields of its form."""
    kind = form.draft.kind
    fields = next((len(one.fields) for one in FORMS if one.kind == kind), 0)
    return kind in NOMINEE_KINDS and 2 * len(form.draft.provenance) < fields


def _record_of_body(form: _BodyForm) -> UnnumberedRecord:
    """Return the record of a form that only a body contains, with its question."""
    if form.draft.kind not in NOMINEE_KINDS:
        return record_of_draft(form.draft, form.source, form.sha256)
    found = "只见于正文所引用的往来邮件" if form.quoted else "写在邮件正文里，没有附推荐表"
    question = make_problems("form_in_body", "以附件报送推荐表", found)
    draft = replace(form.draft, findings=(*form.draft.findings, *question))
    return record_of_draft(draft, form.source, form.sha256)


def _compare_with_files(form: _BodyForm, records: Iterable[UnnumberedRecord]) -> Iterator[Problem]:
    """Yield a question where a letter says another than the form attached to it."""
    body = form.draft.body
    assert isinstance(body, Team | Individual)
    name = _name(body)
    same_kind = [record for record in records if record.kind == form.draft.kind]
    own = [record for record in same_kind if _name(record.body) == name or not name]
    if not own and name:
        title = KIND_TITLES[form.draft.kind]
        shown = quote_for_finding(_shown_name(body))
        yield _question(
            form, "每个推荐对象都附推荐表", f"正文列有{title}{shown}，未附其推荐表，未计入"
        )
    for record in own[:1]:
        for field_name, title in _COMPARED_FIELDS:
            said = getattr(body, field_name, None)
            filled = getattr(record.body, field_name, None)
            if said is not None and filled is not None and said != filled:
                yield _question(
                    form,
                    "正文与推荐表一致",
                    f"{title}正文写{said}，推荐表填{filled}，按推荐表读取",
                )


def _question(form: _BodyForm, expected: str, found: str) -> Problem:
    return make_problems("form_in_body", expected, found)[0].in_file(form.path)


def _shown_name(body: object) -> str:
    return (body.team_name if isinstance(body, Team) else getattr(body, "name", None)) or ""


def _name(body: object) -> str:
    return alnum_key(_shown_name(body))
