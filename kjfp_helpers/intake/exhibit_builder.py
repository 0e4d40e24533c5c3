"""The exhibition materials of one message, put together from its texts, pictures and captions."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kjfp_helpers.core.caption_matching import (
    match_captions,
    normalized_stem,
    parse_caption_list,
    starts_with_picture_name,
)
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Exhibit, Picture, Record, Section
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.contents.file_content import FileContent
from kjfp_helpers.intake.documents.sectioned_text import SectionedText
from kjfp_helpers.intake.files.images import ImageInfo
from kjfp_helpers.rules import Head

_SCAN = re.compile("推荐|盘点表|总结|扫描|附件|盖章|scan", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    path: str
    name: str
    sha256: str
    size: int
    archive: str
    image: ImageInfo | None = None
    text: SectionedText | None = None
    caption: str = ""
    embedded: int = 0

    @property
    def folder(self) -> str:
        """Folders around the piece, those inside its archive alone."""
        return self.path.removeprefix(f"{self.archive}/").rpartition("/")[0]


@dataclass
class ExhibitBuilder:
    """Collects the files of one message that may belong to an exhibit, then builds the exhibit.

    ``leftover_findings`` are findings on files that belong to no exhibit; ``kind_by_path`` maps
    paths to kinds that are known only when all files are; ``picture_names`` maps the paths of
    pictures to their names in the exhibit.
    """

    pictures: list[_Piece] = field(default_factory=list)
    texts: list[_Piece] = field(default_factory=list)
    captions: list[_Piece] = field(default_factory=list)
    others: list[_Piece] = field(default_factory=list)
    archives: dict[str, None] = field(default_factory=dict)
    leftover_findings: list[Finding] = field(default_factory=list)
    kind_by_path: dict[str, str] = field(default_factory=dict)
    picture_names: dict[str, str] = field(default_factory=dict)

    def add(
        self, material: FileContent, path: str, name: str, sha256: str, size: int, archive: str
    ) -> None:
        """Take a file that may belong to an exhibit."""
        piece = _Piece(
            path,
            name,
            sha256,
            size,
            archive,
            material.image,
            material.text,
            material.caption or material.caption_source,
            material.embedded_pictures,
        )
        if archive:
            self.archives[archive] = None
        if material.image is not None:
            self.pictures.append(piece)
        elif material.text is not None:
            self.texts.append(piece)
        elif material.caption is not None:
            self.captions.append(piece)
        elif material.kind == "unknown" and archive:
            self.others.append(piece)

    def build_record(
        self, subject: str, stored: Mapping[str, str], parts: Sequence[Head], *, forms: bool
    ) -> Record | None:
        """Return the exhibit, or ``None`` where the pieces make none; these are left over.

        Parameters
        ----------
        subject : str
            Subject of the message.
        stored : Mapping
            Path of a file to where its copy stands.
        parts : Sequence
            Parts of an exhibition text.
        forms : bool
            Whether the message carries recommendation forms.
        """
        if not self._is_exhibit(subject, forms):
            pieces = [*self.pictures, *self.captions]
            self.leftover_findings = [
                replace(one, source=piece.path) for piece in pieces for one in _unsorted(piece)
            ]
            return None
        self.picture_names = names = self._names()
        words = tuple(word for part in parts for word in part.words)
        listed = self._take_lists(names, words)
        parted = self._take_parts(names, words)
        texts = [piece.text for piece in self.texts if piece.text]
        body = Exhibit(
            sections=(*(section for text in texts for section in text.sections), *parted),
            pictures=tuple(_picture(piece, names[piece.path], stored) for piece in self.pictures),
            captions=self._among_words(names, self._captions(names) | listed),
            others=tuple(piece.path for piece in self.others),
        )
        source = next(iter(self.archives)) if len(self.archives) == 1 else ""
        self.kind_by_path |= {source: "exhibit"} if source else {}
        return Record(
            id="",
            kind="exhibit",
            unit="",
            receipt=0,
            source=source,
            sha256="",
            body=body,
            provenance=self._provenance(names),
            findings=self._findings(names),
        )

    def _is_exhibit(self, subject: str, forms: bool) -> bool:
        if self.texts:
            return True
        named = any("展" in words for words in (subject, *self.archives))
        pieces = bool(self.pictures or self.captions)
        in_archive = any(piece.archive for piece in self.pictures)
        return pieces and (named or (in_archive and not forms))

    def _names(self) -> dict[str, str]:
        """Return path to a picture's name, with its folder where several bear one name."""
        counts = Counter(normalized_stem(piece.name) for piece in self.pictures)
        return {
            piece.path: f"{piece.folder}/{piece.name}"
            if piece.folder and counts[normalized_stem(piece.name)] > 1
            else piece.name
            for piece in self.pictures
        }

    def _take_lists(self, names: Mapping[str, str], words: Sequence[str]) -> dict[str, str]:
        """Take the captions out of files that hold those of several pictures.

        ``words`` name the parts of an exhibition text; a text with one of them is no list.
        """
        plain = {normalized_stem(name) for name in names.values()}
        found: dict[str, str] = {}
        for pieces in (self.captions, self.others, self.texts):
            for piece in [one for one in pieces if normalized_stem(_stem(one.name)) not in plain]:
                if piece.text and _has_parts(piece.text, names, words):
                    continue
                listed = parse_caption_list(piece.caption, names.values())
                if listed:
                    pieces.remove(piece)
                    self.kind_by_path[piece.path] = "caption"
                    found |= {_stem(name): text for name, text in listed.items()}
        return found

    def _take_parts(self, names: Mapping[str, str], words: Sequence[str]) -> list[Section]:
        """Take the texts that are no picture's caption but one part of the exhibition text."""
        keys = {id(piece): self._key(piece, names) for piece in self.captions}
        paired = set(match_captions(names.values(), keys.values()).values())
        found = []
        for piece in [one for one in self.captions if keys[id(one)] not in paired]:
            first = piece.caption.strip().partition("\n")[0]
            for heading in (piece.folder.rpartition("/")[2], _stem(piece.name), first):
                if any(word in heading for word in words):
                    self.captions.remove(piece)
                    self.kind_by_path[piece.path] = "exhibit"
                    found.append(Section(heading=heading, text=piece.caption))
                    break
        return found

    def _key(self, piece: _Piece, names: Mapping[str, str]) -> str:
        """Return a caption's name, with its folder where a picture of that name needs one."""
        stem = _stem(piece.name)
        whole = f"{piece.folder}/{stem}"
        return whole if any(_stem(name) == whole for name in names.values()) else stem

    def _captions(self, names: Mapping[str, str]) -> dict[str, str]:
        captions: dict[str, str] = {}
        for piece in self.captions:
            stem = self._key(piece, names)
            captions[stem] = (
                f"{captions[stem]}\n{piece.caption}" if stem in captions else piece.caption
            )
        return captions

    def _among_words(self, names: Mapping[str, str], captions: Mapping[str, str]) -> dict[str, str]:
        """Return the captions with those that stand as lines in the exhibition text."""
        paired = match_captions(names.values(), captions)
        bare = [name for name in names.values() if name not in paired]
        found: dict[str, str] = {}
        for line in (line for piece in self.texts for line in piece.caption.splitlines()):
            for name, words in parse_caption_list(line, bare).items():
                found.setdefault(_stem(name), words)
        return {**found, **captions}

    def _provenance(self, names: Mapping[str, str]) -> dict[str, str]:
        places = [
            f"{piece.path} {place}"
            for piece in self.texts
            if piece.text
            for place in piece.text.locations
        ]
        found = {f"sections.{index}": place for index, place in enumerate(places)}
        captions = {f"captions.{self._key(one, names)}": one.path for one in self.captions}
        return found | captions

    def _findings(self, names: Mapping[str, str]) -> tuple[Finding, ...]:
        found = [
            replace(one, field="pictures", source=piece.path, place=names[piece.path])
            for piece in self.pictures
            if piece.image
            for one in piece.image.findings
        ]
        for piece in self.others:
            for one in make_findings(
                "unexpected_type", "文本、JPG图片及其注释", f"{quote_for_finding(piece.name, 40)}"
            ):
                found.append(replace(one, source=piece.path))
        embedded = [piece for piece in self.texts if piece.embedded]
        if embedded and not self.pictures:
            count = sum(piece.embedded for piece in embedded)
            wanted, came = "图片另附JPG原图文件", f"{count}张图片只在文档中"
            for one in make_findings("images_only_in_docx", wanted, came):
                found.append(replace(one, field="pictures", source=embedded[0].path))
        return tuple(found)


def _has_parts(text: SectionedText, names: Mapping[str, str], words: Sequence[str]) -> bool:
    """Whether headings, captions not counted, name parts of an exhibition text."""
    own = [one for one in text.headings if not starts_with_picture_name(one, names.values())]
    return any(word in heading for heading in own for word in words)


def _unsorted(piece: _Piece) -> tuple[Finding, ...]:
    """Return the finding on a piece of no exhibit: the scan of a form, or a question."""
    if piece.image and piece.image.findings:
        return piece.image.findings
    if piece.image and (_SCAN.search(piece.name) or _is_page(piece.image)):
        return make_findings("scanned", "可读取文字的文件", "扫描件或照片")
    return make_findings("unsorted", "展览素材或推荐表", "看不出用途的图片或文字")


def _is_page(image: ImageInfo) -> bool:
    """Whether a picture has the shape of a sheet of paper (ISO 216), which no camera's has."""
    short, long = sorted((image.width or 1, image.height or 1))
    return 1.39 <= long / short <= 1.44


def _picture(piece: _Piece, name: str, stored: Mapping[str, str]) -> Picture:
    image = piece.image or ImageInfo()
    return Picture(
        name=name,
        sha256=piece.sha256,
        size=piece.size,
        format=image.format,
        width=image.width,
        height=image.height,
        stored=stored.get(piece.path, ""),
        look=image.phash,
    )


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
