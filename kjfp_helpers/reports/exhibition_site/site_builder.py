"""The online exhibition (clause 三(三)) as a folder of plain pages that opens from disk."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.infra.progress import ProgressCallback, ignore_progress
from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.reports.exhibition_site.page_content import (
    ExhibitPage,
    PageFigure,
    build_exhibit_page,
    tile_title,
)
from kjfp_helpers.reports.exhibition_site.web_images import PAGE_EDGE, TILE_EDGE, shrink_images
from kjfp_helpers.rules import Round
from kjfp_helpers.state.exhibition.published_exhibition import PublishedExhibit

MANIFEST = "manifest.txt"
"""Last file written: ``sha256  path`` of every other file of the site, sorted by path."""

_TEMPLATES = Path(__file__).with_name("templates")
_SHEET = "style.css"
_TILE = "tile.jpg"


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
        pages = _write_pages(round, exhibits, received, making, on_progress)
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


def _write_pages(
    round: Round,
    exhibits: Sequence[PublishedExhibit],
    received: ReceivedFolder,
    making: Path,
    on_progress: ProgressCallback,
) -> list[ExhibitPage]:
    figures = _write_figures(exhibits, received, making, on_progress)
    parts = round.notice.exhibition.parts
    pages = [
        build_exhibit_page(parts, one, figures[one.unit.code], mask_personal_numbers)
        for one in exhibits
    ]
    covers = [(page.unit.code, page.figures[0].file) for page in pages if page.figures]
    tiles = [(making / unit / name, making / unit / _TILE) for unit, name in covers]
    shrink_images(tiles, TILE_EDGE, ignore_progress)
    _render_pages(round, pages, making)
    shutil.copyfile(_TEMPLATES / _SHEET, making / _SHEET)
    return pages


def _write_figures(
    exhibits: Sequence[PublishedExhibit],
    received: ReceivedFolder,
    making: Path,
    on_progress: ProgressCallback,
) -> dict[str, list[PageFigure]]:
    """Shrink every picture of every exhibit and return what can be shown, by unit."""
    wanted = [
        (exhibit.unit.code, shown, making / exhibit.unit.code / f"{number:02}.jpg")
        for exhibit in exhibits
        for number, shown in enumerate(exhibit.pictures, 1)
    ]
    jobs = [
        (received.find_stored(shown.picture.stored) or Path("-"), page) for _, shown, page in wanted
    ]
    figures: dict[str, list[PageFigure]] = {one.unit.code: [] for one in exhibits}
    sizes = shrink_images(jobs, PAGE_EDGE, on_progress)
    for (unit, shown, page), size in zip(wanted, sizes, strict=True):
        if size is not None:
            figure = PageFigure(
                name=shown.picture.name,
                file=page.name,
                width=size[0],
                height=size[1],
                caption=shown.caption,
            )
            figures[unit].append(figure)
    return figures


def _render_pages(round: Round, pages: Sequence[ExhibitPage], making: Path) -> None:
    site = template_environment(_TEMPLATES)
    shared = {
        "about": round.notice.round,
        "column": round.notice.exhibition.title,
        "rehearsal": round.rehearsal,
        "unit_title": tile_title,
    }
    arrived = {page.unit.code: page for page in pages}
    halls = [
        (title, [unit for unit in round.units if unit.kind == kind])
        for kind, title in (("province", "省级展区"), ("society", "全国学会展区"))
    ]
    index = site.get_template("index.html.j2")
    text = index.render(shared, root="", halls=halls, arrived=arrived, tile=_TILE)
    (making / "index.html").write_text(text, "utf-8")
    template = site.get_template("unit.html.j2")
    for place, page in enumerate(pages):
        before = pages[place - 1] if place else None
        after = pages[place + 1] if place + 1 < len(pages) else None
        text = template.render(shared, root="../", page=page, before=before, after=after)
        (making / page.unit.code).mkdir(exist_ok=True)
        (making / page.unit.code / "index.html").write_text(text, "utf-8")


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
