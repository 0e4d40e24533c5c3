"""Pages of the exhibition from what is public: an index by region, and a page for each unit."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.reports.exhibition_site.article_pages import (
    NEWS_FOLDER,
    PROFILE_FOLDER,
    ArticlePage,
    write_articles,
)
from kjfp_helpers.reports.exhibition_site.halls import arrange_halls
from kjfp_helpers.reports.exhibition_site.page_content import ExhibitPage, tile_title
from kjfp_helpers.rules import Round

_TEMPLATES = Path(__file__).with_name("templates")
_FILES = ("style.css", "icon.svg")
"""What all pages share."""
_DESCRIPTION = 110
"""Characters of a description, as search pages show it."""
_LATEST = 6
"""Articles of a kind that the index shows."""


def write_pages(
    round: Round, pages: Sequence[ExhibitPage], articles: Sequence[ArticlePage], folder: Path
) -> None:
    """Write the index, the page of each unit and the articles into the folder of the site."""
    site = template_environment(_TEMPLATES)
    shared = {
        "about": round.notice.round,
        "column": round.notice.exhibition.title,
        "rehearsal": round.rehearsal,
        "unit_title": tile_title,
        "round_name": round.name,
    }
    write_articles(site, shared, articles, folder)
    of_folder = {
        name: [one for one in articles if one.folder == name]
        for name in (NEWS_FOLDER, PROFILE_FOLDER)
    }
    values: dict[str, Any] = {
        "root": "",
        "halls": arrange_halls(pages, lambda page: page.unit),
        "articles": of_folder,
        "latest": _LATEST,
    }
    _write(site, "index", folder / "index.html", shared | values)
    for place, page in enumerate(pages):
        values = {
            "root": "../",
            "page": page,
            "articles": {
                name: [one for one in listed if one.article.unit == page.unit]
                for name, listed in of_folder.items()
            },
            "description": describe_page(page),
            "before": pages[place - 1] if place else None,
            "after": pages[place + 1] if place + 1 < len(pages) else None,
        }
        _write(site, "unit", folder / page.unit.code / "index.html", shared | values)
    for name in _FILES:
        shutil.copyfile(_TEMPLATES / name, folder / name)


def _write(site: Any, template: str, path: Path, values: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(site.get_template(f"{template}.html.j2").render(values), "utf-8")


def describe_page(page: ExhibitPage) -> str:
    """Return what a page is about, from its first words."""
    panels = (block for panel in page.panels for block in panel.blocks)
    blocks = [*page.foreword, *panels, *page.experiences]
    words = "".join(paragraph for block in blocks for paragraph in block.paragraphs)
    return f"{page.title}：{words or '工作动态和典型事迹'}"[:_DESCRIPTION]
