"""Pages of news and profiles: a list of each, a page for each article, and the feed of the news."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from kjfp_helpers.reports.exhibition_site.halls import arrange_halls
from kjfp_helpers.reports.exhibition_site.web_images import WebImage
from kjfp_helpers.state.exhibition.published_exhibition import PublishedArticle

NEWS_FOLDER, PROFILE_FOLDER = "news", "profiles"
FEED = "atom.xml"
NOMINEE_TITLES: Mapping[str, str] = {
    "team": "先进团队",
    "individual": "先进个人",
    "": "优秀组织单位和其他",
}
_DESCRIPTION, _EXCERPT = 110, 72


@dataclass(frozen=True, kw_only=True)
class ArticlePage:
    """An article with the pictures that can be shown; ``unit_place`` is that of its unit."""

    article: PublishedArticle
    images: tuple[WebImage, ...]
    unit_title: str
    unit_place: int

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

    @property
    def excerpt(self) -> str:
        """Its first words."""
        words = "".join(self.article.paragraphs)
        return f"{words[:_EXCERPT]}……" if len(words) > _EXCERPT else words


@dataclass(frozen=True, kw_only=True)
class ArticleGroup:
    """Articles under a heading, in parts that may have headings of their own, else ``""``."""

    title: str
    parts: tuple[tuple[str, tuple[ArticlePage, ...]], ...]


def group_by_month(pages: Sequence[ArticlePage]) -> list[ArticleGroup]:
    """Return news by month, the newest first."""
    months = groupby(
        pages, key=lambda page: f"{page.article.day:%Y-%m}" if page.article.day else ""
    )
    return [
        ArticleGroup(title=f"{month[:4]}年{int(month[5:])}月", parts=(("", tuple(group)),))
        for month, group in months
        if month
    ]


def group_by_unit(pages: Sequence[ArticlePage]) -> list[ArticleGroup]:
    """Return news by the part of the country and the unit, the newest of a unit first."""
    of_unit: dict[str, list[ArticlePage]] = {}
    for page in pages:
        of_unit.setdefault(page.article.unit.code, []).append(page)
    ordered = sorted(of_unit.values(), key=lambda listed: listed[0].unit_place)
    return [
        ArticleGroup(
            title=title, parts=tuple((listed[0].unit_title, tuple(listed)) for listed in of_hall)
        )
        for title, of_hall in arrange_halls(ordered, lambda listed: listed[0].article.unit)
    ]


def group_by_nominees(pages: Sequence[ArticlePage]) -> list[ArticleGroup]:
    """Return profiles by whom they are about (teams, persons, units), each by region."""
    kinds = (
        (title, [page for page in pages if page.article.nominees == kind])
        for kind, title in NOMINEE_TITLES.items()
    )
    return [
        ArticleGroup(
            title=title,
            parts=tuple(
                (hall, tuple(listed))
                for hall, listed in arrange_halls(of_kind, lambda page: page.article.unit)
            ),
        )
        for title, of_kind in kinds
        if of_kind
    ]


@dataclass(frozen=True, kw_only=True)
class ArticleList:
    """A page that lists articles: its file, what the link to it says, and how they are grouped."""

    file: str
    label: str
    group: Callable[[Sequence[ArticlePage]], list[ArticleGroup]]


_LISTS: Mapping[str, tuple[str, tuple[ArticleList, ...]]] = {
    NEWS_FOLDER: (
        "工作动态",
        (
            ArticleList(file="index.html", label="按时间", group=group_by_month),
            ArticleList(file="units.html", label="按单位", group=group_by_unit),
        ),
    ),
    PROFILE_FOLDER: (
        "典型事迹",
        (ArticleList(file="index.html", label="", group=group_by_nominees),),
    ),
}
"""Folder to the title of its lists, and the lists."""


def write_articles(
    site: Any, shared: Mapping[str, Any], pages: Sequence[ArticlePage], folder: Path
) -> None:
    """Write the pages of all articles, their lists and the feed of the news."""
    for name, (title, lists) in _LISTS.items():
        of_kind = [page for page in pages if page.folder == name]
        if not of_kind:
            continue
        is_news = name == NEWS_FOLDER
        common = {**shared, "root": "../", "title": title, "lists": lists, "is_news": is_news}
        for one in lists:
            values = {**common, "here": one, "groups": one.group(of_kind)}
            _write(site, "articles.html.j2", folder / name / one.file, values)
        for place, page in enumerate(of_kind):
            values = {
                **common,
                "page": page,
                "before": of_kind[place - 1] if place else None,
                "after": of_kind[place + 1] if place + 1 < len(of_kind) else None,
            }
            _write(site, "article.html.j2", folder / name / page.file, values)
        if is_news:
            updated = max(page.article.decided for page in of_kind)
            values = {**shared, "pages": of_kind, "updated": updated, "name_entry": name_entry}
            _write(site, "atom.xml.j2", folder / name / FEED, values)


def name_entry(round: str, id: str) -> str:
    """Return the lasting name of an entry of the feed, whatever characters the round has.

    Examples
    --------
    >>> name_entry("2020", "news")
    'urn:uuid:8061db4e-aa38-59db-a2e4-895a09474d46'
    """
    return uuid.uuid5(uuid.NAMESPACE_URL, f"kjfp:{round}:{id}").urn


def _write(site: Any, template: str, path: Path, values: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(site.get_template(template).render(values), "utf-8")
