"""Personal numbers masked in what units wrote: findings and changes between versions."""

from dataclasses import replace

import pandas as pd

from kjfp_helpers.core import privacy
from kjfp_helpers.core.findings import Finding


def mask_finding(finding: Finding) -> Finding:
    """Mask numbers that a unit wrote into a file name or a heading."""
    mask = privacy.mask_personal_numbers
    return replace(
        finding,
        place=mask(finding.place),
        expected=mask(finding.expected),
        found=mask(finding.found),
    )


def mask_version_changes(versions: pd.DataFrame) -> pd.DataFrame:
    """Mask numbers that stand in free text, such as a phone number in an address."""
    free = {name: versions[name].map(privacy.mask_personal_numbers) for name in ("old", "new")}
    return versions.assign(**free)
