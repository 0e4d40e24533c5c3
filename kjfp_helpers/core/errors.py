"""Every error the project raises on purpose; each speaks to a clerk, in Chinese."""

import errno
import re
from collections.abc import Iterable
from typing import Any

NOT_FOUND = "没有找到"
"""What came instead of a file that is missing; without ``expected`` it is said first."""
_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.ENOENT: NOT_FOUND,
    errno.ENOTDIR: "不是文件夹",
    errno.EISDIR: "是文件夹而不是文件",
    errno.EEXIST: "已有同名文件",
    errno.ENOTEMPTY: "文件夹不空",
    errno.ENAMETOOLONG: "名称过长",
    errno.EBUSY: "正被占用",
    errno.ETXTBSY: "正被占用",
    errno.ELOOP: "链接成环",
    errno.EIO: "磁盘读写出错",
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Signs that would move a terminal's cursor or turn its text around."""


def os_error_reason(error: OSError) -> str:
    """Return in Chinese why the system refused a file or a folder."""
    return _REASONS.get(error.errno or 0, f"系统错误{error.errno or '不明'}")


class KjfpError(Exception):
    """A stop that a person can mend.

    Parameters
    ----------
    where : str
        File and place, as a clerk would look it up.
    expected : str
        What should have stood there; blank where ``found`` says it all.
    found : str
        What came instead (never an identity number or a phone number).
    advice : str
        What to do next.
    """

    def __init__(self, where: str, *, expected: str = "", found: str, advice: str) -> None:
        parts = (_CONTROL.sub("·", part) for part in (where, expected, found, advice))
        self.where, self.expected, self.found, self.advice = parts
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        if self.expected:
            return f"{self.where}：应为{self.expected}，实为{self.found}。请{self.advice}。"
        if self.found == NOT_FOUND:
            space = " " if self.where[:1].isascii() else ""
            return f"找不到{space}{self.where}，请{self.advice}。"
        return f"{self.where}：{self.found}。请{self.advice}。"

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it pass from one process to another."""
        return _again, (type(self), self.args, vars(self))

    def _render_traceback_(self) -> list[str]:
        """Show a notebook's reader the sentence alone; IPython asks for it by this name."""
        return [f"\x1b[31m{line}\x1b[0m" for line in str(self).splitlines()]


def _again(kind: type[KjfpError], said: tuple[str, ...], parts: dict[str, Any]) -> KjfpError:
    error = kind.__new__(kind)
    error.args = said
    vars(error).update(parts)
    return error


class RuleError(KjfpError):
    """A rule file is missing, malformed or holds a name nobody knows."""


class RuleErrors(KjfpError):
    """Several rule errors at once, so that one reading mends them all."""

    def __init__(self, problems: Iterable[RuleError]) -> None:
        self.problems = tuple(problems)
        Exception.__init__(self, "\n".join(str(problem) for problem in self.problems))


class ScoreTableError(KjfpError):
    """A table of marks cannot be read, or its rows do not hold."""


class ScoreTableErrors(ScoreTableError):
    """Several faults of a table of marks at once."""

    def __init__(self, problems: Iterable[ScoreTableError]) -> None:
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


class AccessError(KjfpError):
    """The account at work may not open, record or run what was asked for."""


class ResultUnknown(LedgerError):
    """Whether the ledger took an event could not be found out: it may have."""


class ParameterError(KjfpError):
    """A notebook was given a parameter it does not have, or lacks one it needs."""


class AssignmentError(KjfpError):
    """The panel cannot read the cases under the rules as they stand."""


class PacketError(KjfpError):
    """A packet cannot be prepared, or nothing of a filled-in one can be taken."""


class SelectionError(KjfpError):
    """The places cannot be filled under the rules as they stand."""


class UnprovedError(SelectionError):
    """A search for a list used up its budget before all was proved that a list needs."""


class DifferenceError(KjfpError):
    """Deriving the round again gave something else than the ledger holds."""


class ClusterError(KjfpError):
    """A Dask cluster cannot be reached, or a worker of it would make other reports."""
