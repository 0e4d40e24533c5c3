"""Made-up panels with known truth, and what an oracle and two-way REML make of their marks."""

from dataclasses import dataclass, field, replace

import numpy as np

WEIGHTS = np.array([0.30, 0.25, 0.20, 0.15, 0.10])
COMMON = 0.7
"""Correlation of two criteria's true qualities."""

SHARED = 0.85
"""Share of the noise of a mark that its criteria have in common."""


@dataclass(frozen=True)
class Design:
    """A panel and its cases; severity, spread and noise in units of true quality."""

    cases: int = 250
    members: int = 15
    each: int = 5
    places: int = 20
    severity: float = 0.5
    spread: float = 0.2
    noise: float = 0.8
    unsteady: float = 0.2
    careless: float = 0.1
    lost: float = 0.06
    centre: float = 75
    step: float = 1
    heavy: bool = False
    regions: int = 1
    outside: float = 1.0
    """Share of readings from any region; the rest are from the case's own."""


@dataclass(frozen=True)
class Panel:
    """Marks (case, member, total) with the truth behind them."""

    case: np.ndarray
    member: np.ndarray
    total: np.ndarray
    truth: np.ndarray
    habits: np.ndarray = field(repr=False)
    design: Design = field(default_factory=Design)


REGIONS = Design(members=30, regions=5)
LISTED = {
    "R 15, m 5": Design(),
    "R 15, m 3": Design(each=3),
    "R 15, m 7": Design(each=7),
    "persons, m 5": Design(cases=290, places=50),
    "R 40, m 5": Design(members=40),
    "R 80, m 5": Design(members=80),
    "trained panel": Design(severity=0.2, spread=0.08, noise=0.4),
    "lay panel": Design(severity=0.8, spread=0.3, noise=1.4),
    "no careless member": Design(careless=0),
    "a fifth careless": Design(careless=0.2),
    "marks 1-10": Design(step=10),
    "ceiling (mean 85)": Design(centre=85),
    "heavy-tailed noise": Design(heavy=True),
    "5 regions, read anywhere": REGIONS,
    "own region only (apart)": replace(REGIONS, outside=0),
    "10% from outside": replace(REGIONS, outside=0.1),
    "25% from outside": replace(REGIONS, outside=0.25),
}
THIN = {
    "40 cases, 3 of 20": Design(40, 20, 3, 8, careless=0),
    "the same, members alike": Design(40, 20, 3, 8, careless=0, severity=0.15, spread=0.1),
    "all 6 read all 30": Design(30, 6, 6, 5),
    "6 read 30, members alike": Design(30, 6, 6, 5, 0.2, 0.05, careless=0),
    "60 cases, 2 of 8": Design(60, 8, 2, 10, careless=0),
    "2 members read all 40": Design(40, 2, 2, 8, careless=0),
    "12 cases, 20 of 60": Design(12, 60, 20, 3, careless=0),
    "3 of 100, members alike": Design(100, 100, 3, 15, 0.2, 0.1, careless=0),
    "skating-like: 9 read 24": Design(24, 9, 9, 3, 0.15, 0.05, 0.3, careless=0, lost=0),
    "dance-like: 5 of 7, 16": Design(16, 7, 5, 3, 0.3, 0.1, 0.6, careless=0, lost=0),
    "grants: 3 of 12, 36": Design(36, 12, 3, 9, 0.4, 0.2, 0.7, careless=0),
    "no habits at all": Design(60, 10, 4, 10, 0, 0, unsteady=0, careless=0),
}
SMALL = {
    f"{cases} of {members}, {each} each, b {severity:g}": Design(
        cases, members, each, places, severity, spread, unsteady=spread, careless=0
    )
    for cases, members, each, places in (
        (20, 12, 5, 3),
        (24, 10, 3, 3),
        (28, 12, 3, 3),
        (36, 9, 5, 4),
        (40, 8, 4, 6),
    )
    for severity, spread in ((0, 0), (0.1, 0.05), (0.2, 0.05), (0.4, 0.2), (0.8, 0.2))
}
"""Panels of 20 to 40 cases and 8 to 12 members, from all alike to as far apart as one score."""


def draw(design: Design, seed: int) -> Panel:
    """Return one panel's marks."""
    random = np.random.default_rng(seed)
    d = design
    own = random.normal(size=(d.cases, len(WEIGHTS)))
    quality = np.sqrt(COMMON) * random.normal(size=(d.cases, 1)) + np.sqrt(1 - COMMON) * own
    quality /= np.sqrt(COMMON + (1 - COMMON) * WEIGHTS @ WEIGHTS)
    severity = random.normal(0, d.severity, d.members)
    spread = np.exp(random.normal(0, d.spread, d.members))
    noise = d.noise * np.exp(random.normal(0, d.unsteady, d.members))
    careless = random.permutation(d.members)[: round(d.careless * d.members)]
    spread[careless] *= 0.2
    noise[careless] *= 1.5
    case, member = _readings(d, random)
    kept = random.random(len(case)) >= d.lost
    case, member = case[kept], member[kept]
    error = np.sqrt(SHARED) * _noise(d, random, (len(case), 1))
    error = error + np.sqrt(1 - SHARED) * _noise(d, random, (len(case), len(WEIGHTS)))
    worth = severity[member, None] + spread[member, None] * quality[case]
    marks = d.centre + 10 * (worth + noise[member, None] * error)
    marks = np.clip(np.round(marks / d.step) * d.step, 0, 100)
    overall = noise * np.sqrt(SHARED + (1 - SHARED) * WEIGHTS @ WEIGHTS)
    return Panel(
        case,
        member,
        np.round(marks @ WEIGHTS, 6),
        quality @ WEIGHTS,
        np.stack([severity, spread, overall]),
        d,
    )


def _noise(design: Design, random: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    if design.heavy:  # Student's t with three degrees of freedom, of variance one
        return random.standard_t(3, size=shape) / np.sqrt(3)
    return random.normal(size=shape)


def _readings(d: Design, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Give each case its readers, always those who have read least."""
    load, rows = np.zeros(d.members), []
    home, region = np.arange(d.members) % d.regions, np.arange(d.cases) % d.regions
    for case in random.permutation(d.cases):
        guests = int((random.random(d.each) < d.outside).sum()) if d.regions > 1 else d.each
        near = home == region[case]
        pools = (
            [(~near, guests), (near, d.each - guests)] if d.outside < 1 else [(load >= 0, d.each)]
        )
        for pool, number in pools:
            able = np.flatnonzero(pool)
            picked = able[np.argsort(load[able] + random.random(len(able)) * 0.99)[:number]]
            load[picked] += 1
            rows += [(case, reader) for reader in picked]
    table = np.array(rows)
    return table[:, 0], table[:, 1]


def oracle(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of each truth for who knows every habit."""
    severity, spread, noise = panel.habits[:, panel.member]
    cases = len(panel.truth)
    away = (panel.total - panel.design.centre) / 10 - severity
    weight = 1 + np.bincount(panel.case, (spread / noise) ** 2, cases)
    return np.bincount(panel.case, spread / noise**2 * away, cases) / weight, 1 / np.sqrt(weight)


def two_way(panel: Panel) -> np.ndarray:
    """Return the cases' effects of the mixed model with equal spread and noise, by REML."""
    from kjfp_helpers.selection.ranking.variance_components import estimate_components

    cases, members = len(panel.truth), len(panel.habits[0])
    y = (panel.total - panel.total.mean()) / panel.total.std()
    parts = estimate_components(panel.case, panel.member, y)
    read = np.zeros((cases, members))
    read[panel.case, panel.member] = 1
    count = read.sum(1)
    core = np.diag([len(y), *(read.sum(0) + parts.noise / parts.member)])
    core[0, 1:] = core[1:, 0] = read.sum(0)
    border = np.column_stack([count, read])
    by_case = np.bincount(panel.case, y, cases)
    by_core = np.concatenate([[y.sum()], np.bincount(panel.member, y, members)])
    weight = 1 / (count + parts.noise / parts.case)
    left = core - (border * weight[:, None]).T @ border
    solution = np.linalg.solve(left, by_core - border.T @ (weight * by_case))
    return weight * (by_case - border @ solution)


def recall(value: np.ndarray, panel: Panel) -> float:
    """Return the share of the true first that are listed; ties at the cut count by chance."""
    places, top = panel.design.places, np.zeros(len(panel.truth))
    top[np.argsort(-panel.truth)[:places]] = 1
    value = np.round(value, 9)
    cut = np.sort(value)[-places]
    above, level = value > cut, value == cut
    share = (places - above.sum()) / level.sum()
    return float((top[above].sum() + share * top[level].sum()) / places)
