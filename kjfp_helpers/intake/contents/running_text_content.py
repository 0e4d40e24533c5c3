"""Content of running text: work summary, exhibition text, story, caption or unclassified."""

from collections.abc import Mapping

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.privacy import find_personal_numbers, has_identity_number
from kjfp_helpers.core.records import StoryAttachment, Summary
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.contents.content_model import FileContent, FileContext, RecordDraft
from kjfp_helpers.intake.contents.text_classifier import classify_text
from kjfp_helpers.intake.documents.sectioned_text import SectionedText
from kjfp_helpers.intake.forms.story_attachments import is_story_attachment


def kind_of_text(text: SectionedText, context: FileContext) -> str:
    """Classify a text as ``summary`` or ``exhibit`` by the notice, ``""`` for neither."""
    return classify_text(
        text,
        context.name,
        archived=context.archived,
        summary=context.notice.summary.heads,
        exhibit=context.notice.exhibition.parts,
    )


def content_of_text(text: SectionedText, raw_text: str, context: FileContext) -> FileContent:
    """Return the content of a text by its kind.

    Parameters
    ----------
    text : SectionedText
        The text, split at its headings.
    raw_text : str
        The whole text, stripped.
    context : FileContext
        The file that the text is from.
    """
    kind = kind_of_text(text, context)
    title = text.title or ""
    if kind == "summary":
        body = Summary(title=text.title, sections=text.sections)
        draft = RecordDraft("summary", body, _section_locations(text))
        return FileContent("summary", drafts=(draft,), unit_hints=(title,))
    if kind == "exhibit":
        return FileContent(
            "exhibit",
            text=text,
            unit_hints=(title,),
            caption_source=raw_text,
            findings=privacy_findings(raw_text, "展览文字"),
        )
    if raw_text and is_story_attachment(context.name, title, archived=context.archived):
        draft = RecordDraft("story_attachment", StoryAttachment(story=raw_text), {"story": "全文"})
        return FileContent("story_attachment", drafts=(draft,), unit_hints=(title,))
    if context.archived:
        return FileContent("caption", caption=raw_text, findings=privacy_findings(raw_text, "注释"))
    return _unclassified(text, raw_text)


def _unclassified(text: SectionedText, raw_text: str) -> FileContent:
    """Return a text of no known kind with the finding that asks for its kind."""
    expected = "推荐表、盘点表、工作总结或展览素材"
    if not raw_text:
        return FileContent("unknown", findings=make_problems("unsorted", expected, "空白文档"))
    body = Summary(title=text.title, sections=text.sections)
    return FileContent(
        "unknown",
        unclassified=RecordDraft("unsorted", body, _section_locations(text)),
        findings=make_problems("unsorted", expected, "看不出是哪种材料"),
        caption_source=raw_text,
    )


def _section_locations(text: SectionedText) -> Mapping[str, str]:
    return {f"sections.{index}": location for index, location in enumerate(text.locations)}


def privacy_findings(text: str, what: str) -> tuple[Problem, ...]:
    """Return a finding if a text that is to be public holds identity or phone numbers."""
    if has_identity_number(text):
        return make_problems("private_data", f"公开的{what}不含身份证号码", "含有身份证号码")
    if find_personal_numbers(text):
        return make_problems("private_data", f"公开的{what}不含电话等号码", "含有电话等号码")
    return ()
