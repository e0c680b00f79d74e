"""The progress bar of runs.

Responsibility: count, rate and time left on stderr, where a person watches it.
"""

from __future__ import annotations

import sys
from typing import Any

from tqdm import tqdm


def progress(total: int, unit: str) -> Any:
    """Bar over a number of units; silent where stderr is no terminal."""
    tqdm.monitor_interval = 0  # no thread may exist when a child is forked
    return tqdm(total=total, unit=unit, disable=None, file=sys.stderr)
