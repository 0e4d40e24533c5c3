"""What was read of one message, before it is known whether it was received before."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import File, Mail, Record

ContentKey = tuple[str, tuple[str, ...]]
"""Message id and SHA-256 of the files: what two copies of a message have in common."""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Identity of a message before it is opened; ``path`` is relative to the round."""

    receipt: int
    path: str
    sha256: str


@dataclass(frozen=True)
class MessageReading:
    """Message, records and loose texts, as if the message were the first of its kind.

    ``files`` are those of the message before their copies were stored; ``copies`` maps the path of
    a copy below the received folder to its SHA-256; ``tools`` maps the programs that its files
    need to their versions.
    """

    mail: Mail
    records: tuple[Record, ...] = ()
    loose: tuple[Record, ...] = ()
    files: tuple[File, ...] = ()
    copies: Mapping[str, str] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)

    @property
    def ref(self) -> MessageRef:
        """Identity of the message."""
        return MessageRef(self.mail.receipt, self.mail.path, self.mail.sha256)

    @property
    def content_key(self) -> ContentKey | None:
        """What a second copy has in common with it; ``None`` for a message without an id."""
        if not self.mail.message_id:
            return None
        return self.mail.message_id, tuple(file.sha256 for file in self.files)

    def as_duplicate_of(self, first: Mail) -> Mail:
        """Return the message as one with the same content as an earlier one."""
        return duplicate_mail(replace(self.mail, files=self.files), first, self.ref)


def duplicate_mail(mail: Mail, first: Mail, ref: MessageRef) -> Mail:
    """Return a message that was received before, with a finding that says so."""
    finding = Finding(
        code="duplicate_mail",
        expected="一件一报",
        found=f"与第{first.receipt}号来件相同",
        source=ref.path,
        unit=first.unit,
    )
    return replace(
        mail,
        receipt=ref.receipt,
        path=ref.path,
        sha256=ref.sha256,
        unit=first.unit,
        findings=(finding,),
    )
