"""A short run of the fuzz harness: no damaged input gets more than a line of error or a right result."""

from __future__ import annotations

import os

import pytest


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="inputs are run in forked processes")
def test_damaged_inputs_are_read_right_or_refused_in_a_line() -> None:
    from harness import KINDS, fuzz  # noqa: PLC0415

    report = fuzz(count=1000, seed=20_000, seconds=12)
    assert not report.failures, "\n".join(report.lines())
    assert {kind for kind, _ in report.counts} == set(KINDS)
