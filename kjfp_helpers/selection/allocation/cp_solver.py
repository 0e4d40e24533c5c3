"""CP-SAT within a budget: every search ends, and what is not proved is reported.

Work is counted in CP-SAT's deterministic seconds, which depend on the model and on the version
of the solver but not on the machine, so that a list that is proved here is proved anywhere. The
limit of real time is far above it and only keeps a broken machine from waiting for ever. Neither
limit ever changes a list: what is not proved is not returned.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kjfp_helpers.core.errors import UnprovedError

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

WALL_SECONDS = 600.0
"""Real seconds after which a search is given up whatever the budget."""


@dataclass
class Budget:
    """What the solver may still spend on one list, or on all the lists of one analysis.

    Parameters
    ----------
    work : float
        Deterministic seconds in all.
    each : float
        Deterministic seconds of one search at most.
    """

    work: float
    per_search: float = float("inf")
    deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + WALL_SECONDS

    def solve(
        self,
        model: "cp_model.CpModel",
        variables: Sequence["cp_model.IntVar"],
        step: str,
        known: str,
    ) -> list[int] | None:
        """Solve to the end in one thread; ``None`` where nothing is allowed.

        Parameters
        ----------
        wanted : sequence of variables
            Whose values are returned.
        step, proved : str
            In Chinese, what is looked for and what is known without it.

        Raises
        ------
        UnprovedError
            When the budget was used up, or the model's numbers are too large for the solver.
        """
        from ortools.sat.python import cp_model  # loads what most lists do without

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = max(min(self.work, self.per_search), 0.0)
        solver.parameters.max_time_in_seconds = max(self.deadline - time.monotonic(), 0.0)
        status = solver.solve(model)
        self.work -= solver.deterministic_time
        if status == cp_model.INFEASIBLE:
            return None
        if status != cp_model.OPTIMAL:
            reason = self._describe_exhaustion(status == cp_model.MODEL_INVALID)
            raise UnprovedError(
                "入围名单",
                expected=f"在限定的计算量内查明{step}",
                found=f"{reason}仍未查明（{known}）",
                advice="合并或删减互相交叉的限制后重试；仍不能查明的，将轮次文件夹交维护人员核对",
            )
        return [int(solver.value(one)) for one in variables]

    def _describe_exhaustion(self, invalid: bool) -> str:
        if invalid:
            return "数值过大，求解器不能计算，"
        if time.monotonic() >= self.deadline:
            return f"用时超过{WALL_SECONDS:g}秒（此项与机器快慢有关，可换一台机器再试），"
        return "计算量已用完（与机器快慢无关），"
