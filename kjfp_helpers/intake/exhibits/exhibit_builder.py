"""Build the exhibit of one message from its texts, pictures and captions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kjfp_helpers.core.caption_matching import (
    match_captions,
    normalized_stem,
    parse_caption_list,
    starts_with_picture_name,
)
from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.records import Exhibit, Section
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.contents.content_model import FileContent
from kjfp_helpers.intake.contents.running_text_content import privacy_findings
from kjfp_helpers.intake.documents.sectioned_text import SectionedText
from kjfp_helpers.intake.exhibits.exhibit_candidate import ExhibitFile, name_stem
from kjfp_helpers.intake.record_numbering import UnnumberedRecord
from kjfp_helpers.rules import RequiredSection

UNEXPECTED = "unexpected_type"
"""Code of the finding on a file of a type that no exhibit holds."""


@dataclass
class ExhibitBuilder:
    """Collects the files of one message that may belong to an exhibit, then builds the exhibit.

    ``leftover_problems`` are those in files that belong to no exhibit; ``kind_by_path`` maps
    paths to kinds that are known only when all files are; ``picture_names`` maps the paths of
    pictures to their names in the exhibit; ``loose_texts`` are unclassified texts outside archives,
    which are captions where a picture beside them has their name.
    """

    pictures: list[ExhibitFile] = field(default_factory=list)
    texts: list[ExhibitFile] = field(default_factory=list)
    captions: list[ExhibitFile] = field(default_factory=list)
    others: list[ExhibitFile] = field(default_factory=list)
    loose_texts: list[ExhibitFile] = field(default_factory=list)
    archives: dict[str, None] = field(default_factory=dict)
    leftover_problems: list[Problem] = field(default_factory=list)
    kind_by_path: dict[str, str] = field(default_factory=dict)
    picture_names: dict[str, str] = field(default_factory=dict)

    def add(
        self, content: FileContent, path: str, name: str, sha256: str, size: int, archive: str
    ) -> None:
        """Add a file that may belong to an exhibit; of a JPEG only its own bytes count."""
        own_bytes = content.image.own_bytes if content.image else None
        file = ExhibitFile(
            path,
            name,
            sha256,
            size if own_bytes is None else own_bytes,
            archive,
            content.image,
            content.text,
            content.caption or content.caption_source,
            content.embedded_pictures,
        )
        if archive:
            self.archives[archive] = None
        if content.image is not None:
            self.pictures.append(file)
        elif content.text is not None:
            self.texts.append(file)
        elif content.caption is not None:
            self.captions.append(file)
        elif content.kind == "unknown" and archive:
            self.others.append(file)
        elif content.unclassified is not None and file.caption:
            self.loose_texts.append(file)

    def build_record(
        self,
        subject: str,
        stored_paths: Mapping[str, str],
        sections: Sequence[RequiredSection],
        *,
        forms: bool,
    ) -> UnnumberedRecord | None:
        """Return the exhibit, ``None`` if the files are none; they are then left over.

        Parameters
        ----------
        subject : str
            Subject of the message.
        stored_paths : Mapping
            Path of a file to the path of its copy.
        sections : Sequence
            Required sections of an exhibition text.
        forms : bool
            Whether the message contains recommendation forms.
        """
        if not self._is_exhibit(subject, forms):
            self.leftover_problems = [
                problem.in_file(file.path)
                for file in (*self.pictures, *self.captions)
                for problem in file.leftover_findings()
            ]
            return None
        self.picture_names = self._name_pictures()
        self._take_loose_captions()
        section_names = tuple(word for section in sections for word in section.words)
        listed_captions = self._take_caption_lists(section_names)
        section_files = self._take_section_files(section_names)
        body = self._build_body(stored_paths, section_files, listed_captions)
        source = next(iter(self.archives)) if len(self.archives) == 1 else ""
        if source:
            self.kind_by_path[source] = "exhibit"
        return UnnumberedRecord(
            kind="exhibit",
            source=source,
            sha256="",
            body=body,
            provenance=self._provenance(),
            problems=tuple((problem.path, problem) for problem in self._problems()),
        )

    def _build_body(
        self,
        stored_paths: Mapping[str, str],
        section_files: Sequence[Section],
        listed_captions: Mapping[str, str],
    ) -> Exhibit:
        text_sections = [
            section for file in self.texts if file.text for section in file.text.sections
        ]
        pictures = [
            file.to_picture(self.picture_names[file.path], stored_paths) for file in self.pictures
        ]
        captions = self._add_inline_captions(self._file_captions() | dict(listed_captions))
        return Exhibit(
            sections=(*text_sections, *section_files),
            pictures=tuple(pictures),
            captions=captions,
            others=tuple(file.path for file in self.others),
        )

    def _is_exhibit(self, subject: str, forms: bool) -> bool:
        """Whether the files make an exhibit: a text, a name with 展, or pictures in an archive."""
        if self.texts:
            return True
        if not self.pictures and not self.captions:
            return False
        is_named = any("展" in label for label in (subject, *self.archives))
        in_archive = any(file.archive for file in self.pictures)
        return is_named or (in_archive and not forms)

    def _name_pictures(self) -> dict[str, str]:
        """Map paths of pictures to their names, with the folder where names are not unique."""
        counts = Counter(normalized_stem(file.name) for file in self.pictures)
        names: dict[str, str] = {}
        for file in self.pictures:
            is_unique = counts[normalized_stem(file.name)] == 1
            names[file.path] = (
                file.name if is_unique or not file.folder else f"{file.folder}/{file.name}"
            )
        return names

    def _take_loose_captions(self) -> None:
        """Take the unclassified texts that have the name of a picture as its captions."""
        by_stem = {name_stem(file.name): file for file in self.loose_texts}
        for stem in set(match_captions(self.picture_names.values(), by_stem).values()):
            file = by_stem[stem]
            self.loose_texts.remove(file)
            self.captions.append(file)
            self.kind_by_path[file.path] = "caption"

    def _take_caption_lists(self, section_names: Sequence[str]) -> dict[str, str]:
        """Remove the files that list the captions of several pictures; return these captions.

        A text with a heading among ``section_names`` is no such list.
        """
        names = self.picture_names.values()
        picture_stems = {normalized_stem(name) for name in names}
        captions: dict[str, str] = {}
        for files in (self.captions, self.others, self.texts, self.loose_texts):
            for file in tuple(files):
                if normalized_stem(name_stem(file.name)) in picture_stems:
                    continue
                if file.text and self._has_section(file.text, section_names):
                    continue
                listed = parse_caption_list(file.caption, names)
                if listed:
                    files.remove(file)
                    self.kind_by_path[file.path] = "caption"
                    captions |= {name_stem(name): text for name, text in listed.items()}
        return captions

    def _has_section(self, text: SectionedText, section_names: Sequence[str]) -> bool:
        """Whether a heading that is no caption names a section of an exhibition text."""
        names = self.picture_names.values()
        headings = [line for line in text.headings if not starts_with_picture_name(line, names)]
        return any(name in heading for heading in headings for name in section_names)

    def _take_section_files(self, section_names: Sequence[str]) -> list[Section]:
        """Remove and return the texts that are a section of the exhibition text, no caption."""
        keys = {id(file): self._caption_key(file) for file in self.captions}
        matched = set(match_captions(self.picture_names.values(), keys.values()).values())
        sections = []
        for file in [file for file in self.captions if keys[id(file)] not in matched]:
            first_line = file.caption.strip().partition("\n")[0]
            for heading in (file.folder.rpartition("/")[2], name_stem(file.name), first_line):
                if any(name in heading for name in section_names):
                    self.captions.remove(file)
                    self.kind_by_path[file.path] = "exhibit"
                    sections.append(Section(heading=heading, text=file.caption))
                    break
        return sections

    def _caption_key(self, file: ExhibitFile) -> str:
        """Return the stem of a caption, with its folder if a picture of that name has one."""
        stem = name_stem(file.name)
        with_folder = f"{file.folder}/{stem}"
        picture_stems = map(name_stem, self.picture_names.values())
        return with_folder if with_folder in picture_stems else stem

    def _file_captions(self) -> dict[str, str]:
        """Return the captions of the caption files; those of one picture are joined."""
        captions: dict[str, str] = {}
        for file in self.captions:
            key = self._caption_key(file)
            if key in captions:
                captions[key] = f"{captions[key]}\n{file.caption}"
            else:
                captions[key] = file.caption
        return captions

    def _add_inline_captions(self, captions: Mapping[str, str]) -> dict[str, str]:
        """Add the captions that are lines of the exhibition text."""
        names = self.picture_names.values()
        matched = match_captions(names, captions)
        without_caption = [name for name in names if name not in matched]
        inline: dict[str, str] = {}
        for file in self.texts:
            for line in file.caption.splitlines():
                for name, text in parse_caption_list(line, without_caption).items():
                    inline.setdefault(name_stem(name), text)
        return {**inline, **captions}

    def _provenance(self) -> dict[str, str]:
        """Return the locations of sections and captions."""
        locations = [
            f"{file.path} {location}"
            for file in self.texts
            if file.text
            for location in file.text.locations
        ]
        sections = {f"sections.{index}": location for index, location in enumerate(locations)}
        captions = {f"captions.{self._caption_key(file)}": file.path for file in self.captions}
        return sections | captions

    def _problems(self) -> Iterator[Problem]:
        """Yield the problems in pictures, in files of other types and of embedded pictures."""
        for file in self.pictures:
            for problem in file.image.findings if file.image else ():
                yield problem.at("pictures", self.picture_names[file.path]).in_file(file.path)
        for file in self.captions:
            if file.path in self.kind_by_path:  # read before it was known to be a caption
                for problem in privacy_findings(file.caption, "注释"):
                    yield problem.in_file(file.path)
        for file in self.others:
            yield Problem(
                code=UNEXPECTED,
                expected="文本、JPG图片及其注释",
                found=quote_for_finding(file.name, 40),
                path=file.path,
            )
        files = [file for file in self.texts if file.embedded_pictures]
        if files and not self.pictures:
            count = sum(file.embedded_pictures for file in files)
            yield Problem(
                code="images_only_in_docx",
                expected="图片另附JPG原图文件",
                found=f"{count}张图片只在文档中",
                field="pictures",
                path=files[0].path,
            )
