"""What a result is: printed, estimated, derived, or derived from an estimate.

Responsibility: one word for the column ``basis`` of every table, so that no number hides that it rests on an estimate.
"""

from __future__ import annotations

from kg_analysis.quantities import Quantity

ESTIMATE, DERIVED, DERIVED_ESTIMATE = "estimate", "derived", "derived_estimate"
CHECK, WRONG = "check", "wrong"  # of the figures, and a mistake shown as one


def nature(found: Quantity) -> str:
    """Basis of a printed number; of a derived one, whether an estimate stands behind it."""
    if found.basis:
        return found.basis
    return DERIVED_ESTIMATE if ESTIMATE in found.rests_on else DERIVED
