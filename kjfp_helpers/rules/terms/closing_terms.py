"""Terms of what follows the list: the decision to commend (表扬决定) and the archive (归档)."""

from typing import Literal

from pydantic import Field

from kjfp_helpers.rules.base_model import StrictModel

ArchiveCategory = Literal[
    "rules", "submissions", "letters", "review", "meeting", "list", "notice", "decision", "reports"
]
"""What an archived paper is about, see :data:`kjfp_helpers.commands.archive.archive_index`."""


class DecisionTerms(StrictModel):
    """What the decision and the certificates print beside names and numbers.

    ``work`` is what people are commended for, blank for the title of the round; ``recipient`` is
    to whom the decision goes (主送机关).
    """

    work: str = ""
    recipient: str = Field(default="各推荐单位", min_length=1)


class ArchiveTerms(StrictModel):
    """For how long papers are kept: ``permanent`` names categories, all others ``years``."""

    years: int = Field(default=30, ge=1)
    permanent: tuple[ArchiveCategory, ...] = ("rules", "meeting", "list", "notice", "decision")

    def retention(self, category: str) -> str:
        """Return the term of a category, in Chinese.

        Examples
        --------
        >>> ArchiveTerms().retention("decision"), ArchiveTerms(years=10).retention("letters")
        ('永久', '10年')
        """
        return "永久" if category in self.permanent else f"{self.years}年"
