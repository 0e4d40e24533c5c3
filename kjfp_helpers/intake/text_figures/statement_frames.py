"""What a sentence says of its counts: of what time, of whom, and whether it is done or intended.

A sentence sets frames from left to right. Each holds for what follows, until a word of the same
kind sets another one: 2019年 until 累计, 计划 until 实际, 全国 until 我省. What a label before a
list, or a remark in brackets behind the count, says holds as well.
"""

import re
from dataclasses import dataclass
from typing import Literal

from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.text_figures.word_classes import ALTOGETHER

Scope = Literal["total", "year", "part", "target", "unclear", "mentioned"]
"""Of the whole unit and period; of one year; of a place, team or other part; the target; unsaid;
a count beside the indicator, of which it is not said what it counts."""
_FIRST_YEARS, _LAST_YEAR = (2015, 2016, 2017), 2020

_TIME = lazy_pattern(
    r"(?:截[至止]|(?<![\d年])[到至])[^，。\d]{0,4}(?P<until>20\d\d)年(?:\d{1,2}月)?(?:\d{1,2}日)?[底末]?"
    r"|(?P<end>20\d\d)年(?:\d{1,2}月)?[底末]"
    r"|(?:自|从)?(?P<since>20\d\d)年[^，。\x01\x02]{0,10}?(?:以来|算起|至今|起(?=[，,累共支组带]))"
    r"|(?P<first>20\d\d)年?\s*(?:[—–\-－~至到])+\s*(?P<last>20\d\d)年?"
    r"|(?P<year>20\d\d)年(?:度|全年|当年|一年)?"
    r"|(?P<whole>(?:截[至止]|到|至)(?:今年|目前)(?:\d{1,2}月)?|(?:启动|实施|开展|部署|印发)(?:实施)?以来|截[至止]"
    r"|(?:近|过去)?[四五][个]?年(?:多|来|间|里|中|下来|时间|内(?!应|要|需|须|拟|计划)|共|累计)|五个?年头|(?:几|多)年(?:来|间)|近五年|“?十三五”?(?:期间|以来)?(?=[，累共])"
    r"|目前|迄今|至今|现已|现在|如今|总的看)"
    r"|(?P<part>今年|去年|上年|当年|全年|年度|上半年|下半年|每年|年均|本季度|当月|(?:前|头|后)[一二两三]年|近[一二两三]年"
    r"|年初|起初|启动之初|启动前|实施前|原有|此前|[近两三]年(?:来|间))"
    r"|(?P<adverb>累计|总计|合计|总共|一共|共计|先后(?!顺序)|总数|总人数|总量|前前后后|加[在到]一起|加起来|合起来|[算统]计?下来|"
    rf"{ALTOGETHER})"
)
"""A time that is named; ``adverb`` says that something is the whole without naming a time."""
_MODALITY = lazy_pattern(
    r"(?P<done>实际|实有|超额|已经|已|(?<!应)(?<!需)(?<!须)完成(?:了|数|情况|[:：])|(?<!应)完成(?=[\x01\x02])|累计|截[至止]|迄今|现有)"
    r"|(?:按照?|根据|依照)[^，。]{0,12}要求"
    r"|(?P<plan>要求|(?<![对相适反响效])应(?![用对急邀届当聘为])|(?<!数)(?<!数目)应为|(?<!必)须(?=支持|建设|组织|动员|发动|带动|完成|达到|在|于)|需(?=支持|建设|组织|动员|完成)|拟(?!定)"
    r"|将(?=再|新|继续|支持|建|组织|动员|带|力争|培|扶|达)|力争|预计|预期|争取(?=在|再|年底|到|带动|实现|完成|新?建|动员|组织|达到|用)|有望|可望|打算|设想|还[可将要]|下一?步|下[一]?阶段|今后|明年|来年|未来|接下来|“?十四五"
    r"|20(?:2[1-9]|3\d)年|计划(?!生育|完成|任务完成)|规划|原定|既定|到年底|(?:方案|意见|任务书|责任书|通知|文件|协议|会议)[^，\d]{0,3}(?:提出|明确|要求|确定|规定|约定|写|载明|列)"
    r"|(?:按照?|根据|依据|对照)[^，]{0,10}(?:任务|目标|指标|分解|下达)[^，]{0,6}，(?=[^，]{0,8}(?:应|要|需|须))"
    r"|(?:目标|任务|指标)(?:任务|指标|目标)?(?:数|值|量)?(?:分别)?(?:[为是:：]|=|(?=\s*[\x01\x02]))|(?:下达|分解|承担|签订)[^，。\x01\x02]{0,8}(?:任务|目标|指标)(?!.{0,3}完成)"
    r"|下达|不少于|不低于|至少)"
)
"""Whether what follows is done or intended."""
_TARGET_BEHIND = lazy_pattern(
    r"(?:[、和及][^，、和及。\x01\x02]{0,14}[\x01\x02]+)*[^，。、和及\x01\x02]{0,6}"
    r"的[^，。\x01\x02]{0,4}(?:目标|任务|指标)(?:数|任务)?(?!完成)"
)
"""A list of numbers that ends by calling them the target."""
_SUBJECT = lazy_pattern(
    r"(?P<other>全国(?!学会(?!系统))[^，。:：]{0,8}?(?=组织|动员|发动|选派)|全国(?:各地|各级|范围内|上下|学会系统|科协|系统|同期|省级学会)*(?=共|累计|已|先后|总计|合计|超过|组织|动员|发动|支持|建|带动|有|农技协|专家|来看|平均|脱贫|[:：，\x01\x02])"
    r"|各省(?!级|[市区县、])|(?:中国科协|中国农技协|国务院|农业农村部|扶贫办)[^，。]{0,6}(?:统计|通报|汇总|数据|公布|发布)|中国科协(?:机关|系统|定点|直属|帮扶)"
    r"|(?:放眼|放到|纵观|就|从)全国|全国[^，。]{0,3}看|(?:兄弟|邻近|周边|其他|外|邻|协作|对口|支援|援助|东部)(?:省|单位|学会|地区))"
    r"|(?P<own>我[省会区市们办]|全[省会区市]|本[会省区市]|(?<![国系])学会(?!系统|理事)|省科协|全系统|全自治区|各级科协|各地|各市州|[省市县、]{3,}三?级)"
    r"|(?P<place>(?:[全我本]|(?<=[，。；、])[各])[县旗州镇乡村](?![级域])|(?<![\d\x01\x02个各全本我该贫困每逐、级农乡省市])[县州旗](?=科协|的?[^级域乡镇村科委民社庄办、（(和\]]|$)|(?<![各全本我市])[县州]科协"
    r"|(?<![\d\x01\x02个各全本我该贫困每逐、级农乡下驻入进])[镇村乡](?![级域乡镇村科委民社庄办、（(和土亲]|$)"
    r"|(?<!北京)(?<!天津)(?<!上海)(?<!重庆)(?<![全各本我该、个\d\x01\x02级地城都上夜超])市(?![级县域场科、（(和民委州内外]|$)"
    r"|(?<![各全本我由被经是和、，（( ])(?<=[\u4e00-\u9fff])市科协|[县州市](?=[:：])"
    r"|(?<![治全各本我地困山景社库、个\d\x01\x02片特灾牧林城])区(?![级域科位县内外、（(和]|$)|(?<=山)区(?=支持|组织|动员|带动|扶持|累计|共)|[该某这][县市州村乡镇校]|基地|合作社|公司|企业(?!家|专家|、|和)|示范(?:户|园|点)|工作站"
    r"|(?<![各、级个家\x01\x02])(?:分会|专委会|专业委员会)(?!共|合计)|项目[点区组]|试点|[省市县]级(?:层面)?(?=支持|组织|动员|带动|建|自建))"
    r"|(?P<person>团队|服务队|小分队|工作队|(?<!各类)专家组|课题组|教授(?!团)|研究员|同志|老师|先生|女士|院士(?!专家|、)|会长|理事长带|带头人|技术员|第一书记)"
)
"""Of whom a clause tells; a place behind 在, 到 or 赴 is only where it was done."""
_PART_NAME = (
    r"(?!全|我|本|各|有|像|如|据|以|贫困|示范|重点|对口|帮扶|所在|行政|自然|多数|[一二两三四五六七八九十\d]+[个省市县])"
    r"(?:[\u4e00-\u9fff]{1,9}?(?:县|旗|(?<!神)州|(?<!北京)(?<!天津)(?<!上海)(?<!重庆)市)"
    r"|[\u4e00-\u9fff]{2,9}?(?:(?<![地山园片老灾牧林库校社特景])区|(?<!城)镇|乡|(?<!农)村|师"
    r"|分会|专委会|专业委员会))"
)
"""A name of a place or a branch, not 全县, 贫困县 or 3个县."""
_PART_TITLE = lazy_pattern(
    rf"(?P<name>{_PART_NAME})(?:科协|学会|农技协)?(?:的?(?:工作|基本|主要|扶贫)*(?:情况|做法|经验|总结|小结|篇))?"
)
_PART_OPENING = lazy_pattern(
    rf"(?P<name>{_PART_NAME})(?:科协)?(?![级域、和及等乡镇村科协民场委的])"
)
"""A paragraph's subject that is a part of the unit: 丰乐县地处深山."""
_LOCATIVE = lazy_pattern(
    r"(?:在|于|到|赴|向|为|对|从|深入|走进|前往|选择|包括|覆盖|来自|联合|依托|会同|通过|协调)[^，。\x01\x02]{0,16}$"
)
_PART = lazy_pattern(
    r"(?P<part>其中|早先|先前|用过?$|[误错][报填写]|曾[报填写]|(?<=[家员户人个者协量队])当?中(?=[，,])|其余|另外?|此外|(?<!一)再(?!次|一次|到|减|三)|新增|新建|新成立|新发展|平均|[月人户]均|每|次均|又(?!好)|剩余|还有|仍有|尚有|未脱贫|比上年|同比"
    r"|增长|例如|比如|诸如|为例|特别是|尤其|仅)"
    r"|(?P<whole>累计|总计|合计|总共|一共|共计|总数|总人数|截[至止]|以来|"
    rf"{ALTOGETHER})"
)
_FROM = lazy_pattern(r"(?:由|从)[^，。\x01\x02]{0,12}$")
_GROWS = lazy_pattern(r"[^，。\x01\x02]{0,8}(?:增|扩|发展|上升|提高|壮大|到|至)")
"""What a number has grown from: 由2016年的64个发展到97个."""
_REMARK = lazy_pattern(r"[（(][^（）()]*[)）]")
_SEMICOLON = lazy_pattern("[;；]")
_CLOSED = lazy_pattern(r"其中[^;；。]*(?=[;；])|[（(][^（）()\x01\x02]*[\x01\x02][^（）()]*[)）]")
"""A part that is told by the way and over: its frames do not hold behind it."""
_YEAR_BEHIND = lazy_pattern(
    r"^[^\x01\x02]{0,3}[（(]20\d\d年(?!以来|[—–\-~至到])[^）)\x01\x02]{0,6}[）)]"
)
_WHOLE_BEHIND = lazy_pattern(
    r"[（(][^）)\x01\x02]{0,6}(?:20\d\d年?\s*[—–\-~至到]+\s*20\d\d年?|累计|合计|总计|五年)[^）)\x01\x02]{0,6}[）)]\s*$"
)
_IN_IT = lazy_pattern(
    "[^，。\x01\x02]{0,12}(?:参与|参加|投身|加入|活跃|奋战|服务)(?:到|于|在)?其中"
)
"""A count of those who took part in what the text tells of just then."""
_OFFICIAL = {
    "federations": lazy_pattern("支持建设"),
    "assoc": lazy_pattern("支持建设|支持农技协|农技协建设|农技协(?:数|总数|数量)|^农技协[:：]"),
    "experts": lazy_pattern("动员|专家(?:总人数|总数|数|人数)"),
    "people": lazy_pattern("建档立卡|脱贫人数|带动脱贫|带动贫困"),
}
"""Words of the notice itself, in which a unit tells its own whole number."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Of what a count is: see :data:`Scope`; ``year`` is that of a year, 0 for none.

    ``is_explicit`` is whether a word such as 累计 or 截至 says that it is the whole.
    """

    scope: Scope
    year: int = 0
    is_explicit: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a sentence stands in.

    ``lead`` is what went before and still holds: the label of a list, a sentence's subject.
    ``is_announced`` is whether the numbers of the unit are told here.
    """

    lead: str = ""
    is_announced: bool = False


def read_frame(
    masked: str, start: int, end: int, indicator: str, around: Surroundings, is_many: bool
) -> Frame:
    """Return the frame of a count in a masked sentence.

    Parameters
    ----------
    masked : str
        The sentence, its counts masked.
    start, end : int
        Offsets of the count.
    indicator : str
        What it counts.
    around : Surroundings
        What the sentence stands in.
    is_many : bool
        Whether the sentence tells several of the numbers.
    """
    before = _CLOSED.sub(_blank, around.lead + masked[:start])
    behind = masked[end:]
    if _is_intended(before) or _TARGET_BEHIND.match(behind):
        return Frame("target")
    if _YEAR_BEHIND.search(behind):
        return Frame("year", int(re.search(r"20\d\d", behind)[0]))  # type: ignore[index]
    if (_FROM.search(before) and _GROWS.match(behind)) or _is_of_those_within(before, behind):
        return Frame("part")
    scope, year, is_whole = _time_of(before, behind)
    if scope == "year":
        return Frame("year", year)
    if scope == "part" or _is_part(before) or _is_of_others(before, is_whole):
        return Frame("part")
    if is_whole:
        return Frame("total", 0, True)
    if is_many or _OFFICIAL[indicator].search(masked) or around.is_announced:
        return Frame("total")
    return Frame("unclear")


def part_of_title(title: str) -> str:
    """Return the part of the unit that a heading names: all below it is told of that.

    >>> part_of_title("石门坎县"), part_of_title("县级科协")
    ('石门坎县，', '')
    """
    named = _PART_TITLE.fullmatch(title.strip())
    return f"{named['name']}，" if named else ""


def part_of_opening(line: str) -> str:
    """Return the part of the unit that a paragraph begins with: its sentences go on with it.

    >>> part_of_opening("丰乐县地处深山，全县有56个贫困村。"), part_of_opening("在丰乐县，")
    ('丰乐县，', '')
    """
    named = _PART_OPENING.match(line)
    return f"{named['name']}，" if named and not _LOCATIVE.match(named["name"][:1]) else ""


def _blank(match: "re.Match[str]") -> str:
    return " " * len(match[0])


def _last(pattern: "re.Pattern[str]", text: str) -> "re.Match[str] | None":
    return next(reversed([*pattern.finditer(text)]), None)


def _is_intended(before: str) -> bool:
    last = _last(_MODALITY, f"{before}\x01")
    return last is not None and last["plan"] is not None


def _time_of(before: str, behind: str) -> tuple[Scope, int, bool]:
    """Return the scope by the time named last before a count, its year, and if it is the whole."""
    times = [*_TIME.finditer(before)]
    named = next((one for one in reversed(times) if not one["adverb"]), None)
    adverb = times[-1] if times and times[-1]["adverb"] else None
    if named is None:
        is_whole = adverb is not None or _WHOLE_BEHIND.search(behind) is not None
        return "total", 0, is_whole
    scope, year = _scope_of_time(named)
    if scope == "total":
        return scope, 0, True
    between = before[named.end() : adverb.start()] if adverb else ""
    if adverb and re.search("[，;；。]", between.strip("，") if scope != "year" else between):
        return "total", 0, True
    return scope, year, False


def _scope_of_time(named: "re.Match[str]") -> tuple[Scope, int]:
    if named["until"] or named["end"]:
        return ("total" if int(named["until"] or named["end"]) >= _LAST_YEAR else "part"), 0
    if named["since"]:
        return ("total" if int(named["since"]) in _FIRST_YEARS else "part"), 0
    if named["first"]:
        is_all = int(named["first"]) in _FIRST_YEARS and int(named["last"]) >= _LAST_YEAR
        return ("total" if is_all else "part"), 0
    if named["year"]:
        return "year", int(named["year"])
    return ("total" if named["whole"] else "year"), 0


def _is_part(before: str) -> bool:
    """Whether a word such as 其中 makes what follows a part, until 累计 or its like is said."""
    told = _last(_PART, _SEMICOLON.split(before)[-1])
    return told is not None and told["part"] is not None


def _is_of_those_within(before: str, behind: str) -> bool:
    """Whether a count is of those who took part in what is told: 有9名专家参与其中."""
    return _IN_IT.match(behind) is not None and not _PART.search(re.split("[，。]", before)[-1])


def _is_of_others(before: str, is_whole: bool) -> bool:
    """Whether the last one named before a count is not the unit itself."""
    plain = _REMARK.sub(_blank, before)
    for one in reversed([*_SUBJECT.finditer(plain)]):
        if one["own"]:
            return False
        if one["place"]:
            at_place = _LOCATIVE.search(plain[: one.start()])
            is_many = re.match(
                "等[地\x01\x02\\d一二三四五六七八九十]", plain[one.end() : one.end() + 3]
            )
            if (at_place and is_whole) or is_many:
                continue
        return True
    return False
