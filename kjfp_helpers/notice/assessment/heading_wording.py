"""Which of the required heads a heading, or the opening of a paragraph, names.

A head is a noun phrase (存在的问题, 成效与经验); a slogan with the same word is none
(聚焦问题导向, 巩固脱贫成效). The words are data of the notice; what may stand around them is here.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.rules import RequiredSection

MAX_TITLE_CHARS = 34
"""Characters of a line that can be a heading."""
MAX_OPENING_CHARS = 44
"""Characters of an opening before its colon or full stop."""
_BOXED = lazy_pattern(
    rf"[【〖［\[](?P<title>[^】〗］\]]{{2,{MAX_TITLE_CHARS}}})[】〗］\]][：:]?\s*"
)
"""A heading in brackets that a paragraph begins with: 【主要成效】产业壮大了。"""
_COLON = lazy_pattern(r"[：:]|(?<=[\u4e00-\u9fff])(?:——|──|--)(?=[\u4e00-\u9fff])")
_INTENDS = lazy_pattern(
    r"[^，。：]{0,2}(?:下一?步|今后|接下来|未来|明年)|[^。：]*[，们会省](?:将|拟)"
)
"""How an opening begins that tells what is yet to be done: 下一步，我们将抓好以下工作."""
_SUMS_UP = lazy_pattern("总的来?[看说]|总体[上来看]|总之|综上|总而言之|可以说")
"""How an opening begins that tells the whole once more: 总的看，取得了实在的效果."""
MAX_GAP = 6
"""Characters that ``…`` in a word of the notice may stand for."""

_NUMBER = lazy_pattern(
    r"\s*(?:第[一二三四五六七八九十\d]{1,3}(?:(?:部分|章|节|篇)[:：、.．]?|[，,、])"
    r"|[一二三四五六七八九十]{1,3}(?:\s*[、.．，,:：]|是(?!否)[：:，,]?|\s(?=\S))"
    r"|[（(]\s*[一二三四五六七八九十\d]{1,3}\s*[）)]\s*[、.．]?"
    r"|\d{1,2}(?:[.．]\d{1,2})+[.．、]?(?=\D)|\d{1,2}\s*[、.．）)](?!\d)"
    r"|0?\d\s+(?=[\u4e00-\u9fff]{3})"
    r"|(?:[Ⅰ-Ⅻ]|[IVX]{1,4}(?=[.．、]))\s*[.．、]?|[甲乙丙丁戊己]、|[①-⑳⑴-⑽]|[◆◇●○■□▲△★☆※•·*#]+|[—\-–]{1,2}|首先[，,]?|其次[，,]?|此外[，,]?)\s*"
)
_TELLING = lazy_pattern(
    r"(?:先|再|然后|最后|接下来|下面)?来?(?:讲|说|谈|看|聊|汇报|介绍|报告|通报)"
    r"(?:一下|一?[讲说谈看聊](?!法))?(?=[^，。：]{3,16}[。：]?$)"
)
"""How a speaker names what comes next: 第二，讲讲工作开展情况."""
_QUOTES = str.maketrans("", "", "“”\"'‘’《》〈〉【】〔〕[]")
_ADVERB = (
    r"(?:扎实|全面|大力|积极|切实|深入|不断|持续|有效|努力|全力|充分|认真|着力|进一步|统筹|精心"
    r"|广泛)"
)
_VERBS = (
    "聚焦 坚持 着眼 注重 召开 举办 组织 开展 落实 压实 巩固 解决 破解 "
    "克服 化解 攻克 加强 强化 加大 加快 树立 明确 完善 健全 推广 推进 "
    "推动 深化 提升 提高 借鉴 学习 总结 宣传 针对 围绕 紧扣 立足 找准 "
    "补齐 瞄准 发挥 打造 抓好 抓实 抓住 做好 做实 做强 整合 凝聚 营造 "
    "防止 建立 构建 培育 培养 选树 展示 查摆 排查 整改 正视 直面 扩大 "
    "确保 保障 严格 狠抓 紧盯 对标 打通 研究 交流 帮助 服务 补短板 强弱项 "
    "促进 消除 增强 改进 丰富 固化 创新 关注 锤炼 夯实 筑牢 激发 压紧 "
    "用好 应对 战胜 走出 摆脱 带动 优化 规范 拓展 助推 实现"
).split()
_SLOGAN = lazy_pattern(rf"{_ADVERB}*(?:{'|'.join(_VERBS)})|以[^，。]{{1,10}}[为论]|把|让|向|用")
"""How a sentence begins that tells what was done."""
_NOT_AFTER = lazy_pattern(
    r"导向|意识|[为论]|引路|引领|示范|先行|排查|整改|清单|台账|化解|交流|推广|分享|评估|考核|激励|分解|分工|责任"
    r"|攻坚|所在|户|村|县|群众|地区|家庭|职工|学生|得到|给|也|要|都|就|不断|更加|如何(?!$)|何|会(?!员)|共享|共用|转化|应用|落地|见效|说话|第一|优先|倒逼|牵引"
    r"|的(?!$|[^，。]{0,6}(?:原因|说明|回顾|分析|小结|总结|情况|做法|建议|对策|思考|介绍)$)"
)
"""What makes of the word before it something else: 问题导向, 困难户, 经验交流会."""
_SEEN = lazy_pattern("[见求重讲抓树立选查找补盯奔着靠摆析传]$")
"""What makes a goal of the word behind it: 见成效, 重实效."""
_STATEMENT = (
    r"(?:情况)?(?:十分|非常|较为|更加|日益|比较|逐步|逐渐|初步|不断|开始)?"
    r"(?:明显|显著|突出|喜人|斐然|丰硕|良好|初显|凸显|显现|显露|有目共睹|可圈可点|值得[^，。：]{2,4})"
)
_LIST = (
    r"(?:(?:以下|下列|如下|这样|这|下面)?[一二两三四五六几]?(?:个|大)?"
    r"(?:方面|(?<![亮重特难])点|条|类|(?<!弱)项|些)?)"
)
_PREDICATE = lazy_pattern(
    rf"(?:主要|大致|概括起来|归纳起来)?"
    rf"(?:有|是|为|如下|包括|在于|表现在|体现在|表现为|体现为|集中在|归纳为|概括为)?{_LIST}(?:方面)?$"
)
_FOUND = lazy_pattern(
    r"(?:存在|面临|取得|收到|产生|积累|形成|探索出|总结出|有|做|看到|认识到)(?:了|着|的)?"
    r"(?P<what>[^，。]{2,16})$"
)
_SUBJECT = lazy_pattern(
    r"(?:在|从|就|关于|对于|至于)?(?P<what>[^，。：]{2,20}?)(?:方面|而言|来说|[上来]?看|上)$"
    r"|(?:关于|对于|至于)(?P<matter>[^，。：]{2,20})$"
)
_STILL = lazy_pattern(
    r"(?:(?:但|但是|同时|目前|当前|我们的?|工作中?|自身)+)?[^，。：]{0,6}?(?:还|仍|仍然|依然|尚|也)[^，。：]{0,4}?"
    r"(?:存在|面临|有)(?:着|了)?(?P<what>[^，。：]{2,14})$"
)
"""A clause that says what is still wrong, with the list of it behind a comma."""
_IS = lazy_pattern(
    r"(?P<what>[^，。：]{2,14}?)(?:主要)?(?:是|有|包括|在于|表现在|体现在|表现为|体现为)(?=[^，。]{4}|，[^。]{4})"
)
_PLAIN_BEFORE = lazy_pattern(
    r"(?:取得|存在|面临|积累|所|的|主要|典型|成功|突出|明显|工作|扶贫|帮扶|脱贫|我省|我会|全省"
    r"|科技|几点|一些)*"
)
"""What may stand before the word in a heading with a comma, which mostly is a slogan."""
_TELLS = lazy_pattern("[得不没未有是]")
"""What makes a statement of what stands behind the word: 宣传不够，典型挖得不深."""
_TAIL = lazy_pattern(
    r"(?:[与和及、]|以及)(?:有关|相关|今后|下一步|工作)?"
    r"(?:原因|建议|对策|打算|措施|弱项|推进|思考|安排|分析|整改|改进|努力方向)(?:分析|情况|意见|建议)?$"
    r"|(?:的?(?:说明|回顾|分析|小结|简述|概述|综述|介绍|汇报)|之处|案例|事例|自查|结果|总体情况)$"
)
"""What may follow the word at the end of a phrase and names no head of its own: 不足之处."""
_ENDS_AS_NAME = lazy_pattern(r"(?:情况|体会|做法|举措|措施|自查)$")
_RELATIVE = lazy_pattern(
    r"(?:已|所)?(?:组织|推动)?(开展|实施|推进|部署|落实|完成)的(?:主要|重点|各项|具体|相关|有关)*(工作|指标|任务)(?:情况)?"
)
_LABEL = lazy_pattern("(?:任务|目标|计划|指标)(?:数|值)")
"""The label of a number in a line, which opens no head: 任务数：120个."""
_JOINED = lazy_pattern(
    r"([\u4e00-\u9fff]{2})(?:[与和及、]|以及)([\u4e00-\u9fff]{2})(?![\u4e00-\u9fff]{3})"
)
"""Two words of two characters that are joined near the end of a phrase."""
_MATTER = lazy_pattern(r"(?:情况|方面|任务|目标)$")
_TASK_END = lazy_pattern(r"(?:任务)?的?(?:完成|落实|自查|达标|进展|开展|推进|部署|实施)?$")
_SPLIT = lazy_pattern(r"[、，,；;/／]|以及|及其|[与和及暨]")


def strip_number(line: str) -> str:
    """Return a line without the numbers and marks before it.

    >>> [strip_number(line) for line in ("（三）存在问题", "1.2 主要做法", "一是加强领导")]
    ['存在问题', '主要做法', '加强领导']
    """
    while (match := _NUMBER.match(line)) and match.end() < len(line):
        line = line[match.end() :]
    return _TELLING.sub("", line.strip(), count=1) if _TELLING.match(line.strip()) else line.strip()


def may_name(heads: Sequence[RequiredSection], line: str) -> bool:
    """Whether a line holds a word of any head at all, or is a phrase that is said otherwise."""
    words = _pattern(tuple(word for head in heads for word in head.words))
    if words.search(line) or len(line) > MAX_TITLE_CHARS:
        return words.search(line) is not None
    return any(words.search(phrase) for phrase in _distribute(strip_number(line)))


def heads_of_title(heads: Sequence[RequiredSection], title: str) -> tuple[str, ...]:
    """Return the ids of the heads that a heading names, in the order of the notice.

    >>> results = RequiredSection(id="results", title="取得成效", words=("成效",))
    >>> problems = RequiredSection(id="problems", title="存在问题", words=("问题", "不足"))
    >>> [
    ...     heads_of_title((results, problems), title)
    ...     for title in ("三、取得的成效及问题", "聚焦问题导向", "解决发展不足问题", "成效显著")
    ... ]
    [('results', 'problems'), (), (), ('results',)]
    """
    text = re.sub(r"\s+", "", strip_number(title).translate(_QUOTES)).rstrip("：:。.")
    return _named_in(heads, text) or _named_in(heads, *_distribute(text))


def _distribute(text: str) -> tuple[str, ...]:
    """Return a phrase said otherwise: 工作组织与开展 is 工作开展, 开展的主要工作 as well."""
    if relative := _RELATIVE.fullmatch(text):
        return (f"{relative[2]}{relative[1]}",)
    joined = _JOINED.search(text)
    if joined is None:
        return ()
    before, behind = text[: joined.start()], text[joined.end() :]
    return before + joined[1] + behind, before + joined[2] + behind


def _named_in(heads: Sequence[RequiredSection], *phrases: str) -> tuple[str, ...]:
    """Return the ids of the heads that any of some phrases names, in the order of the notice."""
    named = {id for phrase in phrases for id in _heads_of_phrase(heads, phrase)}
    return tuple(head.id for head in heads if head.id in named)


def _heads_of_phrase(heads: Sequence[RequiredSection], text: str) -> set[str]:
    """Return the ids of the heads that a phrase without number and marks names."""
    if remark := re.search(r"[（(]([^（）()]*)[）)]$", text):
        text = text[: remark.start()]
        if not may_name(heads, text):
            text = remark[1]
    slogan = _SLOGAN.match(text)
    spans = sorted(
        (start, end, head.id) for head in heads for start, end in _spans(head.words, text)
    )
    return {
        id
        for start, end, id in spans
        if not any(_covers(other, (start, end)) and name != id for *other, name in spans)
        and not _is_tail(text, (start, end, id), spans)
        and _is_noun(text, end)
        and not _is_modifier(text, end, spans)
        and _is_plain(text, start, end)
        and not _SEEN.search(text, 0, start)
        and not (slogan and start > 0 and not _ends_in_noun(text, slogan))
    }


def heads_of_opening(
    heads: Sequence[RequiredSection], sentence: str, *, is_first: bool
) -> tuple[tuple[str, ...], int]:
    """Return the heads that a sentence opens, and where the text below them begins in it.

    A sentence in the middle of a paragraph (not ``is_first``) opens a head by a colon, or by saying
    that there is something; the first also by naming it (``在工作开展方面，``, ``【工作开展】``).
    """
    number = len(sentence) - len(strip_number(sentence)) if is_first else 0
    text = sentence[number:]
    if (labelled := _of_label(heads, text, is_first))[0]:
        return labelled[0], number + labelled[1]
    if is_first and (opened := _of_first_clause(heads, text))[0]:
        return opened[0], number + opened[1]
    whole = text.rstrip("。！")
    if len(whole) <= MAX_OPENING_CHARS and not _SUMS_UP.match(text):
        last = whole.split("，")[-1]
        is_counted = re.search(r"\d", whole) is not None
        if (found := _FOUND.search(last)) and not (_SLOGAN.match(last) or is_counted):
            if (named := _strict(heads, found["what"])) or not is_first:
                return named, len(sentence)
        if is_first and len(whole) <= MAX_TITLE_CHARS // 2:
            return _strict(heads, whole), len(sentence)
    return (), 0


def _of_label(
    heads: Sequence[RequiredSection], text: str, is_first: bool
) -> tuple[tuple[str, ...], int]:
    """Return the heads that brackets or a colon set apart from what follows, and where that is."""
    if is_first and (boxed := _BOXED.match(text)):
        return heads_of_title(heads, boxed["title"]), boxed.end()
    colon = _COLON.search(text[:MAX_OPENING_CHARS])
    if colon is None or _INTENDS.match(text[: colon.start()]):
        return (), 0
    return _of_clauses(heads, text[: colon.start()]), colon.end()


def _of_first_clause(heads: Sequence[RequiredSection], text: str) -> tuple[tuple[str, ...], int]:
    """Return the heads that the first clause of a paragraph opens, and where the text goes on."""
    if comma := re.match(r"[^，。：]{2,24}(?=，)", text):
        subject, still = _SUBJECT.match(comma[0]), _STILL.match(comma[0])
        what = (subject["what"] or subject["matter"]) if subject else ""
        for one in filter(None, (what, still and still["what"])):
            if named := _strict(heads, one):
                return named, comma.end() + 1
    if (said := _IS.match(text)) and (named := _strict(heads, said["what"])):
        return named, said.end()
    return (), 0


def _of_clauses(heads: Sequence[RequiredSection], opening: str) -> tuple[str, ...]:
    """Return the heads of what stands before a colon: of its last clause."""
    clauses = re.split(r"[，；。]", opening)
    last = clauses[-1]
    if not _PREDICATE.sub("", last) and len(clauses) > 1:  # 还有不小差距，主要是：
        last = clauses[-2]
    if found := _FOUND.search(_PREDICATE.sub("", last) or last):
        if named := _strict(heads, found["what"]):
            return named
    return _strict(heads, last)


def _strict(heads: Sequence[RequiredSection], phrase: str) -> tuple[str, ...]:
    """Return the heads of a phrase that ends in their word, apart from how it is told."""
    phrase = re.sub(r"\s+", "", phrase.translate(_QUOTES))
    if _LABEL.fullmatch(phrase):
        return ()
    phrase = _MATTER.sub("", _PREDICATE.sub("", phrase)) or phrase
    phrase = re.sub(f"{_STATEMENT}$", "", phrase)
    return _ends_in_head(heads, phrase) or _ends_in_head(
        heads, _MATTER.sub("", _TAIL.sub("", phrase))
    )


def _ends_in_head(heads: Sequence[RequiredSection], phrase: str) -> tuple[str, ...]:
    """Return the heads of a phrase whose last part ends in the word of one of them."""
    named = heads_of_title(heads, phrase)
    ends = {
        head.id
        for part in (_SPLIT.split(phrase)[-1], phrase, *_distribute(phrase))
        for head in heads
        for _, end in _spans(head.words, part)
        if _TASK_END.fullmatch(part, end)
    }
    return named if ends & set(named) else ()


def _is_noun(text: str, end: int) -> bool:
    """Whether the word that ends there names a thing: not 问题导向, 困难户, 经验交流."""
    return not _NOT_AFTER.match(text, end)


def _is_modifier(text: str, end: int, spans: Sequence[tuple[int, int, str]]) -> bool:
    """Whether the word that ends there says of what the next one is: 主要工作成效, 做法亮点."""
    is_open = text[:end].endswith("工作") or text.startswith("做法亮点", end - len("做法"))
    return is_open and any(start == end for start, _, _ in spans)


def _is_tail(text: str, span: tuple[int, int, str], spans: Sequence[tuple[int, int, str]]) -> bool:
    """Whether a word such as 总体情况 only ends the name before it: 任务完成总体情况."""
    start, end, id = span
    is_general = text[start:end].endswith(("情况", "概况", "回顾"))
    return is_general and any(other == start and name != id for _, other, name in spans)


def _is_plain(text: str, start: int, end: int) -> bool:
    """Whether a heading has no comma, or little stands beside the word in its clause."""
    if "，" not in text:
        return True
    clause, behind = text.rfind("，", 0, start) + 1, text[end:].split("，")[0]
    return _PLAIN_BEFORE.fullmatch(text, clause, start) is not None and not _TELLS.search(behind)


def _ends_in_noun(text: str, slogan: "re.Match[str]") -> bool:
    """Whether a phrase that begins with a verb is a name: 落实任务指标情况, 开展的主要工作."""
    is_told = re.match(r"解决|破解|克服|化解|攻克|消除|应对|战胜|聚焦|针对|召开", slogan[0])
    return (
        "，" not in text
        and not is_told
        and bool(text.startswith("的", slogan.end()) or _ENDS_AS_NAME.search(text))
    )


def _covers(other: Sequence[int], span: tuple[int, int]) -> bool:
    """Whether a longer word holds this one: 典型做法 is no 做法."""
    start, end = other[0], other[1]
    return start <= span[0] and span[1] <= end and end - start > span[1] - span[0]


def _spans(words: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    for match in _pattern(tuple(words)).finditer(text):
        yield match.span()


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> "re.Pattern[str]":
    ordered = sorted(words, key=len, reverse=True)
    parts = (f".{{0,{MAX_GAP}}}".join(map(re.escape, word.split("…"))) for word in ordered)
    return re.compile("|".join(parts))
