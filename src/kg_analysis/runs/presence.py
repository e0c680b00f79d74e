"""Whether a person sits in front of the notebook.

Responsibility: tell a notebook open in JupyterLab from a batch run, ours or anyone's. A panel in a batch would be dead
weight, and its random ids would make two runs of one input differ.
"""

from __future__ import annotations

import os
from typing import Any

from IPython.core.getipython import get_ipython

UNATTENDED = "KG_UNATTENDED"  # set by the runner in the environment of its kernels


def is_attended() -> bool:
    """Whether the cell that runs was sent by someone who could be asked.

    A notebook's front end lets a cell ask its user for input; papermill, nbclient and nbconvert do not. Without a
    kernel there is no one.
    """
    if os.environ.get(UNATTENDED):
        return False
    parent: Any = getattr(get_ipython(), "get_parent", dict)()
    return bool(parent.get("content", {}).get("allow_stdin", False))
