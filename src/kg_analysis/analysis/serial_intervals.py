"""Serial intervals: which ones are assumed, and the probabilities of a number of days that follow.

Responsibility: mean and standard deviation as chosen or as in ``assumptions.csv``, discretised. Which interval is right
for a variant and a place is not known here: two are always shown.

Terms: *serial interval* = days from the first symptoms of a case to those of the case it infects; w_k = its probability
of k days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kg_analysis.analysis.daily import Floats
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError

TAIL = 1e-10  # of the distribution that is cut off


@dataclass(frozen=True)
class SerialInterval:
    """Mean and standard deviation of a serial interval [days].

    Attributes
    ----------
    name : str
        ``first`` or ``second``: its place beside the other.
    mean_days, sd_days : float
    chosen : bool
        Whether the reader set it, or it stands in ``assumptions.csv``.
    """

    name: str
    mean_days: float
    sd_days: float
    chosen: bool = False


def intervals(
    data: Dataset,
    mean_days: float | None = None,
    sd_days: float | None = None,
    second_mean_days: float | None = None,
    second_sd_days: float | None = None,
) -> tuple[SerialInterval, ...]:
    """The two serial intervals that a reader sets [days]; those of ``assumptions.csv`` where none is set."""
    given = {"first": (mean_days, sd_days), "second": (second_mean_days, second_sd_days)}
    found = []
    for name, pair in given.items():
        mean, sd = (
            data.assumption(f"serial_interval_{name}_{part}").value if value is None else value
            for part, value in zip(("mean", "sd"), pair, strict=True)
        )
        found.append(SerialInterval(name, mean, sd, pair != (None, None)))
    return tuple(found)


def probabilities(mean_days: float, sd_days: float) -> Floats:
    """Probabilities w_0, w_1, ... of a serial interval of k days: a gamma distribution shifted by one day.

    Parameters
    ----------
    mean_days, sd_days : float
        The mean must be above 1 day.

    Returns
    -------
    ndarray
        w_0 = 0; as long as the distribution is, but for a tail of 1e-10.

    Raises
    ------
    DataError
        If the mean is not above 1 day or the standard deviation not positive.

    References
    ----------
    Cori et al. 2013, web appendix 11: each w_k is the gamma density integrated against a triangle of two days.
    """
    from scipy.special import gammainc, gammaincinv  # noqa: PLC0415

    if not (mean_days > 1 and sd_days > 0):
        raise DataError(
            f"serial interval of mean {mean_days} and sd {sd_days} days: give a mean above 1 day and an sd above 0"
        )
    shape, scale = ((mean_days - 1) / sd_days) ** 2, sd_days**2 / (mean_days - 1)
    days = np.arange(int(scale * gammaincinv(shape, 1 - TAIL)) + 4, dtype=float)

    def mass(x: Floats) -> Floats:
        """Second antiderivative of the density, up to a linear term that the differences below remove."""
        positive = np.maximum(x, 0) / scale
        return np.asarray(x * gammainc(shape, positive) - shape * scale * gammainc(shape + 1, positive))

    weights = mass(days) - 2 * mass(days - 1) + mass(days - 2)
    return np.maximum(weights, 0)
