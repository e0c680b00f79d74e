"""Cut-off, period and basis of a matched figure.

Responsibility: fit the period that the text gives to the way in which the indicator is counted: the thirteen months of
a budget year, the days of an epidemic; and remember what the paragraphs before have said.
"""

from __future__ import annotations

import re
from datetime import date

from kg_analysis.ingest.match_basis import Setting
from kg_analysis.ingest.match_reading import Figure, Reading
from kg_analysis.periods import Period, period_bounds


class Timing:
    """Periods and cut-offs of one document, in text order."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.cutoffs: dict[str, date] = {}
        self.estimated: set[tuple[int, str, Period]] = set()
        self.estimated_periods: set[Period] = set()

    def as_of(self, figure: Figure, name: str) -> date | None:
        """Cut-off of a figure: printed in its sentence, or that of the section before it."""
        sentence, found = figure.sentence, figure.found
        said = self.reading.mentions.cutoff(sentence.start, found.start) or self.reading.mentions.cutoff(
            found.end, min(sentence.end, found.end + 40)
        )
        if (
            name.startswith("task_count")
            and (span := self.reading.mentions.day(sentence.start, found.start))
            and span[0] == "phase"
        ):
            return span[2]
        topic = self.reading.book.topics.get(name, "")
        if topic != "investment":
            return said if topic != "" and (topic != "covid" or name.endswith("_cumulative")) else None
        if name.endswith(("_plan", "_groups")):
            return None
        section = self.reading.document.passages[sentence.passage].section
        if said:
            self.cutoffs[section] = said
            return said
        plan = (
            "phấn đấu" in self.reading.folded[sentence.start : found.start]
            or "yêu cầu" in self.reading.folded[sentence.start : found.start]
        )
        return (
            None
            if plan or re.search(r"\bước\b", self.reading.folded[figure.clause : found.start])
            else self.cutoffs.get(section)
        )

    def period(self, figure: Figure, name: str, period: Period, as_of: date | None) -> Period:
        """Period of the kind that the indicator is counted over."""
        topic = self.reading.book.topics.get(name, "")
        if topic == "investment":
            of = period[1].year
            if as_of and not self.reading.mentions.between(figure.clause, figure.found.start):
                of = as_of.year - (as_of.month == 1)
            return "budget_year", *period_bounds("budget_year", of)
        if topic != "covid":
            return period
        return self._epidemic_period(figure, name, period)

    def _epidemic_period(self, figure: Figure, name: str, period: Period) -> Period:
        """Period of a figure on the epidemic: its own days, the cut-off, the bulletin's day, or the wave."""
        sentence, found = figure.sentence, figure.found
        bulletin = self.reading.calendar.day_of_title()
        said = self.reading.folded[sentence.start : found.start]
        since = re.search(r"(?:từ|kể từ|dịch)\b[^.;]*đến nay", said) is not None
        if since and bulletin and period[0] == "day" and period[2] < bulletin[2]:
            if name.endswith(("_cumulative", "_recovered", "_deaths")):
                return "phase", period[1], bulletin[2]
            return bulletin
        if period[0] in ("day", "phase") and not since:
            return period
        until = self.reading.mentions.cutoff(sentence.start, found.start)
        if until or name.endswith("_cumulative"):
            last = until or (bulletin[2] if bulletin else self.reading.calendar.written)
            return "point", last, last
        wave = self.reading.mentions.wave
        if (
            wave
            and not bulletin
            and name in ("covid_wave_number", "covid_phase_count", "covid_task_groups", "measure_days")
        ):
            return wave
        return (
            bulletin
            or self.reading.mentions.day(self.reading.document.passages[sentence.passage].start, found.start)
            or self.reading.mentions.day(0, found.start)
            or period
        )

    def same_basis(self, passage: int, name: str, period: Period, basis: str) -> str:
        """Estimate, where the passage has called the same indicator of the same period one."""
        if self.reading.book.kinds.get(name) in ("count", "date", "period"):
            return basis
        if basis == "estimate":
            self.estimated_periods.add(period)
        key = (passage, "growth" if self.reading.book.topics.get(name) == "growth" else name, period)
        if basis == "estimate":
            self.estimated.add(key)
        return "estimate" if basis == "actual" and name and key in self.estimated else basis

    def setting(self, figure: Figure) -> Setting:
        """Where a figure stands, for its basis."""
        above = [
            self.reading.folded[start:end]
            for start, end in self.reading.above[figure.sentence.passage]
            if (start, end) not in self.reading.titles
        ]
        title = " ".join(self.reading.folded[start:end] for start, end in self.reading.titles)
        return Setting(figure.sentence.start, figure.clause, figure.found.start, above, title)
