"""The online exhibition (clause 三(三)) as a folder of plain pages that opens from disk."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from os.path import samefile
from pathlib import Path
from typing import NamedTuple

from kjfp_helpers.infra.atomic_files import output_errors, sha256_file
from kjfp_helpers.infra.progress import ProgressCallback, ignore_progress
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.notice.exhibition_hints import cut_personal_numbers
from kjfp_helpers.reports.exhibition_site.article_pages import (
    NEWS_FOLDER,
    PROFILE_FOLDER,
    ArticlePage,
)
from kjfp_helpers.reports.exhibition_site.page_content import (
    PageFigure,
    build_exhibit_page,
    text_cleaner,
    tile_title,
)
from kjfp_helpers.reports.exhibition_site.site_pages import write_pages
from kjfp_helpers.reports.exhibition_site.web_images import WebImage, write_web_images
from kjfp_helpers.rules import Round
from kjfp_helpers.state.exhibition.published_exhibition import (
    PublishedArticle,
    PublishedColumn,
    PublishedExhibit,
)

MANIFEST = "manifest.txt"
"""Last file written: ``sha256  path`` of every other file of the site, sorted by path."""


class SiteResult(NamedTuple):
    """What a run wrote: units with a page, and approved pictures that cannot be shown.

    ``unread`` are the paths of the latter below the received material.
    """

    pages: int
    unshown: tuple[str, ...]
    unread: tuple[str, ...]


def write_exhibition_site(
    round: Round,
    column: PublishedColumn,
    received: ReceivedFolder,
    folder: Path,
    on_progress: ProgressCallback = ignore_progress,
) -> SiteResult:
    """Write the exhibition: an index, and one page per unit of which anything is public.

    A picture that is no JPEG, or cannot be read to its end, is not shown.

    The site is made beside ``folder`` and takes its place at the end, so that a stop half-way
    leaves the earlier site whole. Files in ``folder`` that no earlier run made are kept.

    Parameters
    ----------
    round : Round
        The rules.
    column : PublishedColumn
        What is public.
    received : Received
        What arrived; ``Picture.stored`` is a path in its folder.
    folder : Path
        Where the site goes.

    Returns
    -------
    SiteResult
        How many units have a page, and which approved pictures cannot be shown.

    Raises
    ------
    OutputError
        When the folder cannot be written.
    """
    making, earlier = (folder.with_name(f".{folder.name}.{word}") for word in ("new", "old"))
    with output_errors(folder):
        _remove_leftovers(folder, making, earlier)
        result = _make_pages(round, column, received, making, folder, on_progress)
        write_manifest(making, folder)
        _keep_foreign_files(round, folder, making)
        if folder.exists():
            folder.rename(earlier)
        making.rename(folder)
        shutil.rmtree(earlier, ignore_errors=True)
    return result


def _remove_leftovers(folder: Path, making: Path, earlier: Path) -> None:
    """Clear what a killed run left behind."""
    shutil.rmtree(making, ignore_errors=True)
    if earlier.exists() and not folder.exists():
        earlier.rename(folder)
    shutil.rmtree(earlier, ignore_errors=True)
    making.mkdir(parents=True)


def _make_pages(
    round: Round,
    column: PublishedColumn,
    received: ReceivedFolder,
    making: Path,
    folder: Path,
    on_progress: ProgressCallback,
) -> SiteResult:
    articles = (*column.news, *column.profiles)
    wanted = [
        *((one.unit.code, shown.picture) for one in column.exhibits for shown in one.pictures),
        *((_article_folder(one), picture) for one in articles for picture in one.pictures),
    ]
    jobs = [
        (received.find_stored(picture.stored) or Path("-"), picture.sha256, place)
        for place, picture in wanted
    ]
    made = write_web_images(jobs, making, folder, read_manifest(folder), on_progress)
    images = {
        (place, picture.sha256): image
        for (place, picture), image in zip(wanted, made, strict=True)
        if image is not None
    }
    parts = round.notice.exhibition.parts
    pages = [
        build_exhibit_page(parts, one, _figures(one, images), cut_personal_numbers)
        for one in _with_article_units(round, column)
    ]
    places = {unit.code: place for place, unit in enumerate(round.units)}
    written = [_article_page(one, images, places[one.unit.code]) for one in articles]
    write_pages(round, pages, written, making)
    unshown = [pair for pair, image in zip(wanted, made, strict=True) if image is None]
    return SiteResult(
        len(pages),
        tuple(f"{place}/{picture.name}" for place, picture in unshown),
        tuple(picture.stored for _, picture in unshown),
    )


def _with_article_units(round: Round, column: PublishedColumn) -> Iterator[PublishedExhibit]:
    """Yield the exhibits in the order of the units; a unit with articles alone has an empty one."""
    exhibits = {one.unit.code: one for one in column.exhibits}
    told = {one.unit.code for one in (*column.news, *column.profiles)}
    for unit in round.units:
        if unit.code in exhibits:
            yield exhibits[unit.code]
        elif unit.code in told:
            yield PublishedExhibit(unit=unit, sections={}, pictures=(), figures=None)


def _figures(
    exhibit: PublishedExhibit, images: Mapping[tuple[str, str], WebImage]
) -> list[PageFigure]:
    """Return the pictures of an exhibit that can be shown."""
    return [
        PageFigure(name=shown.picture.name, image=image, caption=shown.caption)
        for shown in exhibit.pictures
        if (image := images.get((exhibit.unit.code, shown.picture.sha256)))
    ]


def _article_folder(article: PublishedArticle) -> str:
    return NEWS_FOLDER if article.kind == "news" else PROFILE_FOLDER


def _article_page(
    article: PublishedArticle, images: Mapping[tuple[str, str], WebImage], unit_place: int
) -> ArticlePage:
    place = _article_folder(article)
    shown = (images.get((place, picture.sha256)) for picture in article.pictures)
    clean = text_cleaner(cut_personal_numbers)
    return ArticlePage(
        article=replace(
            article,
            title=clean(article.title),
            paragraphs=tuple(map(clean, article.paragraphs)),
            awards=clean(article.awards),
        ),
        images=tuple(image for image in shown if image),
        unit_title=tile_title(article.unit),
        unit_place=unit_place,
    )


def _list_files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() or path.is_symlink():
            yield path.relative_to(folder).as_posix()


def write_manifest(making: Path, earlier: Path) -> None:
    """Write the SHA-256 of every file of the site, one a line.

    That of a picture taken over from the earlier site was compared when it was taken over.
    """
    known = read_manifest(earlier)
    names = sorted(_list_files(making))
    lines = (
        f"{known[name] if _is_same(making, earlier, name, known) else sha256_file(making / name)}"
        f"  {name}\n"
        for name in names
    )
    text = "".join(lines)
    (making / MANIFEST).write_text(text, "utf-8")


def _is_same(making: Path, earlier: Path, name: str, known: Mapping[str, str]) -> bool:
    """Whether a file is the earlier site's own by another name."""
    return name in known and (earlier / name).is_file() and samefile(making / name, earlier / name)


def read_manifest(folder: Path) -> dict[str, str]:
    """Return the files of a site with their SHA-256, as its manifest lists them."""
    manifest = folder / MANIFEST
    text = manifest.read_text("utf-8") if manifest.is_file() else ""
    pairs = (line.partition("  ") for line in text.splitlines())
    return {name: sha256 for sha256, _, name in pairs}


def _keep_foreign_files(round: Round, folder: Path, making: Path) -> None:
    """Carry over what somebody else put beside the folders of this program.

    Nothing of a site without a manifest, and nothing below a folder of this program: what was
    taken down must not come back as a file of nobody.
    """
    ours = read_manifest(folder).keys()
    places = {unit.code for unit in round.units} | {NEWS_FOLDER, PROFILE_FOLDER}
    for name in _list_files(folder) if ours else ():
        target = making / name
        is_ours = name in ours or name == MANIFEST or name.partition("/")[0] in places
        if not is_ours and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, target, follow_symlinks=False)
