"""Memory and processor time of a process tree, as the benchmarks count them.

Responsibility: one measure for all of them.
"""

from __future__ import annotations

from contextlib import suppress

import psutil


def tree_memory(pid: int) -> float:
    """Memory of a process and its descendants [MB].

    The sum of proportional set sizes (shared pages counted once) where the system gives them, else of resident sizes.
    """
    total = 0
    for each in _family(pid):
        with suppress(psutil.Error):
            info = each.memory_full_info()
            total += getattr(info, "pss", info.rss)
    return total / 2**20


def tree_time(pid: int) -> dict[int, float]:
    """Processor time that each process of a tree has spent so far [s], by process id."""
    spent: dict[int, float] = {}
    for each in _family(pid):
        with suppress(psutil.Error):
            times = each.cpu_times()
            spent[each.pid] = times.user + times.system
    return spent


def _family(pid: int) -> list[psutil.Process]:
    try:
        return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return []
