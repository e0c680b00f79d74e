"""The text of a made-up report, and the figures that stand in it.

Responsibility: every figure is printed in a line of its own, and knows its place. What is printed is drawn elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kg_analysis.periods import period_bounds

Row = dict[str, str]


@dataclass
class Report:
    """Text of a made-up report and the figures that it prints.

    Attributes
    ----------
    area, name : str
        Code and name of the area.
    year : int
    text : str
    rows : list of dict
        Figures with every column of ``printed/*``.
    checks : list of dict
        Identities that the figures keep, or, one time in twenty, do not.
    """

    area: str
    name: str
    year: int
    text: str = ""
    rows: list[Row] = field(default_factory=list)
    checks: list[Row] = field(default_factory=list)
    _section: str = ""
    _line: int = 0

    @property
    def source_id(self) -> str:
        """Id of the source, which says what it is."""
        return f"synthetic-{self.area}-{self.year}"

    def figure_id(self, name: str) -> str:
        """Id of one of its figures."""
        return f"syn{self.area}-{self.year}-{name}"

    def heading(self, line: str, section: str) -> None:
        """Begin a section."""
        self.text += f"\n{line}\n\n"
        self._section, self._line = section, 0

    def say(self, name: str, label: str, token: str, **columns: str) -> None:
        """Print one figure in a line of its own."""
        self._line += 1
        start = len(self.text) + len(label) + 2
        self.text += f"{label}: {token}.\n"
        first, last = (each.isoformat() for each in period_bounds("year", self.year))
        self.rows.append(
            {
                "figure_id": self.figure_id(name),
                "section": self._section,
                "place": f"paragraph {self._line}",
                "as_printed": token,
                "start": str(start),
                "end": str(start + len(token)),
                "label": label,
                "area_code": self.area,
                "boundary_version": f"synthetic-{self.area}",
                "period_type": "year",
                "period_start": first,
                "period_end": last,
                "basis": "actual",
                "qualifier": "exact",
                "vintage": f"{self.year}-12",
                **columns,
            }
        )

    def check(self, name: str, topic: str, formula: str, title_vi: str, title_en: str) -> None:
        """Declare an identity; ``{x}`` stands for the figure named x."""
        named = formula.replace("{", f"[syn{self.area}-{self.year}-").replace("}", "]")
        self.checks.append(
            {
                "id": f"syn{self.area}-{self.year}-{name}",
                "topic": topic,
                "kind": "sum",
                "formula": named,
                "title_vi": title_vi,
                "title_en": title_en,
            }
        )
