"""Notebook runs that keep their promises: typed parameters, staged outputs, nothing good overwritten."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_grammar() -> Iterator[None]:
    """Import nbformat and papermill here: jsonschema then compiles no grammar of addresses, the longest of imports."""
    known = "rfc3987_syntax" in sys.modules
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # what Python takes for "not there"
    try:
        yield
    finally:
        if not known:
            sys.modules.pop("rfc3987_syntax", None)
