"""Classes of words from which sentences about the two numbers are built.

Function words, measures, verbs and nouns are closed classes; what stands in none of them is
unknown to the reader. In a masked sentence every count is a run of ``U+0001`` or of ``U+0002``.
"""

import re
from collections.abc import Mapping

from kjfp_helpers.infra.lazy_loading import lazy_pattern

ALTOGETHER = "(?<![公中])共(?![同产享建识青性])"
"""共 as 'altogether', not 公共, 共同, 共建."""
COUNT = "[\x01\x02]"
"""A character of a masked count."""
_ASSOC = (
    r"(?<!中国)农(?:技|村专业技术)协(?:会)?(?:组织)?"
    r"(?!会员|负责|骨干|带头|理事|联合会|示范|基地|服务站|技术|成员|干部|项目|章程|品牌|工作站|分会)"
    r"|(?<!科学)专业技术协会(?!联合会|会员|负责|骨干)"
)
_FEDERATION = r"(?:农技协|农村专业技术协会|技术协会)联合会|(?<=[和及与、])联合会"
_EXPERT = (
    r"(?<!土)专家(?:教授|学者|人才)?(?!组(?!织)|团|服务|库|工作站|大院|院|委员会|教授团队|队(?!伍)|顾问|讲|热线|站|[一二三]级)"
    r"|科技人员|科技工作者"
)
_OUT = (
    r"脱贫(?!攻坚|地区|[县村乡]|产业|任务|工作|成效|标准|带头|户(?!数)|一线|战|典型|项目|行动|之路"
    r"|故事|成果|质量|责任|计划|规划|政策|事业|目标|主)(?:致富|摘帽)?"
    r"|脱了贫|减贫|摘帽|越过贫困线|(?:摆脱|脱离|告别|走出|远离|退出)了?贫[困穷](?![县村乡地])"
    r"|(?:摘掉|摘下|摘去|甩掉|脱掉|丢掉)了?[^，\x01\x02]{0,4}帽"
)
_REMAIN = r"(?:未|没有?)(?:能|实现|稳定)*脱贫|未摘帽|返贫(?!风险)"
_PERSONS = (
    r"建档立卡(?:贫困)?(?:人口|群众|农户|户|对象|家庭)?|(?:贫困|困难)(?:人口|群众|农户|农民|村民|家庭|对象"
    r"|劳动力|人员|户)|群众|农户|乡亲|村民|农民"
)
_COUNTWORD = r"总?人数|总数|总量|数量|数目|个数|户数|规模|人口|队伍|力量|数(?![据字十百千万家名位])"
BUILD = (
    "支持 建设 建成 建起 组建 扶持 帮扶 帮建 援建 助建 共建 培育 建立 发展 "
    "成立 创建 创办 兴办 筹建 "
    "新建 建好 办起 扶建 壮大 建 扶 办"
).split()
MOBILISE = (
    "组织 动员 发动 选派 派出 派遣 投入 参与 参加 调动 调集 召集 抽调 汇聚 集聚 投身 奔赴 "
    "深入 下沉 响应 走进 走到 走上 赶赴 下乡 来到 活跃 加入 进村 入户 请来 派 请 奔走 奔波 扎根"
).split()
LIFT = (
    "带动 帮助 帮扶 帮带 助力 助推 推动 促进 引领 带领 辐射 扶持 帮促 支持 使 让 引导 帮 带着"
).split()
COMPLETE = "完成 实现 落实 达成 做到".split()
OTHER_VERBS = (
    "剔除 核减 扣除 去重 培训 轮训 参训 表彰 评选 评出 选出 表扬 评为 评定 认定 命名 验收 审核 "
    "走访 慰问 调研 抽查 聘请 聘任 选聘 邀请 宣传 资助 注销 整顿 规范 考核 "
    "奖补 奖励 荣获 获评 授予 推荐 覆盖 惠及 受益 就业 增收 就诊 义诊 答疑 "
    "咨询 捐赠 组成 担任 签订 签约 联系 结对 安置 吸纳 入股 统计 解散 撤销 "
    "检查 监测 识别 录入 服务"
).split()
"""Verbs that make something else of what is counted: trained, praised, invited, visited."""
_GLUE = (
    rf"已经|已|累计|共计|{ALTOGETHER}|"
    r"总计|合计|总共|一共|总的|目前|现在|如今|现|实际|先后|也|均|都|则|就"
    r"|达到|达成?|为|是|有|计|在|至|到|的|地|了|着|约|大约|将近|近|超过|超|逾|突破|最终|全部|顺利|稳定|如期|直接"
    r"|间接|成功|增加|增至|增长|扩大|上升|等|和|及|与|以及|之|其|该|这|各类|各级|各地|我们|等于|不少于|不低于|至少|前前后后|前后|陆续|相继|加[在到]一起|加起来|合起来|[算统计]+下来|[“”\"《》\s=≈~+]"
)
_NEUTRAL = (
    r"截[至止]|“?十三五”?(?:期间)?|期间|迄今|至今|以来|年底|月底|[一二三四五六七八九十两\d]{1,4}年(?:多|来|间|内|中|度|末|底|\d{1,2}月)?|\d{1,2}月(?:底|末)?"
    r"|(?:全|我|本|各)[省会区市州县]+|自治区|学会|本会|分支机构|各?分会|科协|全?系统|今年|目标|任务|指标|下达|承担|计划|预定|工程|实施|启动|开展"
    r"|科技|农业|农村|农民?技术|精准|扶贫|活动|工作|行动|贫困[地区县村]*|[省市县乡村]{1,3}级(?:层面)?|[省市县乡村、]*[两三四五]级|总体|方面|这一?项"
    r"|情况|数据|项目|当地|基层|一线|产业"
)
_VERB = "|".join(
    sorted({*BUILD, *MOBILISE, *LIFT, *COMPLETE, *OTHER_VERBS}, key=lambda word: (-len(word), word))
)
WORD_CLASSES = (
    rf"(?P<count>\x01+|\x02+)|(?P<stop>[，,;；。!?！？])|(?P<item>[、|｜/])|(?P<colon>[:：→]|[—\-–]+>?)"
    rf"|(?P<open>[（(\[【])|(?P<close>[）)\]】])"
    rf"|(?P<federations>{_FEDERATION})|(?P<assoc>{_ASSOC})|(?P<experts>{_EXPERT})"
    rf"|(?P<remain>{_REMAIN})|(?P<out>{_OUT})|(?P<persons>{_PERSONS})|(?P<number>{_COUNTWORD})"
    rf"|(?P<neutral>{_NEUTRAL})|(?P<verb>{_VERB}|[建扶办派请帮](?=了|起|出|农|[\x01\x02])|带着)|(?P<glue>{_GLUE})"
)
"""Pattern of the words, each in the group of its class."""
_HAN_OF_WORDS = "".join(sorted(set(re.findall("[\u4e00-\u9fff]", WORD_CLASSES))))
WORDS = lazy_pattern(rf"(?=[\0-\u4dff\ua000-\U0010ffff{_HAN_OF_WORDS}])(?:{WORD_CLASSES})")
"""The words of a masked sentence by their class, the first that fits at each place.

No word begins at a Han character that occurs in none: there, no class is tried.
"""
HINT = lazy_pattern("农技协|技术协会|联合会|专家|科技人员|科技工作者|贫|帽")
"""What every sentence holds that tells a figure of the two numbers."""
NAMED = lazy_pattern(f"{HINT.pattern}|技术协|困难|群众|农户|乡亲|村民|农民|建档立卡")
"""What every noun, verb of poverty and word for persons holds: without one no count is of any."""
OWN_MEASURES: Mapping[str, tuple[str, ...]] = {
    "assoc": ("个", "家", ""),
    "federations": ("个", "家", ""),
    "experts": ("人", "名", "位", "", "人次"),
    "people": ("人", "名", "位", "口", "", "户", "人次"),
}
"""Measures of a figure that may be of the indicator, some of them of another quantity."""
ANY_MEASURE = frozenset().union(*OWN_MEASURES.values())
"""Measures of the counts that may be of any indicator."""
SUBSET = lazy_pattern(
    r"(?:女性?|男性?|青年|中青年|老|高级|资深|省外|外省|外地|外籍|退休|正高级?|副高级?|[^、市]市级|(?<![、省])县级|优秀|先进|示范|专职|兼职"
    r"|骨干|本地|驻村|市级|省级|国家级)(?:的)?$"
)
"""An adjective right before a noun that tells a part of it: 女专家40名."""
