r"""Patterns of Chinese wording around a figure of the two numbers.

A clause is matched with the figure as ``\0`` and any other figure as ``\1``.
"""

import re
from collections.abc import Mapping

HINT = re.compile("农技协|技术协会|联合会|专家|科技人员|科技工作者|贫")
"""What every sentence holds that tells a figure of the two numbers."""
OWN_MEASURES: Mapping[str, tuple[str, ...]] = {
    "assoc": ("个", "家", ""),
    "federations": ("个", "家", ""),
    "experts": ("人", "名", "位", "", "人次"),
    "people": ("人", "名", "位", "口", "", "户", "人次"),
}
"""Measures of a figure that may be of the indicator, some of them of another quantity."""
_ASSOC = (
    r"(?<!中国)农(?:技|村专业技术)协(?:会)?(?:组织)?(?!联合会|会员)"
    r"|(?<!科学)专业技术协会(?!联合会|会员)"
)
_FEDERATION = r"(?:农技协|农村专业技术协会|技术协会)联合会"
_BUILD = (
    r"支持|建设|建成|建起|组建|扶持|帮扶|帮建|援建|助建|共建|培育|建立|发展|成立|创建|创办|兴办"
)
_EXPERT = r"专家(?!组|团|服务团|库|工作站|大院|委员会|教授团队)|科技人员|科技工作者"
_MOBILISE = r"组织|动员|发动|选派|派出|投入|参与|参加"
_LIFT = r"带动|帮助|帮扶|帮带|助力|助推|推动|促进|[使让]|实现"
_OUT = (
    r"(?:脱贫(?!攻坚|地区|[县村乡]|致富|产业|任务|工作|成效|标准|带头|户\0)"
    r"|摘帽|脱了贫|越过贫困线|稳定增收脱贫|(?:摆脱|脱离|告别|走出|远离|退出)了?贫[困穷](?![县村乡地])"
    r"|(?:摘掉|摘下|摘去|甩掉|脱掉|丢掉)了?[^，\0\1]{0,4}帽|走上了?脱贫)"
)
_SAID = (
    r"(?:队伍|力量)?(?:数量|总数|总量|规模|人数|数)?(?:的?(?:目标|任务)(?:数|任务)?)?(?:已|共|累计|总计|合计)?"
    r"(?:达到|达|为|有|是|共|计|累计|约|近|[:：])*[^\0\1，]{0,3}"
)
_TOTAL = r"(?:总数|总人数|总量|规模|数量|数)(?:为|是|有|达到?|计|约|将?近|超过?|逾)*"
_GROWN = (
    r"(?:增加到|增至|发展到|扩大到|壮大到|上升到)"
    r"(?:了|将?近|约|(?:目前|现在|如今|今天|现有)的?)*"
)
_LABELLED = (
    rf"(?:累计|总计|合计|共计|先后|实际|已|共)*(?:{_BUILD}|{_MOBILISE}|带动|帮助|帮扶|实现)*"
    r"(?:完成|脱贫|达到?|了)*"
)
"""What stands between a label and its number: 专家：累计动员120名."""
SUBJECTS: Mapping[str, re.Pattern[str]] = {
    "federations": re.compile(
        rf"(?:{_FEDERATION}|(?<=[和及、])联合会){_SAID}\0|\0[^\0\1、]{{0,4}}(?:{_FEDERATION})"
    ),
    "assoc": re.compile(
        rf"(?:{_BUILD})[^\0\1]{{0,8}}(?:{_ASSOC}){_SAID}\0"
        rf"|(?:{_BUILD})[^\0\1]{{0,8}}\0[^\0\1、]{{0,4}}(?:{_ASSOC})"
        rf"|(?:{_ASSOC})(?:支持|建设|扶持|发展)?(?:数量|总数|总量|数)[\1]?{_SAID}\0|(?:{_ASSOC})(?:已|累计|共)(?:{_BUILD})?{_SAID}\0"
        rf"|(?:{_ASSOC})[^\0]{{0,20}}{_GROWN}\0|(?:{_ASSOC})[^\0\1，]{{0,6}}{_TOTAL}\0"
        rf"|\0(?:{_ASSOC})[^\0\1]{{0,10}}(?:{_BUILD}|壮大)"
        rf"|(?:^|[、和及\d.．）)—])(?:{_ASSOC})[:：为达]*{_LABELLED}\0|[、和及]\0[^\0\1、]{{0,2}}(?:{_ASSOC})"
    ),
    "experts": re.compile(
        rf"(?:{_MOBILISE})[^\0\1]{{0,14}}(?:{_EXPERT}){_SAID}\0"
        rf"|(?:{_MOBILISE})[^\0\1]{{0,8}}\0[^\0\1、]{{0,8}}(?:{_EXPERT})"
        rf"|(?:{_EXPERT})(?:参与|参加)(?:总?人数|总数){_SAID}\0"
        rf"|(?:{_EXPERT})(?:总人数|总数|人数|数|已|累计|共|达)[^\0\1]{{0,6}}\0"
        rf"|(?:^|[、和及\d.．）)]|实有|现有)(?:科技)?专家[:：为达]*{_LABELLED}\0"
        rf"|\0[^\0\1、]{{0,4}}(?:{_EXPERT})[^\0\1]{{0,6}}"
        r"(?:参与|参加|投身|走[进到上]|深入|下[乡沉到]|来到|进[到入村]|奔赴|活跃|投入)"
        rf"|(?:{_EXPERT})[^\0]{{0,20}}{_GROWN}\0|(?:{_EXPERT})[^\0\1，]{{0,6}}{_TOTAL}\0"
    ),
    "people": re.compile(
        rf"(?:{_LIFT})[^\0]{{0,40}}\0[^\0\1]{{0,24}}{_OUT}"
        rf"|(?:{_LIFT})[^\0\1]{{0,16}}{_OUT}[^\0\1]{{0,20}}\0"
        r"|(?:^|、)(?:共|累计|实现)*脱贫\0"
        rf"|{_OUT}(?:人数|人口|总数|总人数)[^\0\1]{{0,8}}\0"
        rf"|(?:^|[、和及\d.．）)])脱贫(?:[:：为达]|人[口数])[:：为达]*{_LABELLED}\0"
        rf"|(?:累计|共|已)[^\0\1]{{0,6}}{_OUT}[^\0\1]{{0,6}}\0"
        rf"|\0[^\0\1]{{0,8}}(?:贫困人口|贫困群众|贫困户|群众)[^\0\1]{{0,8}}{_OUT}"
        rf"|(?:{_LIFT})[^\0\1]{{0,6}}\0[^\0\1]{{0,6}}贫困(?:人口|群众)脱贫致富"
    ),
}
"""A clause that tells a figure of the indicator; the first that matches holds."""
OFFICIAL: Mapping[str, re.Pattern[str]] = {
    "federations": re.compile("支持建设"),
    "assoc": re.compile("支持建设|支持农技协|农技协建设|农技协(?:数|总数|数量)|^农技协[:：]"),
    "experts": re.compile("动员|专家(?:总人数|总数|数|人数)"),
    "people": re.compile("建档立卡|脱贫人数|带动脱贫|带动贫困"),
}
"""Words of the notice itself, in which a unit tells its own whole number."""
NOUNS: Mapping[str, str] = {
    "assoc": r"农技协(?!联合会)",
    "federations": r"联合会",
    "experts": r"专家",
    "people": r"脱贫(?:人数|人口)|带动(?:建档立卡)?(?:贫困(?:户|人口|群众))?脱贫",
}
WHOLE = re.compile(
    r"累计|总计|合计|总共|一共|共计|先后(?!顺序)|总数|总人数|总量|(?<![公中])共(?![同产享建识青])|以来|截至|截止|至今|五年来|四年来"
)
PERIOD = re.compile(
    r"(?:截[至止]|(?<![\d年])[到至])[^，。\d]{0,4}(?P<until>20\d\d)年[^，。\0\1]{0,10}"
    r"|(?:自|从)?(?P<since>20\d\d)年[^，。\0\1]{0,8}(?:以来|算起|至今|起(?=[，,累共支组带]))"
    r"|(?P<first>20\d\d)年?\s*(?:[—–\-－~～至到])+\s*(?P<last>20\d\d)年?"
    r"|(?P<year>20\d\d)年(?:度|全年|当年|一年)?"
    r"|(?P<whole>(?:截[至止]|到|至)今年(?:\d{1,2}月)?|(?:启动|实施|开展|部署|印发)以来|累计|(?:近?[四五]年多?|几年|多年)(?:来|间|里|中|下来|时间)|近五年|目前|至今|迄今|总计|合计|共计|总的看)"
    r"|(?P<now>今年|去年|上年|当年|全年|年度|上半年|下半年|每年|年均|本季度|当月)"
)
"""A period named before a figure."""
PART = re.compile(
    r"其中(?!支持建设|组织动员(?:科技)?专家|带动建档立卡|带动脱贫)|平均|[月人户]均|每|次均|又(?!好)|再|另|还有|仍有|剩余|返贫|未脱贫|新增|新建|新成立|新发展|带头|比上年|同比"
    r"|增加\0|增长"
)
"""Words that make a figure a part of the whole."""
TARGET = re.compile(
    r"(?:应完成|应|须|(?<![急所亟])需(?!求)|目标|任务|计划|下达|分解|拟|力争|预计|争取|将|要求|指标)"
    r"(?!完成情况)[^\0\1]{0,14}\0|(?:不少于|不低于|至少)\0"
)
INTENDED = re.compile(
    r"下一步|下阶段|接下来|打算|设想|今后|未来|十四五|20(?:2[1-9]|3\d)年|(?:计划|方案|规划|意见|任务书|责任书|通知|文件|协议)[^，\d]{0,3}(?:提出|明确|要求|确定|规定|约定)|明年|来年|原定|原计划|既定|拟|力争|预计|争取|到年底|(?:目标|任务|指标|计划|下达)(?:数|任务|指标|目标)*(?:分别)?(?:为|是|[:：])"
    r"|(?:根据|按照|按)[^，]{0,10}(?:任务|目标|分解|下达)[^，]{0,4}，应"
    r"|须(?=支持|建设|组织|动员|发动|带动|完成|达到)"
)
"""Words that make all that follows in the sentence a target, until something is achieved."""
NAMED_TARGET = re.compile(r"\0[^，]{0,60}的(?:目标|任务|指标)(?:数|任务)?(?!完成)")
"""A list of numbers that ends by calling them the target."""
IN_SOME_PLACES = re.compile(r"在[^，\0]{0,4}[\1][^，\0\1]{0,6}[县市村乡镇][^，\0\1]{0,12}\0")
ACHIEVED_WORD = re.compile("实际|实有|已|完成了|截至|累计")
ACHIEVED = re.compile(r"(?:实际|实有|超额|已经|(?<!应)完成了?)[^\0\1]{0,14}\0")
TAKEN_UP = re.compile(
    r"^(?:实际|实有|实|已|现)?(?:完成|达到|达|支持|建成|建设|动员|组织|带动|为|有)?(?:将?近|约|超过?|逾)?\0"
    r"(?:$|[^\0\1]{0,2}[、（(])"
)
"""A clause that goes on with the quantity of the clause before: 应完成120个，实际126个."""
_OWN_WORDS = (
    r"(?:全[省区市会]|全系统|我[省会区市]|各[地级市县]+|[四五几]年(?:来|间|中)?|先后|累计|总共|一共|合计|总计"
    r"|共|已经|已|实际|目前|如今|截[至止][^\0\1]{0,12}|到今年[^\0\1]{0,6}|的|数量|总数|总量|规模|人数|数)*"
)
_ABOUT = r"(?:了|将?近|约|超过?|逾)*\0$"
_SUM = r"|(?<=共)|(?<=累计)|(?<=共计)|(?<=合计)|(?<=总数)|(?<=人数)|(?<=数量)"
_BUILT = re.compile(
    rf"{_OWN_WORDS}(?:支持建设|支持|扶持|建设|建成|完成|达到|达|有|发展到|为{_SUM}){_ABOUT}"
)
CARRIED: Mapping[str, re.Pattern[str]] = {
    "assoc": _BUILT,
    "federations": _BUILT,
    "experts": re.compile(
        rf"{_OWN_WORDS}(?:组织动员|动员|组织|选派|完成|达到|达|有|增加到|为{_SUM}){_ABOUT}"
    ),
    "people": re.compile(rf"{_OWN_WORDS}(?:带动脱贫|脱贫|完成|达到|达|有|为{_SUM}){_ABOUT}"),
}
"""A clause that tells the number of what the clause before names: 农技协建设，全省完成126个."""
NAMED_PLACE = re.compile(
    r"(?<![\d\0\1个各全本我该贫困每逐、级农乡])[县州旗镇村乡](?![一二三四两]级)(?![级域乡镇村科委民社庄办、（(和]|$)"
    r"|(?<!北京)(?<!天津)(?<!上海)(?<!重庆)(?<![全各本我该、个\d\0\1级地])市(?![级县域场科、（(和]|$)"
    r"|(?<![治全各本我地困山景社库、个\d\0\1])区(?![级域科位、（(和]|$)|[该某这][县市州村乡镇校]|(?<![全各本我市、级])[县市州]科协"
    r"|基地|合作社|公司|企业(?!家|专家|、|和)|示范(?:户|园|点)|工作站"
)
OTHER_SUBJECT = re.compile(
    r"(?<![\0\1各支])(?:团队|服务队|小分队|工作队|专家组|课题组|教授|研究员|同志|老师|先生|女士|院士|学会理事)"
)
FROM = re.compile(r"(?:由|从)[^\0\1]{0,6}\0[^\0\1]{0,6}(?:增|扩|发展|上升|提高|到|至)")
OTHERS = re.compile(
    r"全国(?!学会)|各省(?!级|[市区县、])|(?:邻|外|兄弟|周边|其他|兄弟单位)省|兄弟单位|(?<!本)地区共有|现有贫困|尚有|贫困发生率"
)
SUBJECT_OF_CLAUSE = re.compile(
    r"(?P<other>全国(?:各地|各级|学会|科协|系统|同期|范围内|上下)*(?:共|累计|已|先后|总计|合计|超过|组织|动员|发动|支持|建|带动|有)"
    r"|各省(?!级|[市区县、])|中国(?:科协|农技协)[^，。]{0,4}(?:统计|通报|汇总|数据|公布)"
    r"|(?:放眼|纵观|从|就)全国(?!学会)|全国(?:来看|范围|平均)|(?:兄弟|邻近|周边|其他|外)(?:省|单位|学会|地区))"
    r"|(?P<own>我[省会区市们办]|全[省会区市]|本[会省])"
)
"""Whose figures follow in the sentence, until somebody else is named."""
OF_THE_NUMBERS = re.compile("两数|两项?数|指标|任务|目标|数据")
"""What a heading, or the opening of a paragraph, holds under which the unit tells its numbers."""
PART_FOLLOWS = re.compile("其中|再(?!次)|另外?|新增|为例|该[县市州]|每年|年均|平均")
"""Words after which figures are parts, until 累计 or its like is said again."""
NO_LONGER_WHOLE = re.compile("其中|另外?|此外|仅|特别是|尤其|比如|例如|诸如|像|其余")
"""Words after which 累计 no longer tells of what follows in the sentence."""
RESPECTIVELY = re.compile(r"分别(?:为|达到|达|是|有|完成)?|依次(?:为|是|达到?)")
ASIDE = re.compile(
    r"[（(][^（）()\0\1]{1,14}[）)](?=(?:总数|人数|数量|数)?(?:合计|共计|总计|累计|共|已|为|达到?|[:：])*\0)"
)
"""A remark in brackets between a quantity and its number: 专家（含市县）126人."""
SCALED = re.compile(r"[十百千万亿]")
MORE, LESS = re.compile("[余多+]|超过|超|逾|不少于|以上"), re.compile("近|接近|将近|不足|不到")
