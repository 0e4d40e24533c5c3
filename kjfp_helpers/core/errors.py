"""Exceptions of the project; their messages are in Chinese, for the office."""

import errno
import re
from collections.abc import Iterable
from typing import Any

NOT_FOUND = "没有找到"
"""``found`` of a missing file; without ``expected`` the message begins with it."""
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
"""Control characters: they would move a terminal's cursor or reverse its text."""


def os_error_reason(error: OSError) -> str:
    """Return in Chinese why the system refused a file or a folder."""
    return _REASONS.get(error.errno or 0, f"系统错误{error.errno or '不明'}")


class KjfpError(Exception):
    """Base class: an error that the user can correct.

    Parameters
    ----------
    where : str
        File and location in it, as the user would look it up.
    expected : str
        What is required there; blank where ``found`` is enough.
    found : str
        What was found instead (never an identity number or a phone number).
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
        """Support pickling, to pass from one process to another."""
        return _restore, (type(self), self.args, vars(self))

    def _render_traceback_(self) -> list[str]:
        """Show the message without a traceback in a notebook (hook of IPython)."""
        return [f"\x1b[31m{line}\x1b[0m" for line in str(self).splitlines()]


def _restore(
    kind: type[KjfpError], arguments: tuple[str, ...], attributes: dict[str, Any]
) -> KjfpError:
    error = kind.__new__(kind)
    error.args = arguments
    vars(error).update(attributes)
    return error


class RuleError(KjfpError):
    """A rule file is missing, malformed or contains an unknown name."""


class RuleErrors(KjfpError):
    """Several rule errors at once."""

    def __init__(self, problems: Iterable[RuleError]) -> None:
        self.problems = tuple(problems)
        Exception.__init__(self, "\n".join(str(problem) for problem in self.problems))


class ScoreTableError(KjfpError):
    """A table of scores cannot be read, or its rows are invalid."""


class ScoreTableErrors(ScoreTableError):
    """Several errors in a table of scores at once."""

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
    """The hash chain of the ledger is broken from the named event on."""


class AccessError(KjfpError):
    """The current account may not open, record or run this."""


class ScreenRefused(AccessError):
    """The current account may not open a screen, nor read in the library what it shows."""

    def _sentence(self) -> str:
        return f"{self.found}{self.advice}"


class NotReadyError(KjfpError):
    """What is asked for does not exist yet at this stage of the year."""


class FrameError(KjfpError):
    """A frame does not hold what its declaration says."""


class ResultUnknown(LedgerError):
    """It is not known whether the ledger recorded an event."""


class ParameterError(KjfpError):
    """A notebook was given a parameter it does not have, or lacks one it needs."""


class ParameterErrors(ParameterError):
    """Several wrong parameters at once."""

    def __init__(self, problems: Iterable[ParameterError]) -> None:
        self.problems = tuple(problems)
        Exception.__init__(self, "\n".join(str(problem) for problem in self.problems))


class UnknownFrameError(ParameterError, AttributeError):
    """A round has no frame of the name that was written."""


class AssignmentError(KjfpError):
    """The cases cannot be assigned to the panel under the current rules."""


class PacketError(KjfpError):
    """A packet cannot be prepared, or nothing of a returned one can be imported."""


class SelectionError(KjfpError):
    """The seats cannot be filled under the current rules."""


class UnprovedError(SelectionError):
    """The search for a list reached its limit before optimality was proved."""


class DifferenceError(KjfpError):
    """Deriving the round again gave a result other than the recorded one."""


class ClusterError(KjfpError):
    """A Dask cluster cannot be reached, or a worker has another version of the code."""
