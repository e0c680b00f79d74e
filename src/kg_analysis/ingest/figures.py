"""Every printed figure of a text, and everything with a digit that is none.

Responsibility: the order in which the grammar's parts read a text. What a figure measures is ``match``'s matter.
"""

from __future__ import annotations

from kg_analysis.ingest.figures_amounts import claim_amounts, claim_rest
from kg_analysis.ingest.figures_claims import Claims, Found
from kg_analysis.ingest.figures_dates import claim_dates, claim_periods
from kg_analysis.ingest.figures_names import claim_marks, claim_names, claim_references


def find_figures(text: str, folded: str, year: int) -> list[Found]:
    """All figures, references and exclusions of a text, in text order.

    Parameters
    ----------
    text : str
        As the document holds it.
    folded : str
        Its form of comparison, offset by offset.
    year : int
        Year that the report reviews; it completes dates such as ``21/6``.

    Returns
    -------
    list of Found
        No two overlap; together they hold every digit of the text.
    """
    claims = Claims(len(text))
    claim_references(claims, folded)
    claim_marks(claims, folded)
    claim_dates(claims, folded, year)
    claim_names(claims, folded)
    claim_periods(claims, folded, year)
    claim_amounts(claims, text, folded)
    claim_rest(claims, folded)
    return sorted(claims.found, key=lambda each: each.start)
