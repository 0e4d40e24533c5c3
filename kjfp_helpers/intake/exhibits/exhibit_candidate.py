"""A file of a message that may belong to an exhibit, and what it is without one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.records import Picture
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.documents.sectioned_text import SectionedText
from kjfp_helpers.intake.files.images import ImageInfo

_SCAN_NAME = re.compile("推荐|盘点表|总结|扫描|附件|盖章|scan", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ExhibitFile:
    """A picture, text or caption; ``archive`` is the path of the archive around it, or ``""``."""

    path: str
    name: str
    sha256: str
    size: int
    archive: str
    image: ImageInfo | None = None
    text: SectionedText | None = None
    caption: str = ""
    embedded_pictures: int = 0

    @property
    def folder(self) -> str:
        """Folder of the file inside its archive."""
        return self.path.removeprefix(f"{self.archive}/").rpartition("/")[0]

    def to_picture(self, name: str, stored_paths: Mapping[str, str]) -> Picture:
        """Return the file as a picture of an exhibit, under its name in the exhibit."""
        image = self.image or ImageInfo()
        return Picture(
            name=name,
            sha256=self.sha256,
            size=self.size,
            format=image.format,
            width=image.width,
            height=image.height,
            stored=stored_paths.get(self.path, ""),
            look=image.phash,
            thumb=image.thumb,
            signs=image.signs,
        )

    def leftover_findings(self) -> tuple[Problem, ...]:
        """Return the findings on a file of no exhibit: the scan of a form, or unclassified."""
        if self.image and self.image.findings:
            return self.image.findings
        if self.image and (_SCAN_NAME.search(self.name) or _is_page(self.image)):
            return make_problems("scanned", "可读取文字的文件", "扫描件或照片")
        return make_problems("unsorted", "展览素材或推荐表", "看不出用途的图片或文字")


def name_stem(name: str) -> str:
    """Return a file name without its extension.

    Examples
    --------
    >>> name_stem("图1.培训.jpg")
    '图1.培训'
    """
    return name.rpartition(".")[0] or name


def _is_page(image: ImageInfo) -> bool:
    """Whether an image has the aspect ratio of paper (ISO 216), which no camera has."""
    short, long = sorted((image.width or 1, image.height or 1))
    return 1.39 <= long / short <= 1.44
