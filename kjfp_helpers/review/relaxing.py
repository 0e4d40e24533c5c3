"""A design that cannot be: the fewest limits to relax, found by solving and not guessed.

Whether a design exists is decided by the flow; what would make one possible is a mixed-integer
programme over the same network, in which relaxing a limit costs one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kjfp_helpers.errors import DesignError
from kjfp_helpers.review.board import PLACE
from kjfp_helpers.review.design import Demand, Ints, level, solve

MOST_NEW = 5
"""So many further members are tried at most."""
NAMED = 6
"""So many limits of one sort are named; of the rest only the number."""
LATER = 1e-3
"""Among equally few limits, loads give way before readers, and readers before conflicts."""
SECONDS = 20.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Relaxed:
    """The fewest limits whose relaxing makes a design possible.

    ``loads`` are members whose load need not equal the others', ``readers`` cases with the number
    of readers they go without, ``conflicts`` pairs of member and case that would have to read.
    """

    loads: tuple[str, ...]
    readers: tuple[tuple[str, int], ...]
    conflicts: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """How many limits there are."""
        return len(self.loads) + sum(less for _, less in self.readers) + len(self.conflicts)

    def __str__(self) -> str:
        """Name them in Chinese."""
        parts = (
            ("不要求 {} 的件数与他人持平", list(self.loads)),
            ("减少评阅人数：{}", [f"{case} 少 {less} 名" for case, less in self.readers]),
            ("经裁定无须回避：{}", [f"{member} 与 {case}" for member, case in self.conflicts]),
        )
        return "；".join(words.format(_named(names)) for words, names in parts if names)


def impossible(
    demand: Demand, others: Iterable[tuple[str, Demand]], *, equal: bool = True
) -> DesignError:
    """Return the error that names the fewest limits to relax.

    Parameters
    ----------
    demand : Demand
        That no design meets with loads that differ by at most one.
    others : iterable of (str, Demand)
        Changes of a single ruling, in words, and the demand under it: the first of them that
        a design meets is named as another way.
    equal : bool
        Whether loads must be equal.
    """
    relaxed = relax(demand, equal=equal)
    ways = [f"放宽 {relaxed.count} 处（已是最少）：{relaxed}"] if relaxed else []
    ways += [words for words, other in others if _possible(other, equal)][:1]
    ways += _more_members(demand, equal)
    advice = "；或者".join(f"（{number}）{way}" for number, way in enumerate(ways, start=1))
    return DesignError(
        PLACE,
        expected="评阅人数、回避、负担相差不超过一件能同时满足",
        found=f"经求解不能（{len(demand.cases)} 件、{len(demand.members)} 名评委）",
        advice=f"任选一种办法后重新分派：{advice}" if ways else "增补评委后重新分派",
    )


def relax(demand: Demand, *, equal: bool = True) -> Relaxed | None:
    """Return the fewest limits to relax, None where the solver gives no answer in time.

    Cases of one kind with the same needs and the same free members are one row of the programme:
    readings of such cases can be dealt out in turn, so nothing is lost.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    programme = _Programme.of(demand, equal)
    found = milp(
        programme.costs, integrality=programme.whole, bounds=Bounds(0, programme.most),
        constraints=[LinearConstraint(programme.matrix, programme.least, programme.top)],
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )  # fmt: skip
    return programme.read(np.rint(found.x)) if found.status == 0 else None


@dataclass(frozen=True, kw_only=True)
class _Programme:
    """Variables: readings of a group by a member; readers a group lacks; further readings; whether
    a member's load is free; the common load. Rows: groups, loads from below and above, budgets.
    """  # noqa: D205

    demand: Demand
    groups: tuple[Ints, ...]
    pairs: tuple[Ints, Ints]
    costs: Floats
    whole: Floats
    most: Floats
    matrix: object
    least: Floats
    top: Floats

    @classmethod
    def of(cls, demand: Demand, equal: bool) -> "_Programme":
        from scipy.sparse import coo_array, hstack, vstack

        open_ = ~demand.held
        levels = 0 if demand.gains is None else demand.gains.shape[1]
        keys = np.column_stack([demand.team, demand.needs, demand.free, demand.held])
        _, label = np.unique(keys, axis=0, return_inverse=True)
        groups = tuple(np.flatnonzero(label.ravel() == one) for one in range(label.max() + 1))
        first, size = np.array([rows[0] for rows in groups]), np.array([len(r) for r in groups])
        group, member = np.nonzero(open_[first])
        pairs, count, members = len(group), len(groups), len(demand.members)
        ones = np.ones(pairs)
        by_group = coo_array((ones, (group, np.arange(pairs))), (count, pairs))
        by_member = coo_array((ones, (member, np.arange(pairs))), (members, pairs))
        unit = coo_array(np.eye(count))
        kind = coo_array(np.array([demand.team[first], ~demand.team[first]], dtype=float))
        large = float(len(demand.cases) + demand.given)
        slack = coo_array(np.eye(members) * large)
        common = coo_array(np.full((members, 1), -1.0))

        def blank(rows: int, columns: int) -> object:
            return coo_array((rows, columns))

        matrix = vstack([
            hstack([by_group, unit, -unit, blank(count, members), blank(count, 1)]),
            hstack([by_member, blank(members, 2 * count), slack, common]),
            hstack([by_member, blank(members, 2 * count), -slack, common]),
            hstack([blank(2, pairs), blank(2, count), kind, blank(2, members + 1)]),
        ]).tocsc()  # fmt: skip
        held = demand.held.sum(axis=0).astype(float)
        needs = (demand.needs[first] * size).astype(float)
        endless = np.full(members, np.inf)
        budget = np.array(demand.further, dtype=float)
        free = demand.free[first][group, member]
        return cls(
            demand=demand, groups=groups, pairs=(group, member), matrix=matrix,
            costs=np.concatenate([np.where(free, 0, 1 + 2 * LATER), np.full(count, 1 + LATER),
                                  np.zeros(count), np.full(members, float(equal)), [0]]),
            whole=np.concatenate([np.zeros(pairs + 2 * count), np.ones(members + 1)]),
            most=np.concatenate([size[group], needs, levels * size, np.ones(members), [large]]),
            least=np.concatenate([needs, -held, -endless, budget]),
            top=np.concatenate([needs, endless, 1 - held, budget]),
        )  # fmt: skip

    def read(self, values: Floats) -> Relaxed:
        """Return the limits that a solution relaxes, dealt out over the cases of a group."""
        (group, member), demand, count = self.pairs, self.demand, len(self.groups)
        pairs = len(group)
        lifted, turn = [], dict.fromkeys(range(count), 0)
        for place in np.flatnonzero(values[:pairs]).tolist():
            rows, who = self.groups[group[place]], demand.members[member[place]]
            if demand.free[rows[0], member[place]]:
                continue
            for _ in range(int(values[place])):
                row = rows[turn[group[place]] % len(rows)]
                turn[group[place]] += 1
                lifted.append((who, demand.cases[row]))
        short = []
        for rows, lacking in zip(self.groups, values[pairs : pairs + count], strict=True):
            each, more = divmod(int(lacking), len(rows))
            short += [(demand.cases[row], each + (place < more)) for place, row in enumerate(rows)]
        loose = values[pairs + 2 * count : -1]
        return Relaxed(
            loads=tuple(
                demand.members[column]
                for column in np.flatnonzero(loose * self.costs[-1 - len(loose) : -1])
            ),
            readers=tuple(sorted((case, less) for case, less in short if less)),
            conflicts=tuple(sorted(lifted)),
        )


def _possible(demand: Demand, equal: bool) -> bool:
    solved = solve(demand, (0,))
    return solved.whole and (not equal or level((demand.held | solved.new).sum(axis=0)))


def _more_members(demand: Demand, equal: bool) -> list[str]:
    """Return how many further members without any conflict would do, where so many are enough."""
    for number in range(1, MOST_NEW + 1):
        shape = (len(demand.cases), number)
        more = replace(
            demand, members=demand.members + tuple(f"+{n}" for n in range(number)),
            free=np.hstack([demand.free, np.ones(shape, dtype=bool)]),
            held=np.hstack([demand.held, np.zeros(shape, dtype=bool)]),
        )  # fmt: skip
        if _possible(more, equal):
            return [f"增补 {number} 名无须回避的评委"]
    return []


def _named(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 处" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more
