"""Every error the project raises on purpose; each speaks to a clerk, in Chinese."""

from collections.abc import Iterable


class KjfpError(Exception):
    """A stop that a person can mend.

    Parameters
    ----------
    where : str
        File and place, as a clerk would look it up.
    expected : str
        What should have stood there.
    found : str
        What came instead (never an identity number or a phone number).
    advice : str
        What to do next.
    """

    def __init__(self, where: str, *, expected: str, found: str, advice: str) -> None:
        self.where, self.expected, self.found, self.advice = where, expected, found, advice
        super().__init__(f"{where}：应为{expected}，实为{found}。请{advice}。")

    def _render_traceback_(self) -> list[str]:
        """Show a notebook's reader the sentence alone; IPython asks for it by this name."""
        return [f"\x1b[31m{line}\x1b[0m" for line in str(self).splitlines()]


class RuleError(KjfpError):
    """A rule file is missing, malformed or holds a name nobody knows."""


class RuleErrors(KjfpError):
    """Several rule errors at once, so that one reading mends them all."""

    def __init__(self, problems: Iterable[RuleError]) -> None:
        self.problems = tuple(problems)
        Exception.__init__(self, "\n".join(str(problem) for problem in self.problems))


class InboxError(KjfpError):
    """The inbox is missing, empty or cannot be read."""


class OutputError(KjfpError):
    """The output folder cannot be written."""


class LedgerError(KjfpError):
    """The ledger cannot be opened, belongs to another round, or refuses an event."""


class LedgerBroken(LedgerError):
    """The chain of the ledger does not hold from the event that is named."""


class ParameterError(KjfpError):
    """A notebook was given a parameter it does not have, or lacks one it needs."""


class DesignError(KjfpError):
    """The panel cannot read the cases under the rules as they stand."""


class SelectionError(KjfpError):
    """The places cannot be filled under the rules as they stand."""


class DifferenceError(KjfpError):
    """Deriving the round again gave something else than the ledger holds."""
