"""How a batch and its processes end when they are asked to.

Responsibility: what Ctrl-C, a closed terminal and a shutdown mean. The process that was started by a person ends all
others, each of which cleans up once; no second signal breaks that off.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_ASKED = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def in_order() -> Iterator[None]:
    """Let a request to end this process leave through every ``finally``; its exit code is that of the signal."""
    before: dict[int, Any] = {}
    for number in _ASKED:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup has asked to go on
            before[number] = signal.signal(number, _leave)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def follow_owner(owner: int) -> None:
    """In a child: end in order when its owner says so or is killed, and leave Ctrl-C to the owner.

    Only Linux tells a child of its owner's death; elsewhere the check before the commit must do.
    """
    for number in (signal.SIGINT, *_ASKED):
        signal.signal(number, _pass)  # a handler, so that programs it starts do not inherit its deafness
    signal.signal(signal.SIGTERM, _leave)
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
        if os.getppid() != owner:  # it was gone before we asked
            sys.exit(1)


def _leave(number: int, frame: FrameType | None) -> None:
    for each in (signal.SIGINT, *_ASKED):
        signal.signal(each, _pass)  # once is enough
    sys.exit(128 + number)


def _pass(number: int, frame: FrameType | None) -> None:
    pass
