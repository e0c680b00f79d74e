"""Rules of the label patterns that look beyond one cell.

Responsibility: whether a row is a subject or an entity, and whether its subject is one of the codebook.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

SPECIAL_SUBJECTS = ("growth", "revenue", "other")  # growth of whatever the sentence is about; a label outside the codebook


def is_subject_or_entity(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows that name either a subject with its place or a dimension with its item."""
    subject = (rows["subject"] != "") & (rows["place"] != "")
    entity = (rows["dimension"] != "") & (rows["item"] != "")
    nothing = (rows["subject"] == "") & (rows["place"] == "")
    return (subject & (rows["dimension"] == "") & (rows["item"] == "")) | (entity & nothing)


def label_problems(patterns: pd.DataFrame, indicators: pd.Index) -> Iterator[str]:
    """Subjects that are neither an indicator nor the stem of one.

    Parameters
    ----------
    patterns : DataFrame
        Rows of ``label_patterns.csv`` in the order of the file.
    indicators : Index
        Ids of the codebook.
    """
    names = set(indicators)
    stems = {
        "_".join(parts[:length]) for parts in (each.split("_") for each in names) for length in range(1, len(parts))
    }
    for row, subject in enumerate(patterns["subject"], 2):
        if subject and subject not in names and subject not in stems and subject not in SPECIAL_SUBJECTS:
            yield f"label_patterns.csv row {row}: subject {subject!r} has no indicator; add it to indicators.csv"
