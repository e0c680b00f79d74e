"""Memory of a process tree, as the benchmarks count it.

Responsibility: one measure for all of them.
"""

from __future__ import annotations

import psutil


def tree_memory(pid: int) -> float:
    """Memory of a process and its descendants [MB].

    The sum of proportional set sizes (shared pages counted once) where the system gives them, else of resident sizes.
    """
    total = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0.0
    for each in family:
        try:
            info = each.memory_full_info()
            total += getattr(info, "pss", info.rss)
        except psutil.Error:
            continue
    return total / 2**20
