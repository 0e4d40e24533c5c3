"""Work summaries for measuring: official prose of 2,000 to 6,000 characters, heads in the styles offices write.

Made apart from the reader: wordings are drawn from pools. `seen` and `held_out` were written before
the reader, `later` and `last` when it was finished; both were measured first (F1 .93 to .96) and the
reader mended for them afterwards. `fresh` was written after that and the reader is not mended for it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

HEADS = ("numbers", "work", "results", "experience", "problems")
Paragraph = tuple[str, str]
"""Text of a paragraph with its looks: `plain`, `bold`, `heading1`, `heading2`, `row` (a table's row, cells split by |)."""

WORDINGS: dict[str, dict[str, list[str]]] = {
    "seen": {
        "numbers": [
            "“两数”指标任务落实情况",
            "目标任务完成情况",
            "两数任务完成情况",
            "任务指标完成情况",
            "对照目标任务的完成情况",
            "指标任务落实情况",
            "“两数”目标任务落实",
        ],
        "work": [
            "工作开展情况",
            "主要工作开展情况",
            "主要做法",
            "工作推进情况",
            "重点工作及举措",
            "工作组织实施情况",
            "科技助力精准扶贫工作开展情况",
        ],
        "results": [
            "取得的成效",
            "工作成效",
            "取得的主要成效",
            "主要成绩",
            "帮扶成效",
            "工作成果",
            "成效显著惠及群众",
        ],
        "experience": [
            "典型经验",
            "典型案例",
            "经验做法",
            "经验体会",
            "主要经验",
            "工作启示",
            "可复制推广的经验",
        ],
        "problems": [
            "存在问题",
            "存在的问题和不足",
            "存在的主要困难",
            "问题与不足",
            "不足之处",
            "面临的困难和问题",
            "短板和不足",
        ],
    },
    "held_out": {
        "numbers": [
            "目标责任书所列指标的落实",
            "“两数”完成情况",
            "承担任务数与实际完成数",
            "建议目标任务落实情况",
            "关于“两数”任务指标",
            "任务目标对表自查情况",
            "两项核心指标达标情况",
        ],
        "work": [
            "2016年以来所做的主要工作",
            "主要举措",
            "工作措施",
            "扶贫工作的组织与实施",
            "基本做法",
            "几年来的工作回顾",
            "重点任务推进情况",
        ],
        "results": [
            "主要成效",
            "成绩与效果",
            "扶贫成果",
            "产生的经济社会效益",
            "脱贫成效",
            "工作实效",
            "取得的阶段性成果",
        ],
        "experience": [
            "典型做法和成功经验",
            "几点体会",
            "经验与启示",
            "典型模式",
            "典型事例",
            "经验总结",
            "值得总结的经验",
        ],
        "problems": [
            "工作中存在的薄弱环节",
            "困难与挑战",
            "主要问题",
            "问题及原因分析",
            "有待改进的方面",
            "当前存在的突出问题",
            "尚存在的差距",
        ],
    },
    "later": {
        "numbers": [
            "目标任务“两数”的落实和完成",
            "下达指标完成及核查情况",
            "任务书完成情况",
            "两数目标实现情况",
            "主要指标完成进度",
            "任务目标达成情况",
        ],
        "work": [
            "工作部署与推进",
            "工作总体情况",
            "所做工作",
            "重点工作开展",
            "扶贫工作开展的主要情况",
            "推动落实的主要举措",
            "工作概况",
        ],
        "results": [
            "取得成绩",
            "成效和影响",
            "产业扶贫实效",
            "帮扶工作取得的成果",
            "工作成效及社会反响",
            "成效",
        ],
        "experience": [
            "经验总结与思考",
            "典型材料",
            "基本经验",
            "主要经验与体会",
            "经验和典型案例",
            "工作亮点与特色",
            "三点启示",
        ],
        "problems": [
            "困难和不足",
            "目前存在的主要问题及原因",
            "存在的短板弱项",
            "工作中遇到的困难",
            "问题、困难",
            "不足与差距",
            "尚待解决的问题",
        ],
    },
    "last": {
        "numbers": [
            "“两数”任务指标",
            "两数指标的完成",
            "目标任务分解与完成情况",
            "各项指标任务完成情况",
            "对标“两数”自查",
        ],
        "work": [
            "工作组织与开展情况",
            "采取的主要措施",
            "具体工作举措",
            "重点工作推进",
            "五年来的主要做法",
        ],
        "results": ["工作成绩", "扶贫工作成效显著", "取得的效果", "主要成果及效益", "科技帮扶成效"],
        "experience": [
            "经验与做法",
            "典型经验介绍",
            "几点工作体会",
            "探索形成的经验",
            "启示与思考",
        ],
        "problems": ["主要困难和问题", "存在的不足", "工作短板", "面临的挑战", "问题和短板"],
    },
    "fresh": {
        "numbers": [
            "“两数”任务落实完成情况",
            "年度任务指标完成情况",
            "下达任务目标的落实",
            "两数指标对照情况",
            "三项指标完成数",
        ],
        "work": [
            "组织实施工作情况",
            "四年来开展的主要工作",
            "具体做法和措施",
            "推进工作的主要举措",
            "各项工作开展情况",
        ],
        "results": ["工作取得的成效", "扶贫成绩单", "实际效果", "主要工作成果", "成效分析"],
        "experience": ["工作经验", "几条经验", "典型案例选登", "体会和启示", "基层典型做法"],
        "problems": ["问题与短板", "工作中的不足", "现存困难", "主要差距和不足", "突出困难与问题"],
    },
}
COMBINED = {
    "seen": [
        (("results", "experience"), "取得的成效与典型经验"),
        (("work", "results"), "工作开展情况及成效"),
        (("problems",), "存在问题及下一步工作打算"),
        (("experience", "problems"), "经验体会和存在的不足"),
    ],
    "held_out": [
        (("work", "results"), "主要工作及取得的成绩"),
        (("numbers", "results"), "任务完成与成效情况"),
        (("problems",), "困难、问题和建议"),
        (("results", "experience"), "主要成效和经验启示"),
    ],
    "later": [
        (("work", "results"), "主要做法与成效"),
        (("experience", "problems"), "主要体会及存在的问题"),
        (("problems",), "存在的困难、问题及对策建议"),
        (("numbers", "work"), "任务完成及工作开展情况"),
    ],
    "last": [
        (("numbers", "work"), "指标任务与工作开展情况"),
        (("results", "experience"), "成效与体会"),
        (("problems",), "存在的突出问题和改进措施"),
    ],
    "fresh": [
        (("results", "experience"), "工作成效、经验"),
        (("work", "results"), "工作措施与效果"),
        (("problems",), "不足及努力方向"),
    ],
}
RUN_IN = {
    "seen": {
        "numbers": ["“两数”任务完成情况：", "在指标任务落实方面，", "两数指标方面："],
        "work": ["工作开展情况：", "在工作开展方面，", "主要做法是："],
        "results": ["取得的成效主要有：", "工作成效：", "通过几年努力，取得了明显成效。"],
        "experience": ["典型经验：", "我们的主要经验是：", "回顾几年来的工作，有以下几点体会："],
        "problems": ["存在问题：", "工作中还存在一些问题和不足：", "存在的主要问题是："],
    },
    "held_out": {
        "numbers": ["关于“两数”目标：", "从任务指标完成情况看，", "“两数”任务方面，"],
        "work": ["主要措施如下。", "几年来主要做了以下工作：", "工作举措："],
        "results": ["取得的成绩有：", "工作成效明显。", "主要成效体现在以下几个方面："],
        "experience": ["几点启示：", "总结几年来的实践，主要经验有：", "典型做法："],
        "problems": [
            "在肯定成绩的同时，也要看到存在的不足：",
            "主要困难：",
            "同时，我们也清醒地认识到，工作中仍存在不少问题。",
        ],
    },
    "later": {
        "numbers": ["两数任务：", "就任务指标而言，", "“两数”指标情况如下："],
        "work": ["在具体做法上，", "工作措施主要有：", "五年来，我们主要开展了以下工作："],
        "results": ["成效：", "几年来取得了较好的成绩。", "工作成效主要表现为："],
        "experience": ["体会：", "几年的实践使我们积累了宝贵经验：", "主要经验有三条："],
        "problems": ["问题和困难：", "我们的工作还存在不少薄弱环节。", "当前面临的主要困难是："],
    },
    "last": {
        "numbers": ["“两数”指标：", "任务指标完成方面，", "两数完成情况是："],
        "work": ["主要举措：", "具体措施包括：", "在组织实施上，"],
        "results": ["取得的主要成绩：", "成效有：", "经过努力，取得了可喜的成果。"],
        "experience": ["经验体会：", "主要启示有：", "工作中积累了以下经验："],
        "problems": ["不足：", "目前仍存在以下困难：", "但工作中还存在一些薄弱环节。"],
    },
    "fresh": {
        "numbers": ["“两数”完成情况方面，", "任务指标完成情况：", "关于两数指标，"],
        "work": ["几年来采取的措施有：", "工作开展方面，", "主要做法有三："],
        "results": ["主要成效：", "工作取得了显著成效。", "成果体现在三个方面："],
        "experience": ["经验有以下几点：", "典型案例：", "我们体会最深的经验是："],
        "problems": ["短板和不足：", "当然，工作还存在一定差距。", "困难主要有："],
    },
}
TRAPS = {
    "seen": [
        "聚焦问题导向，精准对接需求",
        "坚持问题导向，找准帮扶路径",
        "以经验为镜，补齐产业链条",
        "着力破解群众反映的突出问题",
        "注重成效，建立长效机制",
        "典型引路，示范带动",
        "召开经验交流会，推广先进做法",
        "落实责任，强化任务分工",
        "巩固脱贫成效，防止返贫",
        "组织开展技术培训",
    ],
    "held_out": [
        "解决“最后一公里”问题",
        "以问题为牵引，完善服务体系",
        "借鉴外地经验，创新帮扶方式",
        "开展问题排查，落实整改责任",
        "树立典型，营造氛围",
        "以成效论英雄，完善激励机制",
        "明确目标，层层分解任务",
        "克服疫情困难，保障春耕生产",
        "破解技术难题，延伸产业链",
        "加强经验交流，促进互学互鉴",
    ],
    "later": [
        "直面问题，精准施策",
        "强化问题意识，狠抓整改落实",
        "总结推广经验，形成示范效应",
        "用成效检验作风",
        "紧扣目标任务，强化组织领导",
        "帮助困难群众渡过难关",
        "选树典型案例，讲好扶贫故事",
        "增强工作措施的针对性",
        "推进成果转化应用",
        "落实帮扶举措，突出精准到户",
    ],
    "last": [
        "坚持目标导向和问题导向相结合",
        "关注困难家庭，开展结对帮扶",
        "固化经验成果，健全长效机制",
        "发挥典型的示范带动作用",
        "提升帮扶实效，增强群众获得感",
        "补齐短板，夯实基础",
        "创新举措，拓宽渠道",
        "强化指标管理，压实责任",
    ],
    "fresh": [
        "找准问题症结，分类施策",
        "交流工作经验，凝聚各方共识",
        "讲好典型故事，传播正能量",
        "细化工作措施，逐项抓好落实",
        "破除困难障碍，打通服务渠道",
        "突出实绩实效，强化考核激励",
        "落实指标任务，签订责任书",
        "成果共享，惠及群众",
    ],
}
NEUTRAL = [
    "加强组织领导，健全工作机制",
    "突出科技支撑，做强特色产业",
    "强化人才下沉，组建专家服务团",
    "加大科普力度，提升群众素质",
    "整合各方资源，形成帮扶合力",
    "深化产销对接，拓宽增收渠道",
    "下一步工作打算",
    "加强宣传引导",
]
SUBJECTS = [
    "省科协",
    "各市州科协",
    "学会秘书处",
    "专家服务团",
    "县农技协联合会",
    "领导小组办公室",
    "驻村工作队",
    "分会理事单位",
]
ACTS = [
    "组织专家赴{p}开展{t}技术指导",
    "在{p}建立{t}示范基地",
    "围绕{t}产业制定技术规程",
    "为{p}农户发放{t}实用手册",
    "帮助{p}引进{t}新品种",
    "在田间地头举办{t}培训班",
    "与{p}签订结对帮扶协议",
    "协调企业收购{p}的{t}产品",
]
PLACES = ["青石乡", "白水镇", "云岭村", "河口县", "大坪村", "南山乡", "永安镇", "三岔河村"]
TRADES = ["茶叶", "食用菌", "肉牛养殖", "中药材", "苹果", "马铃薯", "花椒", "水稻", "生猪", "蜜蜂"]
ENDS = [
    "受到农户普遍欢迎",
    "群众的积极性明显提高",
    "当地产业面貌有了改观",
    "得到当地党委政府的肯定",
    "一批群众学到了技术",
    "合作社的管理水平得到提升",
    "农户收入稳步增长",
    "技术服务覆盖全部行政村",
]
ASIDES = [
    "有关部门多次召开会议，研究解决工作中遇到的问题。",
    "兄弟省份的经验也给了我们很多启发。",
    "这项工作成效如何，关键看群众是否得到实惠。",
    "针对存在问题的地方，及时派人现场督导。",
    "我们坚持目标导向、问题导向和结果导向相统一。",
    "各级组织交流了典型经验，互相借鉴。",
    "任务下达后，有关单位逐项分解，明确到人。",
    "对发现的困难群众，逐户建立台账。",
]
BODY = {
    "numbers": "2016年以来，累计支持建设农技协{a}个，组织动员科技专家{b}人，带动建档立卡贫困户脱贫{c}人，完成下达任务的{d}%。",
    "work": "先后{act}，累计派出专家{b}人次，服务农户{a}户。",
    "results": "{p}的{t}产值比2016年翻了一番，户均增收{c}元，{a}户实现稳定脱贫。",
    "experience": "以{p}为例，当地采取“专家＋协会＋农户”的办法发展{t}，这一做法在全省推广。",
    "problems": "基层技术力量仍然薄弱，{t}产业链条短，部分农户对新技术接受较慢，工作经费不足。",
}
CHINESE = "一二三四五六七八九十"


@dataclass
class SummarySample:
    """One summary: paragraphs with looks, and for each head that is there the numbers of its paragraphs."""

    style: str
    paragraphs: list[Paragraph] = field(default_factory=list)
    heads: dict[str, int] = field(default_factory=dict)
    traps: list[int] = field(default_factory=list)


def generate_samples(count: int, seed: int, pool: str) -> Iterator[SummarySample]:
    """Summaries in turn of all styles, from one pool of wordings (`seen` or `held_out`)."""
    styles = list(STYLES)
    for number in range(count):
        yield _write_sample(
            random.Random(f"{seed}-{pool}-{number}"), styles[number % len(styles)], pool
        )


def _write_sample(rng: random.Random, style: str, pool: str) -> SummarySample:
    """A title, an opening, the sections that are not left out, and an end; grown to a drawn length."""
    sample = SummarySample(style)
    length = rng.randint(2000, 6000)
    kept = [head for head in HEADS if rng.random() > 0.22] or [rng.choice(HEADS)]
    if rng.random() < 0.2 and {"work", "numbers"} <= set(kept):
        kept[kept.index("numbers")], kept[kept.index("work")] = "work", "numbers"
    groups = (
        _group_heads(rng, kept, pool)
        if STYLES[style].combines
        else [((head,), None) for head in kept]
    )
    sample.paragraphs.append(
        (f"{rng.choice(['某省', '中国某学会', '某自治区'])}科技助力精准扶贫工作总结", "bold")
    )
    sample.paragraphs.append((_prose(rng, 2, pool=pool) + "现将有关工作总结如下。", "plain"))
    each = length // (len(groups) + 1)
    for number, (heads, wording) in enumerate(groups):
        _write_section(rng, sample, style, pool, number, heads, wording, each)
    if rng.random() < 0.4:
        text, plan = (
            STYLES[style].head(len(groups), "下一步工作打算", rng),
            _prose(rng, 5, pool=pool),
        )
        if STYLES[style].looks == "row":
            sample.paragraphs.append((f"{text}|{plan}", "row"))
        else:
            sample.paragraphs += [(text, STYLES[style].looks), (plan, "plain")]
    sample.paragraphs.append(("某单位  2020年8月10日", "plain"))
    return sample


def _group_heads(
    rng: random.Random, kept: list[str], pool: str
) -> list[tuple[tuple[str, ...], str | None]]:
    """The heads in order, neighbours sometimes under one combined wording."""
    groups: list[tuple[tuple[str, ...], str | None]] = []
    position = 0
    while position < len(kept):
        fitting = [
            (heads, wording)
            for heads, wording in COMBINED[pool]
            if tuple(kept[position : position + len(heads)]) == heads
        ]
        if fitting and rng.random() < 0.6:
            heads, wording = rng.choice(fitting)
            groups.append((heads, wording))
            position += len(heads)
        else:
            groups.append(((kept[position],), None))
            position += 1
    return groups


def _write_section(rng, sample, style, pool, number, heads, wording, length) -> None:
    """One section: its head as the style writes it, sub-heads with traps among them, prose until it is long enough."""
    looks = STYLES[style]
    for head in heads:
        sample.heads[head] = len(sample.paragraphs)
    first = "".join(_fact(rng, head) for head in heads)
    if looks.run_in:
        opening = rng.choice(RUN_IN[pool][heads[0]])
        mark = f"{CHINESE[number]}、" if looks.run_in == "numbered" else ""
        sample.paragraphs.append((mark + opening + first + _prose(rng, 3, pool=pool), "plain"))
    elif looks.looks == "row":
        sample.paragraphs.append(
            (
                f"{wording or rng.choice(WORDINGS[pool][heads[0]])}|{first}{_prose(rng, 4, pool=pool)}",
                "row",
            )
        )
    else:
        sample.paragraphs.append(
            (looks.head(number, wording or rng.choice(WORDINGS[pool][heads[0]]), rng), looks.looks)
        )
        sample.paragraphs.append((first + _prose(rng, 2, pool=pool), "plain"))
    written, sub = 0, 0
    while written < length:
        if rng.random() < 0.45:
            trap = rng.random() < 0.5
            words = rng.choice(TRAPS[pool] if trap else NEUTRAL[:-2])
            if trap:
                sample.traps.append(len(sample.paragraphs))
            if looks.run_in or rng.random() < 0.4:
                mark = rng.choice([f"{CHINESE[sub]}是", f"{sub + 1}.", ""])
                sample.paragraphs.append((f"{mark}{words}。{_prose(rng, 3, pool=pool)}", "plain"))
            else:
                sample.paragraphs.append((looks.sub_head(sub, words), looks.sub_looks))
            sub = (sub + 1) % 9
        text = _prose(rng, rng.randint(3, 6), pool=pool, aside=True)
        sample.paragraphs.append((text, "plain"))
        written += len(text)


def _prose(rng: random.Random, sentences: int, *, pool: str, aside: bool = False) -> str:
    """Sentences of work on the ground; now and then an aside that speaks of problems, results or experience."""
    parts = []
    for _ in range(sentences):
        act = rng.choice(ACTS).format(p=rng.choice(PLACES), t=rng.choice(TRADES))
        parts.append(f"{rng.choice(SUBJECTS)}{act}，{rng.choice(ENDS)}。")
    if aside and rng.random() < 0.35:
        parts.insert(rng.randint(1, sentences), rng.choice(ASIDES))
    return "".join(parts)


def _fact(rng: random.Random, head: str) -> str:
    act = rng.choice(ACTS).format(p=rng.choice(PLACES), t=rng.choice(TRADES))
    return BODY[head].format(
        a=rng.randint(12, 380),
        b=rng.randint(80, 3200),
        c=rng.randint(900, 9800),
        d=rng.randint(71, 160),
        act=act,
        p=rng.choice(PLACES),
        t=rng.choice(TRADES),
    )


class _Style:
    """How one office writes heads."""

    def __init__(
        self,
        mark: str,
        looks: str = "plain",
        *,
        sub: str = "（{c}）",
        sub_looks: str = "plain",
        run_in: str = "",
        combines: bool = False,
    ) -> None:
        self.mark, self.looks, self.sub, self.sub_looks = mark, looks, sub, sub_looks
        self.run_in, self.combines = run_in, combines

    def head(self, number: int, words: str, rng: random.Random) -> str:
        return self.mark.format(c=CHINESE[number], n=number + 1, w=words)

    def sub_head(self, number: int, words: str) -> str:
        return self.sub.format(c=CHINESE[number], n=number + 1) + words


STYLES = {
    "numbered": _Style("{c}、{w}", combines=True),
    "numbered_bold": _Style("{c}、{w}", "bold"),
    "second_level": _Style("（{c}）{w}", sub="{n}."),
    "word_headings": _Style("{w}", "heading1", sub="", sub_looks="heading2", combines=True),
    "bold_only": _Style("{w}", "bold", sub="", sub_looks="bold"),
    "plain_lines": _Style("{w}", sub="{n}、"),
    "arabic": _Style("{n}.{w}", sub="{n}）", combines=True),
    "decimal": _Style("1.{n} {w}", sub="1.1.{n} "),
    "parts": _Style("第{c}部分　{w}", "bold", sub="{c}、"),
    "brackets": _Style("【{w}】", sub="◆"),
    "colon": _Style("{w}：", sub="——"),
    "run_in": _Style("{w}", run_in="plain"),
    "run_in_numbered": _Style("{w}", run_in="numbered"),
    "table": _Style("{w}", "row"),
    "spaced": _Style("{c} 、 {w} ", sub="({n})"),
}
