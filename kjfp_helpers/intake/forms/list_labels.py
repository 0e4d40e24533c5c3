"""Column heads of lists of people, normalized, besides the labels of the recommendation forms."""

PERSON_LABELS = frozenset(
    (
        "姓名 名字 人员姓名 成员姓名 专家姓名 人选 人选姓名 推荐人选 推荐人选姓名 候选人 "
        "候选人姓名 学员姓名 参训人员 参加人员 参会人员 户主 户主姓名 被推荐人 被推荐人姓名 "
        "先进个人 先进个人姓名 个人姓名 负责人 负责人姓名 联系人 联系人姓名 签到人 农户姓名 "
        "贫困户姓名 作者 name"
    ).split()
)
"""Heads over the names of persons."""
TEAM_LABELS = frozenset(("团队名称 团队全称 先进团队 先进团队名称 推荐团队 团队").split())
"""Heads over the names of teams."""
OBJECT_LABELS = frozenset(
    (
        "推荐对象 推荐对象姓名 推荐对象名称 对象 对象名称 名称 姓名/名称 姓名或名称 姓名(名称) "
        "团队/个人 团队或个人 推荐对象(团队或个人)"
    ).split()
)
"""Heads over the names of either."""
OTHER_LABELS = frozenset(
    (
        "序号 编号 顺序 排序 推荐顺序 签名 签到 签字 部门 职务职称 单位及职务 单位职务 "
        "工作单位及职务 所在单位 所属单位 民族 专业 研究专业 类别 推荐类别 角色 分工 团队分工 "
        "承担任务 时间 日期 到会时间 人口 家庭人口 村 乡镇 县 市 省份 地区 住址 家庭住址 银行卡号 "
        "备注 年龄 学历 手机 座机 微信 推荐单位 联系方式(手机) 主要业绩 推荐理由 事迹简介 "
        "拟推荐等次 培训内容 培训时间 职责 任职 学位 办公电话 出生年月 服务地点 服务时间 服务县 "
        "服务内容 身份 党派"
    ).split()
)
"""Heads over anything else."""
