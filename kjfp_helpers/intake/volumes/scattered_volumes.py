"""Volumes of one cut archive that came with several messages of a unit, or as files by hand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kjfp_helpers.core.records import format_receipt_number
from kjfp_helpers.intake.inbox_listing import InboxEntry
from kjfp_helpers.intake.mail.attachments import iter_attachments
from kjfp_helpers.intake.mail.message import read_message
from kjfp_helpers.intake.message_reading import MessageReading, MessageRef
from kjfp_helpers.intake.volumes.split_volumes import ALL_VOLUMES, NamedFile, volume_of_file

_SetKey = tuple[str, str, str]
"""Who sent a set, the name of the whole file, and the manner of cutting."""


@dataclass(frozen=True, slots=True)
class SetPart:
    """The volumes of a set that came with one message; ``numbers`` are those of the volumes."""

    entry: InboxEntry
    ref: MessageRef
    files: tuple[NamedFile, ...]
    numbers: tuple[int, ...]

    @property
    def paths(self) -> frozenset[str]:
        """Paths of the volumes in their message."""
        return frozenset(path for path, *_ in self.files)


@dataclass(frozen=True, slots=True)
class ScatteredSet:
    """The parts of one set in order of receipt, at least two."""

    parts: tuple[SetPart, ...]

    @property
    def places_of_others(self) -> str:
        """Where the volumes are that the last message lacks, in Chinese."""
        places = (
            f"第{'、'.join(map(str, sorted(part.numbers)))}卷"
            f"见{format_receipt_number(part.ref.receipt)}来件"
            for part in self.parts[:-1]
        )
        return f"；{'，'.join(places)}"


def find_scattered_sets(
    tasks: Iterable[tuple[InboxEntry, MessageRef]], readings: Mapping[str, MessageReading]
) -> list[ScatteredSet]:
    """Return the sets of which several messages of one sender hold volumes that lack others.

    Parameters
    ----------
    tasks : Iterable
        The messages in order of receipt.
    readings : Mapping
        SHA-256 of a message to what was read of it by itself.
    """
    parts: dict[_SetKey, list[SetPart]] = defaultdict(list)
    for entry, ref in tasks:
        reading = readings[ref.sha256]
        if not any(finding.expected == ALL_VOLUMES for finding in reading.mail.findings):
            continue
        found: dict[_SetKey, list[tuple[int, NamedFile]]] = defaultdict(list)
        for file in _outer_files(entry):
            volume = volume_of_file(file[0], file[2])
            if volume is not None:
                name = volume.whole.rpartition("/")[2].lower()
                key = _owner_of(reading), name, volume.style
                found[key].append((volume.number, file))
        for key, volumes in found.items():
            numbers = tuple(number for number, _ in volumes)
            parts[key].append(SetPart(entry, ref, tuple(file for _, file in volumes), numbers))
    sets = [tuple(one) for one in parts.values() if len(one) > 1]
    return _by_last_message(one for one in sets if not _are_of_two_archives(one))


def _are_of_two_archives(parts: Iterable[SetPart]) -> bool:
    """Whether two messages hold one volume with other content: archives of one name."""
    known: dict[int, bytes] = {}
    return any(
        known.setdefault(number, data) != data
        for part in parts
        for number, (_, _, data, *_) in zip(part.numbers, part.files, strict=True)
    )


def without_volume_findings(reading: MessageReading, paths: Collection[str]) -> MessageReading:
    """Return a reading without the findings on volumes that were joined with other messages."""
    sources = {f"{reading.mail.path}/{path}" for path in paths}
    findings = tuple(
        finding
        for finding in reading.mail.findings
        if finding.expected != ALL_VOLUMES or finding.source not in sources
    )
    return replace(reading, mail=replace(reading.mail, findings=findings))


def _by_last_message(sets: Iterable[tuple[SetPart, ...]]) -> list[ScatteredSet]:
    """Return the sets, those that end with the same message as one: it is read once more."""
    by_last: dict[str, tuple[SetPart, ...]] = {}
    for parts in sets:
        last = parts[-1].ref.sha256
        by_last[last] = (*parts[:-1], *by_last.get(last, parts[-1:]))
    return [ScatteredSet(parts) for parts in by_last.values()]


def _owner_of(reading: MessageReading) -> str:
    """Return who sent a message: its unit, else its address, else the folder of the file."""
    mail = reading.mail
    return mail.unit or mail.sender.lower() or mail.path.rpartition("/")[0]


def _outer_files(entry: InboxEntry) -> Iterator[NamedFile]:
    """Yield the attachments of a message, or the file that lies in the inbox itself."""
    data = entry.read()
    if not entry.is_message:
        name = entry.name.rpartition("/")[2]
        yield name, name, data
        return
    for attachment in iter_attachments(read_message(data)):
        if attachment.forwarded_message is None:
            yield attachment.path, attachment.name, attachment.data
