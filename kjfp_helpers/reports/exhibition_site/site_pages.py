"""Pages of the exhibition from what is public: an index by region, and a page for each unit."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.reports.exhibition_site.article_pages import ArticlePage, write_articles
from kjfp_helpers.reports.exhibition_site.page_content import ExhibitPage, tile_title
from kjfp_helpers.rules import Round

REGIONS: Mapping[str, str] = {
    "华北": "北京 天津 河北 山西 内蒙古",
    "东北": "辽宁 吉林 黑龙江",
    "华东": "上海 江苏 浙江 安徽 福建 江西 山东",
    "中南": "河南 湖北 湖南 广东 广西 海南",
    "西南": "重庆 四川 贵州 云南 西藏",
    "西北": "陕西 甘肃 青海 宁夏 新疆",
}
"""Part of the country to the beginnings of the names of its provinces."""
SOCIETIES, OTHERS = "全国学会", "其他地区"
_TEMPLATES = Path(__file__).with_name("templates")
_SHEET = "style.css"
_DESCRIPTION = 110
"""Characters of a description, as search pages show it."""


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
        "shown_units": {page.unit.code for page in pages},
    }
    shown = tuple(write_articles(site, shared, articles, folder))
    values: dict[str, Any] = {"root": "", "halls": arrange_halls(pages), "articles": shown}
    _write(site, "index", folder / "index.html", shared | values)
    for place, page in enumerate(pages):
        values = {
            "root": "../",
            "page": page,
            "unit_articles": [one for one in articles if one.article.unit == page.unit],
            "description": describe_page(page),
            "before": pages[place - 1] if place else None,
            "after": pages[place + 1] if place + 1 < len(pages) else None,
        }
        _write(site, "unit", folder / page.unit.code / "index.html", shared | values)
    shutil.copyfile(_TEMPLATES / _SHEET, folder / _SHEET)


def _write(site: Any, template: str, path: Path, values: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(site.get_template(f"{template}.html.j2").render(values), "utf-8")


def arrange_halls(pages: Sequence[ExhibitPage]) -> list[tuple[str, list[ExhibitPage]]]:
    """Return the units by part of the country, then the societies; none that is empty."""
    halls: dict[str, list[ExhibitPage]] = {title: [] for title in (*REGIONS, OTHERS, SOCIETIES)}
    for page in pages:
        halls[_hall(page)].append(page)
    return [(title, of_hall) for title, of_hall in halls.items() if of_hall]


def _hall(page: ExhibitPage) -> str:
    if page.unit.kind != "province":
        return SOCIETIES
    region = page.unit.region
    return next(
        (title for title, names in REGIONS.items() if region.startswith(tuple(names.split()))),
        OTHERS,
    )


def describe_page(page: ExhibitPage) -> str:
    """Return what a page is about, from its first words."""
    panels = (block for panel in page.panels for block in panel.blocks)
    blocks = [*page.foreword, *panels, *page.experiences]
    words = "".join(paragraph for block in blocks for paragraph in block.paragraphs)
    return f"{page.title}：{words}"[:_DESCRIPTION]
