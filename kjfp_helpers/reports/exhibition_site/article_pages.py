"""Pages of news and profiles: a list of each, a page for each article, and the feed of the news."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from kjfp_helpers.reports.exhibition_site.web_images import WebImage
from kjfp_helpers.state.exhibition.published_exhibition import PublishedArticle

NEWS_FOLDER, PROFILE_FOLDER = "news", "profiles"
FEED = "atom.xml"
NOMINEE_TITLES: Mapping[str, str] = {
    "team": "先进团队",
    "individual": "先进个人",
    "": "优秀组织单位和其他",
}
_DESCRIPTION = 110


@dataclass(frozen=True, kw_only=True)
class ArticlePage:
    """An article with the pictures that can be shown."""

    article: PublishedArticle
    images: tuple[WebImage, ...]
    unit_title: str

    @property
    def file(self) -> str:
        """Name of its page."""
        return f"{self.article.id}.html"

    @property
    def folder(self) -> str:
        """Folder of its page, below the site."""
        return NEWS_FOLDER if self.article.kind == "news" else PROFILE_FOLDER

    @property
    def description(self) -> str:
        """What it is about, from its first words."""
        return f"{self.article.title}：{''.join(self.article.paragraphs)}"[:_DESCRIPTION]


def group_by_month(pages: Sequence[ArticlePage]) -> list[tuple[str, list[ArticlePage]]]:
    """Return news by month, the newest first."""
    months = groupby(
        pages, key=lambda page: f"{page.article.day:%Y-%m}" if page.article.day else ""
    )
    return [(f"{month[:4]}年{int(month[5:])}月", list(group)) for month, group in months if month]


def group_by_nominees(pages: Sequence[ArticlePage]) -> list[tuple[str, list[ArticlePage]]]:
    """Return profiles by whom they are about: teams, persons, units."""
    groups = {
        title: [page for page in pages if page.article.nominees == kind]
        for kind, title in NOMINEE_TITLES.items()
    }
    return [(title, of_kind) for title, of_kind in groups.items() if of_kind]


def write_articles(
    site: Any, shared: Mapping[str, Any], pages: Sequence[ArticlePage], folder: Path
) -> Iterator[str]:
    """Write the pages of all articles, their lists and the feed; yield the folders that exist."""
    kinds = (
        (NEWS_FOLDER, "工作动态", group_by_month),
        (PROFILE_FOLDER, "典型事迹", group_by_nominees),
    )
    for name, title, group in kinds:
        of_kind = [page for page in pages if page.folder == name]
        if not of_kind:
            continue
        values = {**shared, "root": "../", "title": title, "groups": group(of_kind)}
        _write(site, "articles.html.j2", folder / name / "index.html", values)
        for page in of_kind:
            values = {**shared, "root": "../", "list_title": title, "page": page}
            _write(site, "article.html.j2", folder / name / page.file, values)
        if name == NEWS_FOLDER:
            updated = max(page.article.decided for page in of_kind)
            values = {**shared, "pages": of_kind, "updated": updated}
            _write(site, "atom.xml.j2", folder / name / FEED, values)
        yield name


def _write(site: Any, template: str, path: Path, values: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(site.get_template(template).render(values), "utf-8")
