"""The result of one check of the machine."""

from dataclasses import dataclass
from typing import Literal

State = Literal["fine", "optional", "required"]


@dataclass(frozen=True)
class Check:
    """What was found of one thing that the program rests on.

    ``state`` is ``fine``, or says whether what lacks is ``optional`` or ``required``; then
    ``cost`` says what cannot be done without it and ``cure`` how to get it, in Chinese.
    """

    title: str
    state: State
    found: str
    cost: str = ""
    cure: str = ""

    def __str__(self) -> str:
        """Return it as lines for a terminal.

        Examples
        --------
        >>> print(Check("unar", "optional", "没有安装", "rar 压缩包读不了", "安装 unar"))
        △ unar：没有安装
            影响：rar 压缩包读不了
            办法：安装 unar
        """
        symbol = {"fine": "✓", "optional": "△", "required": "✗"}[self.state]
        lines = [f"{symbol} {self.title}：{self.found}"]
        if self.cost:
            lines.append(f"    影响：{self.cost}")
        if self.cure:
            lines.append(f"    办法：{self.cure}")
        return "\n".join(lines)
