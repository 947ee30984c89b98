"""How hard a check is, and how well it tells students apart.

Difficulty is the mean share of the points, p = mean(x): 1 where everybody is right. Discrimination is the
point-biserial correlation of the share with the rest score, the sum of all other checks:

    r = (m₁ - m₀) / s · √(p (1 - p))

with m₁ and m₀ the mean rest score of those who are right and of those who are not, and s the standard deviation
of the rest score. It equals Pearson's correlation, which is what is computed where there are partial points.

Source: Crocker and Algina, Introduction to classical and modern test theory (1986), chapter on item analysis.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Shares = npt.NDArray[np.float64]
SPREAD = 1e-12  # below it all values are the same


@dataclass(frozen=True)
class Quality:
    """difficulty: None where nobody was judged; discrimination: None where one of both does not vary."""

    difficulty: float | None
    discrimination: float | None


def qualities(shares: Shares, points: Shares) -> list[Quality]:
    """The quality of each check. shares: (students, checks), of its points, NaN where a person decides."""
    return [_quality(shares, points, column) for column in range(shares.shape[1])]


def _quality(shares: Shares, points: Shares, column: int) -> Quality:
    judged = shares[~np.isnan(shares[:, column])]
    if not len(judged):
        return Quality(None, None)
    share = judged[:, column]
    rest = np.nansum(np.delete(judged * points, column, axis=1), axis=1)
    if share.std() < SPREAD or rest.std() < SPREAD:
        return Quality(float(share.mean()), None)
    return Quality(float(share.mean()), float(np.corrcoef(share, rest)[0, 1]))
