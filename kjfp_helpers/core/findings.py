"""Findings on submissions, by stable codes, and the catalogue of their types."""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from kjfp_helpers.core.privacy import unify_masked_numbers


class Severity(StrEnum):
    """Severity of a finding; values are stored, ``label`` is shown."""

    ERROR = "error"
    WARNING = "warning"
    QUESTION = "question"

    @property
    def label(self) -> str:
        """Chinese word for screens and letters."""
        return {"error": "须补正", "warning": "请留意", "question": "待核实"}[self.value]


@dataclass(frozen=True, slots=True)
class FindingType:
    """Type of finding: what a code means, how severe it is, and who has to act.

    Findings for the ``office`` stand in no letter to a unit.
    """

    title: str
    severity: Severity
    clause: str
    advice: str
    audience: Literal["unit", "office"] = "unit"

    def clause_for(self, kind: str) -> str:
        """Return the clause for a kind of record: a form is one of the two annexes.

        Examples
        --------
        >>> FINDING_TYPES["missing"].clause_for("team"), FINDING_TYPES["missing"].clause_for("")
        ('附件1', '附件1、附件2')
        """
        return _FORM_CLAUSES.get(kind, self.clause) if self.clause == _BOTH_FORMS else self.clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a reader found wrong in a text, before it is known whose document that is.

    ``field`` and ``place`` are set by the reader that knows them, ``path`` (of the file within its
    message) by who unpacks it; a finding is made once, when the unit is known.
    """

    code: str
    expected: str
    found: str
    field: str = ""
    place: str = ""
    path: str = ""

    @property
    def finding_type(self) -> FindingType:
        """Type of the finding that it will be, in the catalogue."""
        return FINDING_TYPES[self.code]

    def at(self, field: str, place: str) -> "Problem":
        """Return the problem on a field, unless it names one already, and its place."""
        return replace(self, field=self.field or field, place=place)

    def in_file(self, path: str) -> "Problem":
        """Return the problem in a file of a message."""
        return replace(self, path=path)

    def in_document(self, source: str, *, unit: str = "") -> "Finding":
        """Return the finding that the problem is, in a document of a unit."""
        return Finding(
            code=self.code,
            expected=self.expected,
            found=self.found,
            field=self.field,
            source=source,
            place=self.place,
            unit=unit,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding: an error, a warning or a question about one field of a record.

    ``unit`` and ``case`` are codes (or ``""``), ``field`` a record field name,
    ``source`` the inbox path with inner names joined by ``/``, ``place`` the location in it
    (``表1 第3行第2列``, ``Sheet1!B4``). Texts never hold identity or phone numbers.
    """

    code: str
    expected: str
    found: str
    field: str = ""
    source: str = ""
    place: str = ""
    unit: str = ""
    case: str = ""

    @property
    def finding_type(self) -> FindingType:
        """Type of the finding in the catalogue."""
        return FINDING_TYPES[self.code]

    @property
    def severity(self) -> Severity:
        """Severity of the code."""
        return self.finding_type.severity

    @property
    def message(self) -> str:
        """One Chinese sentence: what was expected, what came, what to do."""
        kind = self.finding_type
        return f"{kind.title}：应为{self.expected}，实为{self.found}。{kind.advice}。"

    @property
    def fingerprint(self) -> str:
        """Short hash (12 hex digits) of the texts: tells findings of the same code apart.

        Masking long numbers in the texts does not change it. A question on a unit's figures
        is the same one whichever of its papers, sent again, tells them.
        """
        parts = (self.source, self.place, self.expected, self.found)
        texts = "\n".join(parts[2:] if self.code in FIGURE_CODES else parts)
        return hashlib.sha256(unify_masked_numbers(texts).encode()).hexdigest()[:12]

    def filed_under(self, *, unit: str = "", case: str = "") -> "Finding":
        """Return the same finding filed under a unit and a case."""
        return replace(self, unit=unit or self.unit, case=case or self.case)


UNREADABLE_CODES = (
    "corrupt",
    "truncated",
    "empty",
    "encrypted",
    "unreadable",
    "unsupported",
    "needs_manual",
    "bomb",
    "too_large",
    "xml_entity",
    "active_content",
)
"""Codes of the findings on files that cannot be read, where they are no mere warnings."""
FIGURE_CODES = frozenset(
    (
        "figure_differs",
        "figure_measure",
        "figure_round",
        "figure_repeated",
        "figure_magnitude",
        "figure_over_population",
    )
)
"""Questions on the figures of a unit's return."""
_BOTH_FORMS = "附件1、附件2"
_FORM_CLAUSES = {"team": "附件1", "individual": "附件2", "stocktake": "一", "summary": "二"}
_E, _W, _Q = Severity.ERROR, Severity.WARNING, Severity.QUESTION
_RESEND = "请补齐后重新报送"
_SAY = "请书面说明或更正"

FINDING_TYPES: dict[str, FindingType] = {
    # forms and tables, as read
    "missing": FindingType("必填栏空白", _E, "附件1、附件2", _RESEND),
    "approx": FindingType("数字为约数", _Q, "附件1、附件2", "请报送确数"),
    "unit_mismatch": FindingType("计量单位不符", _E, "附件1、附件2", "请按表中单位重新填写"),
    "ambiguous": FindingType("填写有歧义", _Q, "附件1、附件2", _SAY),
    "implausible": FindingType("数值不合常理", _Q, "附件1、附件2", _SAY),
    "unknown_option": FindingType("勾选了表外选项", _Q, "附件1、附件2", "请在表列选项内勾选"),
    "other_blank": FindingType("勾选“其他”未说明", _E, "附件1、附件2", "请写明具体内容"),
    "other_unticked": FindingType("写明“其他”而未勾选", _Q, "附件1、附件2", "请确认是否勾选"),
    "date_incomplete": FindingType("日期不完整", _E, "附件1、附件2", "请填写年月日"),
    "date_invalid": FindingType("日期不存在", _E, "附件1、附件2", "请更正日期"),
    "id_length": FindingType("身份证号码位数不符", _E, "附件2", "请核对身份证后更正"),
    "id_checksum": FindingType("身份证号码校验不符", _E, "附件2", "请核对身份证后更正"),
    "phone_invalid": FindingType("联系电话无效", _W, "附件1、附件2", "请核对后更正"),
    "email_invalid": FindingType("电子邮箱无效", _W, "附件1、附件2", "请核对后更正"),
    "postcode_invalid": FindingType("邮政编码无效", _W, "附件1、附件2", "请核对后更正"),
    "region_incomplete": FindingType("服务地区不完整", _Q, "附件1、附件2", "请写到县"),
    "photo_missing": FindingType("缺少照片", _E, "附件2", "请补近期2寸免冠蓝底彩色照片"),
    "seal_missing": FindingType("缺少推荐单位盖章", _E, "附件1、附件2", "请加盖公章后重新报送"),
    "opinion_incomplete": FindingType(
        "推荐意见不全", _E, "附件1、附件2", "请写明推荐意见和日期后重新报送"
    ),
    "story_too_long": FindingType("主要事迹超过字数", _E, "附件1、附件2", "请压缩后重新报送"),
    "suspicious": FindingType("数值可疑", _Q, "附件1、附件2", _SAY),
    "id15": FindingType("身份证号码为15位旧号", _E, "附件2", "请改填18位号码"),
    "id_gender": FindingType("性别与身份证号码不符", _E, "附件2", "请核对身份证后更正"),
    "id_birth": FindingType("出生日期与身份证号码不符", _E, "附件2", "请核对身份证后更正"),
    "date_future": FindingType("日期晚于报送时间", _Q, "附件1、附件2", "请更正日期"),
    "tracked_changes": FindingType("文件留有修订痕迹", _Q, "附件1、附件2", "请接受修订后报送定稿"),
    "comments": FindingType("文件留有批注", _Q, "附件1、附件2", "请删除批注后报送定稿"),
    "hidden_text": FindingType("文件有隐藏文字", _W, "附件1、附件2", "请删除隐藏文字后报送定稿"),
    "multiple_records": FindingType(
        "一个文件内有多份表", _Q, "附件1、附件2", "请确认各份均为报送内容"
    ),
    "blank_form": FindingType("推荐表未填写", _E, "附件1、附件2", "请填写后重新报送"),
    "region_unknown": FindingType("服务地区未能核对", _Q, "附件1、附件2", "请核对行政区划名称"),
    "scanned": FindingType(
        "材料为扫描件或照片", _Q, "附件1、附件2", "请另报可编辑的电子版，扫描件由人工核对"
    ),
    "form_in_body": FindingType(
        "推荐信息写在邮件正文", _Q, "附件1、附件2", "请以附件报送推荐表，或说明以何为准"
    ),
    "story_in_attachment": FindingType("主要事迹另附", _Q, "附件1、附件2", "请确认附件齐全"),
    "layout_changed": FindingType("表格版式有改动", _W, "附件1、附件2", "请使用原表"),
    "wrong_form": FindingType("用错表格", _E, "附件1、附件2", "请使用对应的推荐表"),
    "formula_no_cache": FindingType("公式没有计算结果", _E, "一", "请填写数字或保存计算结果"),
    "hidden_sheet": FindingType("工作表被隐藏", _Q, "一", "请取消隐藏并核对"),
    "numeric_cell": FindingType("数字栏不是数字", _E, "一", "请填写阿拉伯数字"),
    # files and mail
    "unreadable": FindingType("文件无法读取", _E, "四", "请另存为原格式后重新报送"),
    "unsupported": FindingType("文件类型不支持", _E, "四", "请改用通知要求的格式"),
    "unsorted": FindingType("材料类别未能辨认", _Q, "四", "请人工归类"),
    "empty": FindingType("文件为空", _E, "四", _RESEND),
    "corrupt": FindingType("文件已损坏", _E, "四", _RESEND),
    "encrypted": FindingType("文件有密码", _E, "四", "请去除密码后重新报送"),
    "bomb": FindingType("压缩文件异常膨胀", _E, "四", "请重新打包后报送"),
    "truncated": FindingType("文件不完整", _E, "四", _RESEND),
    "too_large": FindingType("单个文件过大", _E, "四", "请精简或分开报送"),
    "needs_manual": FindingType("文件需人工处理", _Q, "四", "请按提示人工打开、另存后归档"),
    "ext_mismatch": FindingType("扩展名与内容不符", _W, "四", "已按内容读取，请改正扩展名"),
    "private_data": FindingType("含有个人隐私信息", _Q, "四", "公开前请核对并去除"),
    "symlink": FindingType("压缩文件内有链接", _E, "四", "请放入文件本身后重新打包"),
    "odd_names": FindingType("文件名不合通用规则", _W, "四", "请改用普通文件名"),
    "odd_characters": FindingType("文件名含有不可见字符", _W, "四", "请改用普通文件名"),
    "odd_header": FindingType("邮件头异常", _Q, "四", "请核对发件人和主题"),
    "charset": FindingType("文字编码有误", _W, "四", "请核对文字，必要时重新报送"),
    "duplicate_entry": FindingType(
        "压缩文件内有同名文件", _Q, "四", "只读取第一个，请核对后重新打包"
    ),
    "polyglot": FindingType("一个文件含有多种格式", _E, "四", "请另存后重新报送"),
    "macro": FindingType("文件含有宏", _W, "四", "宏未运行，请另存为不含宏的文件"),
    "active_content": FindingType("文件含有可执行内容", _E, "四", "未予打开，请去除后重新报送"),
    "embedded_object": FindingType("文件嵌有其他文件", _Q, "四", "嵌入的文件未予打开，请单独报送"),
    "external_ref": FindingType("文件引用外部内容", _W, "四", "外部内容未予读取，请把内容放入文件"),
    "dde": FindingType("文件含有DDE域", _E, "四", "未予执行，请去除后重新报送"),
    "xml_entity": FindingType("文件含有实体定义", _E, "四", "请用办公软件另存后重新报送"),
    "formula_like": FindingType("文字像公式", _Q, "四", "已按文字处理，请核对"),
    "html_like": FindingType("文字像网页代码", _Q, "四", "已按文字处理，请核对"),
    "path_escape": FindingType("压缩文件内有越界路径", _E, "四", "请重新打包后报送"),
    "nesting": FindingType("压缩文件层数过多", _E, "四", "请重新打包后报送"),
    "too_many_files": FindingType("文件数过多", _E, "四", "请精简后重新报送"),
    "unknown_sender": FindingType("发件单位未能辨认", _E, "四", "请人工确认发件单位"),
    "unit_inferred": FindingType(
        "发件单位按材料推定", _Q, "四", "请确认，或改为实际的发件单位", "office"
    ),
    "sender_known": FindingType(
        "发件单位按已登记的地址认定", _W, "四", "地址有变动的，重新指定单位", "office"
    ),
    "cloud_link": FindingType("材料放在网盘", _E, "四", "请在链接失效前下载，并请单位以附件重报"),
    "no_material": FindingType("邮件无材料", _E, "四", _RESEND),
    "duplicate_mail": FindingType("重复来件", _W, "四", "两件均已登记，以先到者为准，无需再报"),
    "resubmission": FindingType("后件替换前件", _W, "四", "以后件为准，两件均已保存"),
    "versions_differ": FindingType(
        "同一件材料有几份不同的文本", _Q, "四", "请说明以哪一份为准，或重新报送一份"
    ),
    "superseded": FindingType("已被后件替换", _W, "四", "以后件为准，此件仍予保存"),
    "late": FindingType("逾期报送", _E, "四", "请书面说明逾期原因，由办公室裁定"),
    "correction_late": FindingType("补正逾期", _Q, "四", "请书面说明逾期原因，由办公室裁定"),
    "correction_absent": FindingType(
        "逾期未补正", _Q, "四", "请即补正；不再补正的，由办公室按现有材料认定"
    ),
    "arrival_unknown": FindingType("收到时间未载", _Q, "四", "请查明何时收到，在待处理中登记"),
    "withdrawn": FindingType("单位撤回推荐", _W, "二", "撤回依据见处理记录"),
    "on_file": FindingType("在册材料", _W, "四", "需要更正的照依据更正，写明依据和理由"),
    "corrected": FindingType("已按原件更正", _W, "附件1、附件2", "更正和理由见处理记录"),
    # stock-take, summary, assessment
    "target_not_met": FindingType("任务目标未完成", _E, "一", "请抓紧落实并说明措施"),
    "target_missing": FindingType("目标未下达", _W, "一", "请办公室补入 targets.csv", "office"),
    "target_disagrees": FindingType("任务目标与下达数不一致", _Q, "一", "请核对下达的目标任务"),
    "stocktake_absent": FindingType("未报送盘点表", _E, "一", _RESEND),
    "figure_missing": FindingType("盘点数字未填", _E, "一", "请填写；确无此项请填0"),
    "figure_differs": FindingType("同一数字几处不一致", _Q, "一", "请说明以何为准，并更正另一处"),
    "figure_measure": FindingType("计量单位前后不一", _Q, "一", "请说明按户、人还是人次统计"),
    "figure_round": FindingType("数字多为整数", _Q, "一", "请说明是台账汇总数还是估计数"),
    "figure_repeated": FindingType("数字重复", _Q, "一", "请对照台账核实各项数字"),
    "figure_magnitude": FindingType("与目标相差悬殊", _Q, "一", "请核对位数和计量单位"),
    "figure_over_population": FindingType("大于当地贫困人口", _Q, "一", "请说明统计口径，或更正"),
    "summary_absent": FindingType("未报送工作总结", _E, "二", _RESEND),
    "section_missing": FindingType("工作总结缺少内容", _E, "二", "请补充该部分"),
    # recommendation
    "people_list": FindingType("人员名单，不计为推荐", _W, "二", "推荐对象以推荐表为准"),
    "roster_differs": FindingType(
        "名单与推荐表不一致", _Q, "二", "请核对名单；缺推荐表的请补报，不推荐的请说明"
    ),
    "over_quota": FindingType(
        "推荐超出名额", _E, "二", "请在名额内选定后书面回复；未选定前均暂缓评审"
    ),
    "under_minimum": FindingType("推荐少于掌握数", _Q, "二", "如无补充请告知"),
    "not_commended": FindingType("不在曾获表扬名单", _E, "二", "请提供2016年以来获得表扬的文件"),
    "commended_near": FindingType("与曾获表扬名单近似而不同", _Q, "二", "请确认是否同一对象"),
    "claim_over_unit": FindingType("个人或团队数大于单位数", _Q, "一", "请核对带动脱贫人数"),
    "claims_over_unit": FindingType("各件人数合计大于单位数", _Q, "一", "请核对各件带动脱贫人数"),
    "claim_differs": FindingType("事迹数字与表内数字不一致", _Q, "附件1、附件2", _SAY),
    "names_over_count": FindingType("专家姓名多于专家总人数", _Q, "附件1", _SAY),
    "duplicate_person": FindingType("同一人重复推荐", _E, "二", "请确定只由一个单位推荐一次"),
    "duplicate_team": FindingType("同一团队重复推荐", _E, "二", "请确定只由一个单位推荐一次"),
    "leader_also_individual": FindingType("团队负责人又作个人推荐", _Q, "二", "按本轮裁定处理"),
    "copied_text": FindingType("事迹文字雷同", _Q, "附件1、附件2", "请说明雷同原因"),
    "summary_copied": FindingType("工作总结文字雷同", _Q, "二", "请说明雷同原因"),
    # exhibition
    "exhibit_absent": FindingType("未报送展览素材", _W, "三(三)", _RESEND),
    "no_picture": FindingType(
        "展览素材没有图片", _Q, "三(三)", "请补报图片原图和注释，或说明没有图片"
    ),
    "part_missing": FindingType("展览文本缺少部分", _E, "三(三)", "请补充该部分"),
    "too_small": FindingType("图片小于规定", _E, "三(三)", "请报送不小于2M的原图"),
    "borderline": FindingType("图片大小处于两种算法之间", _W, "三(三)", "按本轮裁定处理"),
    "not_jpeg": FindingType("图片不是JPG格式", _E, "三(三)", "请报送JPG原图"),
    "padded": FindingType("图片经过填充", _E, "三(三)", "请报送未经处理的原图"),
    "images_only_in_docx": FindingType("图片只在文档中", _E, "三(三)", "请另附JPG原图文件"),
    "unexpected_type": FindingType("展览素材含有其他类型文件", _Q, "三(三)", "请人工归类"),
    "caption_missing": FindingType("图片没有注释", _E, "三(三)", "请补同名注释文件"),
    "caption_without_image": FindingType("注释没有图片", _E, "三(三)", "请补同名图片"),
    "name_mismatch": FindingType("图片与注释命名不一致", _E, "三(三)", "请改为同名"),
    "duplicate": FindingType("图片重复", _Q, "三(三)", "请确认图片归属"),
    "image_bomb": FindingType("图片像素异常", _E, "三(三)", "请重新导出后报送"),
    "exhibit_returned": FindingType("展览内容退回修改", _E, "三(三)", "请修改或更换后重新报送"),
    # spot check; decided already, so nobody has to answer them
    "spot_check_veto": FindingType("抽查问题属实，否决", _W, "一", "见抽查处理决定", "office"),
    "spot_check_noted": FindingType("抽查问题属实，注明", _W, "一", "见抽查处理决定", "office"),
    # assessment of units; confirmed already
    "assessment_veto": FindingType("推荐单位考核末等，否决", _W, "二", "见考核审定文件", "office"),
    "assessment_noted": FindingType("推荐单位考核末等，注明", _W, "二", "见考核审定文件", "office"),
    # the panel; for the office alone, never in a letter
    "tie": FindingType(
        "利害关系待裁定", _Q, "评审回避", "向评委核实后裁定；裁定可以更改，以最后一次为准"
    ),
}
"""Every code with its title, severity, clause of the notice and advice."""
