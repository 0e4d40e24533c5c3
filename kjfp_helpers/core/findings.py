"""What the workbook has to say about a submission: stable codes, fit for a letter."""

import hashlib
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

_NUMBER = re.compile(r"(?!\d{4}-\d\d-\d\d)[\d*][\d*\s\-]{5,}[\d*X]")
"""A number long enough to be masked somewhere."""


class Severity(StrEnum):
    """How much a finding weighs; values are stored, ``label`` is shown."""

    ERROR = "error"
    WARNING = "warning"
    QUESTION = "question"

    @property
    def label(self) -> str:
        """Chinese word for screens and letters."""
        return {"error": "须补正", "warning": "请留意", "question": "待核实"}[self.value]


@dataclass(frozen=True, slots=True)
class Code:
    """A row of the catalogue: what a code means, whoever it is raised for.

    What only the office can mend is for the ``office`` and stands in no letter to a unit.
    """

    title: str
    severity: Severity
    clause: str
    advice: str
    audience: Literal["unit", "office"] = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in one place.

    ``unit`` and ``case`` are codes (or ``""``), ``field`` a record field name,
    ``source`` the inbox path with inner names joined by ``/``, ``place`` the spot in it
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
    def about(self) -> Code:
        """The catalogue row of this code."""
        return CATALOGUE[self.code]

    @property
    def severity(self) -> Severity:
        """Severity of the code."""
        return self.about.severity

    @property
    def message(self) -> str:
        """One Chinese sentence: what was expected, what came, what to do."""
        return f"{self.about.title}：应为{self.expected}，实为{self.found}。{self.about.advice}。"

    @property
    def mark(self) -> str:
        """What tells this finding from a later one of the same code: a short hash of its words.

        The same before and after long numbers in it were masked.
        """
        words = "\n".join((self.source, self.place, self.expected, self.found))
        return hashlib.sha256(_NUMBER.sub("#", words).encode()).hexdigest()[:12]

    def at(self, *, unit: str = "", case: str = "") -> "Finding":
        """Return the same finding filed under a unit and a case."""
        return replace(self, unit=unit or self.unit, case=case or self.case)


_E, _W, _Q = Severity.ERROR, Severity.WARNING, Severity.QUESTION
_RESEND = "请补齐后重新报送"
_SAY = "请书面说明或更正"

CATALOGUE: dict[str, Code] = {
    # forms and tables, as read
    "missing": Code("必填栏空白", _E, "附件1、附件2", _RESEND),
    "approx": Code("数字为约数", _Q, "附件1、附件2", "请报送确数"),
    "unit_mismatch": Code("计量单位不符", _E, "附件1、附件2", "请按表中单位重新填写"),
    "ambiguous": Code("填写有歧义", _Q, "附件1、附件2", "请明确后重新填写"),
    "implausible": Code("数值不合常理", _Q, "附件1、附件2", _SAY),
    "unknown_option": Code("勾选了表外选项", _Q, "附件1、附件2", "请在表列选项内勾选"),
    "other_blank": Code("勾选“其他”未说明", _E, "附件1、附件2", "请写明具体内容"),
    "other_unticked": Code("写明“其他”而未勾选", _Q, "附件1、附件2", "请确认是否勾选"),
    "date_incomplete": Code("日期不完整", _E, "附件1、附件2", "请填写年月日"),
    "date_invalid": Code("日期不存在", _E, "附件1、附件2", "请更正日期"),
    "id_length": Code("身份证号码位数不符", _E, "附件2", "请核对身份证后更正"),
    "id_checksum": Code("身份证号码校验不符", _E, "附件2", "请核对身份证后更正"),
    "phone_invalid": Code("联系电话无效", _W, "附件1、附件2", "请核对后更正"),
    "email_invalid": Code("电子邮箱无效", _W, "附件1、附件2", "请核对后更正"),
    "postcode_invalid": Code("邮政编码无效", _W, "附件1、附件2", "请核对后更正"),
    "region_incomplete": Code("服务地区不完整", _Q, "附件1、附件2", "请写到县"),
    "photo_missing": Code("缺少照片", _E, "附件2", "请补近期2寸免冠蓝底彩色照片"),
    "seal_missing": Code("缺少推荐单位盖章", _E, "附件1、附件2", "请加盖公章后重新报送"),
    "story_too_long": Code("主要事迹超过字数", _E, "附件1、附件2", "请压缩后重新报送"),
    "suspicious": Code("数值可疑", _Q, "附件1、附件2", _SAY),
    "id15": Code("身份证号码为15位旧号", _E, "附件2", "请改填18位号码"),
    "id_gender": Code("性别与身份证号码不符", _E, "附件2", "请核对身份证后更正"),
    "id_birth": Code("出生日期与身份证号码不符", _E, "附件2", "请核对身份证后更正"),
    "date_future": Code("日期晚于报送时间", _Q, "附件1、附件2", "请更正日期"),
    "tracked_changes": Code("文件留有修订痕迹", _Q, "附件1、附件2", "请接受修订后报送定稿"),
    "comments": Code("文件留有批注", _Q, "附件1、附件2", "请删除批注后报送定稿"),
    "hidden_text": Code("文件有隐藏文字", _W, "附件1、附件2", "请删除隐藏文字后报送定稿"),
    "multiple_records": Code("一个文件内有多份表", _Q, "附件1、附件2", "请确认各份均为报送内容"),
    "blank_form": Code("推荐表未填写", _E, "附件1、附件2", "请填写后重新报送"),
    "region_unknown": Code("服务地区未能核对", _Q, "附件1、附件2", "请核对行政区划名称"),
    "scanned": Code(
        "材料为扫描件或照片", _Q, "附件1、附件2", "请另报可编辑的电子版，扫描件由人工核对"
    ),
    "story_in_attachment": Code("主要事迹另附", _Q, "附件1、附件2", "请确认附件齐全"),
    "layout_changed": Code("表格版式有改动", _W, "附件1、附件2", "请使用原表"),
    "wrong_form": Code("用错表格", _E, "附件1、附件2", "请使用对应的推荐表"),
    "formula_no_cache": Code("公式没有计算结果", _E, "一", "请填写数字或保存计算结果"),
    "hidden_sheet": Code("工作表被隐藏", _Q, "一", "请取消隐藏并核对"),
    "numeric_cell": Code("数字栏不是数字", _E, "一", "请填写阿拉伯数字"),
    # files and mail
    "unreadable": Code("文件无法读取", _E, "四", "请另存为原格式后重新报送"),
    "unsupported": Code("文件类型不支持", _E, "四", "请改用通知要求的格式"),
    "unsorted": Code("材料类别未能辨认", _Q, "四", "请人工归类"),
    "empty": Code("文件为空", _E, "四", _RESEND),
    "corrupt": Code("文件已损坏", _E, "四", _RESEND),
    "encrypted": Code("文件有密码", _E, "四", "请去除密码后重新报送"),
    "bomb": Code("压缩文件异常膨胀", _E, "四", "请重新打包后报送"),
    "truncated": Code("文件不完整", _E, "四", _RESEND),
    "too_large": Code("单个文件过大", _E, "四", "请精简或分开报送"),
    "needs_manual": Code("文件需人工处理", _Q, "四", "请按提示人工打开、另存后归档"),
    "ext_mismatch": Code("扩展名与内容不符", _W, "四", "已按内容读取，请改正扩展名"),
    "private_data": Code("含有个人隐私信息", _Q, "四", "公开前请核对并去除"),
    "symlink": Code("压缩文件内有链接", _E, "四", "请放入文件本身后重新打包"),
    "odd_names": Code("文件名不合通用规则", _W, "四", "请改用普通文件名"),
    "odd_characters": Code("文件名含有不可见字符", _W, "四", "请改用普通文件名"),
    "odd_header": Code("邮件头异常", _Q, "四", "请核对发件人和主题"),
    "charset": Code("文字编码有误", _W, "四", "请核对文字，必要时重新报送"),
    "duplicate_entry": Code("压缩文件内有同名文件", _Q, "四", "只读取第一个，请核对后重新打包"),
    "polyglot": Code("一个文件含有多种格式", _E, "四", "请另存后重新报送"),
    "macro": Code("文件含有宏", _W, "四", "宏未运行，请另存为不含宏的文件"),
    "active_content": Code("文件含有可执行内容", _E, "四", "未予打开，请去除后重新报送"),
    "embedded_object": Code("文件嵌有其他文件", _Q, "四", "嵌入的文件未予打开，请单独报送"),
    "external_ref": Code("文件引用外部内容", _W, "四", "外部内容未予读取，请把内容放入文件"),
    "dde": Code("文件含有DDE域", _E, "四", "未予执行，请去除后重新报送"),
    "xml_entity": Code("文件含有实体定义", _E, "四", "请用办公软件另存后重新报送"),
    "formula_like": Code("文字像公式", _Q, "四", "已按文字处理，请核对"),
    "html_like": Code("文字像网页代码", _Q, "四", "已按文字处理，请核对"),
    "path_escape": Code("压缩文件内有越界路径", _E, "四", "请重新打包后报送"),
    "nesting": Code("压缩文件层数过多", _E, "四", "请重新打包后报送"),
    "too_many_files": Code("文件数过多", _E, "四", "请精简后重新报送"),
    "unknown_sender": Code("发件单位未能辨认", _E, "四", "请人工确认发件单位"),
    "cloud_link": Code("材料放在网盘", _E, "四", "请在链接失效前下载，并请单位以附件重报"),
    "no_material": Code("邮件无材料", _E, "四", _RESEND),
    "duplicate_mail": Code("重复来件", _W, "四", "两件均已登记，以先到者为准，无需再报"),
    "resubmission": Code("后件替换前件", _W, "四", "以后件为准，两件均已保存"),
    "superseded": Code("已被后件替换", _W, "四", "以后件为准，此件仍予保存"),
    "late": Code("逾期报送", _E, "四", "请书面说明逾期原因，由办公室裁定"),
    "correction_late": Code("补正逾期", _Q, "四", "请书面说明逾期原因，由办公室裁定"),
    "correction_absent": Code("逾期未补正", _Q, "四", "请即补正；不再补正的由办公室按现有材料处理"),
    "arrival_unknown": Code("收到时间未载", _Q, "四", "请查明何时收到，在待处理中登记"),
    "withdrawn": Code("单位撤回推荐", _W, "二", "撤回依据见处理记录"),
    "on_file": Code("在册材料", _W, "四", "需要更正的照依据更正，写明依据和理由"),
    "corrected": Code("已按原件更正", _W, "附件1、附件2", "更正和理由见处理记录"),
    # stock-take, summary, assessment
    "target_not_met": Code("任务目标未完成", _E, "一", "请抓紧落实并说明措施"),
    "target_missing": Code("目标未下达", _W, "一", "请办公室补入 targets.csv", "office"),
    "target_disagrees": Code("任务目标与下达数不一致", _Q, "一", "请核对下达的目标任务"),
    "stocktake_absent": Code("未报送盘点表", _E, "一", _RESEND),
    "figure_missing": Code("盘点数字未填", _E, "一", "请填写；确无此项请填0"),
    "summary_absent": Code("未报送工作总结", _E, "二", _RESEND),
    "section_missing": Code("工作总结缺少内容", _E, "二", "请补充该部分"),
    # recommendation
    "over_quota": Code("推荐超出名额", _E, "二", "请在名额内选定后书面回复；未选定前均暂缓评审"),
    "under_minimum": Code("推荐少于掌握数", _Q, "二", "如无补充请告知"),
    "not_commended": Code("不在曾获表扬名单", _E, "二", "请提供2016年以来获得表扬的文件"),
    "commended_near": Code("与曾获表扬名单近似而不同", _Q, "二", "请确认是否同一对象"),
    "claim_over_unit": Code("个人或团队数大于单位数", _Q, "一", "请核对带动脱贫人数"),
    "claims_over_unit": Code("各件人数合计大于单位数", _Q, "一", "请核对各件带动脱贫人数"),
    "claim_differs": Code("事迹数字与表内数字不一致", _Q, "附件1、附件2", _SAY),
    "names_over_count": Code("专家姓名多于专家总人数", _Q, "附件1", _SAY),
    "duplicate_person": Code("同一人重复推荐", _E, "二", "请确定由一个单位推荐"),
    "duplicate_team": Code("同一团队重复推荐", _E, "二", "请确定由一个单位推荐"),
    "leader_also_individual": Code("团队负责人又作个人推荐", _Q, "二", "按本轮裁定处理"),
    "copied_text": Code("事迹文字雷同", _Q, "附件1、附件2", "请说明雷同原因"),
    # exhibition
    "exhibit_absent": Code("未报送展览素材", _W, "三(三)", _RESEND),
    "no_picture": Code("展览素材没有图片", _Q, "三(三)", "请补报图片原图和注释，或说明没有图片"),
    "part_missing": Code("展览文本缺少部分", _E, "三(三)", "请补充该部分"),
    "too_small": Code("图片小于规定", _E, "三(三)", "请报送不小于2M的原图"),
    "borderline": Code("图片大小处于两种算法之间", _W, "三(三)", "按本轮裁定处理"),
    "not_jpeg": Code("图片不是JPG格式", _E, "三(三)", "请报送JPG原图"),
    "padded": Code("图片经过填充", _E, "三(三)", "请报送未经处理的原图"),
    "images_only_in_docx": Code("图片只在文档中", _E, "三(三)", "请另附JPG原图文件"),
    "unexpected_type": Code("展览素材含有其他类型文件", _Q, "三(三)", "请人工归类"),
    "caption_missing": Code("图片没有注释", _E, "三(三)", "请补同名注释文件"),
    "caption_without_image": Code("注释没有图片", _E, "三(三)", "请补同名图片"),
    "name_mismatch": Code("图片与注释命名不一致", _E, "三(三)", "请改为同名"),
    "duplicate": Code("图片重复", _Q, "三(三)", "请确认图片归属"),
    "image_bomb": Code("图片像素异常", _E, "三(三)", "请重新导出后报送"),
    # the panel; for the office alone, never in a letter
    "tie": Code("利害关系待裁定", _Q, "评审回避", "向评委核实后裁定；裁定可以更改，以最后一次为准"),
}
"""Every code with its title, severity, clause of the notice and advice."""
