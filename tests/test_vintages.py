"""One growth rate in several publications."""

from __future__ import annotations

import pytest
from conftest import DATA

from kg_analysis.analysis import vintages
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings import vintages as vintage_findings
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext


def test_growth_revised_from_452_to_354(data: Dataset) -> None:
    versions = vintages.growth_versions(data)
    assert {each.period for each in versions} == {"H1"}
    assert [(each.published, each.growth.value) for each in versions] == [
        ("2021-06-30", 4.52),
        ("2021-12", 4.52),
        ("2022-07", 3.54),
    ]
    assert "4,52% xuống 3,54%" in vintage_findings.revisions_title(versions, ReportContext(data, NumberFormatter("vi")))


def test_a_year_published_once_says_so() -> None:
    with pytest.raises(NotPrintedError):
        vintages.growth_versions(load(DATA, 2022, "91"))
