"""The online exhibition (clause 三(三)) as a folder of plain pages that opens from disk."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.infra.progress import ProgressCallback, ignore_progress
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.notice.exhibition_hints import cut_personal_numbers
from kjfp_helpers.reports.exhibition_site.page_content import (
    ExhibitPage,
    PageFigure,
    build_exhibit_page,
)
from kjfp_helpers.reports.exhibition_site.site_pages import write_pages
from kjfp_helpers.reports.exhibition_site.web_images import write_web_images
from kjfp_helpers.rules import Round
from kjfp_helpers.state.exhibition.published_exhibition import PublishedExhibit

MANIFEST = "manifest.txt"
"""Last file written: ``sha256  path`` of every other file of the site, sorted by path."""


def write_exhibition_site(
    round: Round,
    exhibits: Sequence[PublishedExhibit],
    received: ReceivedFolder,
    folder: Path,
    on_progress: ProgressCallback = ignore_progress,
) -> int:
    """Write the exhibition: an index, and one page per unit of which anything is public.

    A picture that is no JPEG, or cannot be read to its end, is not shown.

    The site is made beside ``folder`` and takes its place at the end, so that a stop half-way
    leaves the earlier site whole. Files in ``folder`` that no earlier run made are kept.

    Parameters
    ----------
    round : Round
        The rules.
    exhibits : sequence of PublishedExhibit
        What is public, in the order of the index.
    received : Received
        What arrived; ``Picture.stored`` is a path in its folder.
    folder : Path
        Where the site goes.

    Returns
    -------
    int
        How many units have a page.

    Raises
    ------
    OutputError
        When the folder cannot be written.
    """
    making, earlier = (folder.with_name(f".{folder.name}.{word}") for word in ("new", "old"))
    with output_errors(folder):
        _remove_leftovers(folder, making, earlier)
        pages = _make_pages(round, exhibits, received, making, folder, on_progress)
        write_manifest(making)
        _keep_foreign_files(folder, making)
        if folder.exists():
            folder.rename(earlier)
        making.rename(folder)
        shutil.rmtree(earlier, ignore_errors=True)
    return len(pages)


def _remove_leftovers(folder: Path, making: Path, earlier: Path) -> None:
    """Clear what a killed run left behind."""
    shutil.rmtree(making, ignore_errors=True)
    if earlier.exists() and not folder.exists():
        earlier.rename(folder)
    shutil.rmtree(earlier, ignore_errors=True)
    making.mkdir(parents=True)


def _make_pages(
    round: Round,
    exhibits: Sequence[PublishedExhibit],
    received: ReceivedFolder,
    making: Path,
    folder: Path,
    on_progress: ProgressCallback,
) -> list[ExhibitPage]:
    figures = _make_figures(exhibits, received, making, folder, on_progress)
    parts = round.notice.exhibition.parts
    pages = [build_exhibit_page(parts, one, figures[one.unit.code], _clear) for one in exhibits]
    write_pages(round, pages, making)
    return pages


def _clear(text: str) -> str:
    """Return a text that is public; what holds a personal number was never approved."""
    return cut_personal_numbers(text)


def _make_figures(
    exhibits: Sequence[PublishedExhibit],
    received: ReceivedFolder,
    making: Path,
    folder: Path,
    on_progress: ProgressCallback,
) -> dict[str, list[PageFigure]]:
    """Make the pictures of every exhibit and return what can be shown, by unit."""
    wanted = [(exhibit.unit.code, shown) for exhibit in exhibits for shown in exhibit.pictures]
    jobs = [
        (received.find_stored(shown.picture.stored) or Path("-"), shown.picture.sha256, unit)
        for unit, shown in wanted
    ]
    images = write_web_images(jobs, making, folder, read_manifest(folder), on_progress)
    figures: dict[str, list[PageFigure]] = {one.unit.code: [] for one in exhibits}
    for (unit, shown), image in zip(wanted, images, strict=True):
        if image is not None:
            figure = PageFigure(name=shown.picture.name, image=image, caption=shown.caption)
            figures[unit].append(figure)
    return figures


def _list_files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() or path.is_symlink():
            yield path.relative_to(folder).as_posix()


def write_manifest(making: Path) -> None:
    """Write the SHA-256 of every file of the site, one a line."""
    lines = (
        f"{hashlib.sha256((making / name).read_bytes()).hexdigest()}  {name}\n"
        for name in sorted(_list_files(making))
    )
    text = "".join(lines)
    (making / MANIFEST).write_text(text, "utf-8")


def read_manifest(folder: Path) -> dict[str, str]:
    """Return the files of a site with their SHA-256, as its manifest lists them."""
    manifest = folder / MANIFEST
    text = manifest.read_text("utf-8") if manifest.is_file() else ""
    pairs = (line.partition("  ") for line in text.splitlines())
    return {name: sha256 for sha256, _, name in pairs}


def _keep_foreign_files(folder: Path, making: Path) -> None:
    """Carry over what stands in the folder and was made by somebody else."""
    ours = read_manifest(folder).keys() | {MANIFEST}
    for name in _list_files(folder):
        target = making / name
        if name not in ours and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, target, follow_symlinks=False)
