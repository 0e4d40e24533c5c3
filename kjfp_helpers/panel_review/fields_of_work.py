"""Fields of work (领域): what a panel member and a nominee say of it, as wide fields of one list.

Both are free text: ``panel.csv`` says 畜牧兽医, a form 肉牛良种繁育. Each is put into the wide
fields whose words it holds; the form's own boxes (种植, 养殖) are among them.
"""

import re
from collections.abc import Mapping

from kjfp_helpers.core.records import Case, Individual, Team

FIELD_WORDS: Mapping[str, re.Pattern[str]] = {
    "种植": re.compile(
        "种植|栽培|作物|园艺|植物|植保|病虫|农艺|土壤|肥料|粮|稻|麦|稞|玉米|豆|薯|芋|菜|瓜|果|橘|橙|桃"
        "|枣|梨|茶|椒|药材|食用菌|木耳|菇|棉|麻|花卉|林"
    ),
    "养殖": re.compile("养殖|畜|牧|兽医|饲料|水产|渔|鱼|虾|蟹|禽|猪|牛|羊|鸡|鸭|鹅|蜂|蚕"),
    "加工": re.compile("加工|食品|保鲜|贮藏|冷链"),
    "健康": re.compile("健康|(?<!兽)医|卫生|护理|疾病|营养"),
    "经营": re.compile("经济|市场|营销|电商|经营|金融"),
}
"""Wide field to the words by which a text belongs to it."""


def find_fields(text: str) -> frozenset[str]:
    """Return the wide fields of a text, none where no word of it is known.

    Examples
    --------
    >>> sorted(find_fields("畜牧兽医")), sorted(find_fields("花椒栽培与加工")), find_fields("")
    (['养殖'], ['加工', '种植'], frozenset())
    """
    return frozenset(name for name, words in FIELD_WORDS.items() if words.search(text))


def fields_of_case(case: Case) -> frozenset[str]:
    """Return the wide fields of a nominee: of a team by its field, else by what else is said.

    What else is said are the boxes of service, and a team's name or a person's title.
    """
    body = case.record.body
    assert isinstance(body, Team | Individual)
    own = find_fields(body.research_field or "") if isinstance(body, Team) else frozenset()
    name = body.team_name if isinstance(body, Team) else body.title
    return own or find_fields(
        " ".join((*body.service_types, body.service_types_other or "", name or ""))
    )
