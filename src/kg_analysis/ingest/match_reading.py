"""All that is found in a document before its figures are matched.

Responsibility: hold text, finds, sentences, labels, entities, headings, mentions and calendar together, and a figure
with its surroundings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg_analysis.ingest.document import Document
from kg_analysis.ingest.figures import find_figures
from kg_analysis.ingest.figures_claims import FIGURE, Found
from kg_analysis.ingest.match_entities import Entities, find_entities
from kg_analysis.ingest.match_headings import headings, title_lines
from kg_analysis.ingest.match_labels import Hits, Tree, find_labels
from kg_analysis.ingest.match_mentions import Mentions
from kg_analysis.ingest.match_periods import Calendar
from kg_analysis.ingest.match_roles import Codebook
from kg_analysis.ingest.match_subjects import Candidate, Words
from kg_analysis.ingest.match_tables import Tables
from kg_analysis.ingest.wording import Sentence, fold, sentences

REACH = 700  # characters around a figure that its sentence may have
_WAVE = re.compile(r"(?:đợt dịch|làn sóng)[^.;\d]{0,30}thứ (\d)")


@dataclass(frozen=True)
class Figure:
    """A figure with its surroundings."""

    found: Found
    partner: Found
    sentence: Sentence
    clause: int
    chain: int
    following: int
    previous: Matched | None


@dataclass(frozen=True)
class Matched:
    """What a figure was found to measure."""

    found: Found
    candidate: Candidate | None
    certainty: float
    indicator: str
    is_known: bool = True  # whether the words before it are known, so that a further figure may go on from it
    is_behind: bool = False  # whether its label stands behind it


class Reading:
    """One document, read."""

    def __init__(self, document: Document, year: int, area_code: str, book: Codebook, tree: Tree) -> None:
        self.document, self.year, self.area_code, self.book = document, year, area_code, book
        self.folded = fold(document.text)
        self.found = find_figures(document.text, self.folded, year)
        self.sentences = sentences(document)
        self.passage_starts = [each.start for each in document.passages]
        self.hits: Hits = find_labels(tree, self.folded)
        self.entities: Entities = find_entities(document.text, self.folded, self.hits)
        self.words = Words(self.folded, self.hits, self.entities)
        self.above = headings(document)
        self.titles = title_lines(document)
        self.mentions = Mentions(self.folded, self.found, year)
        self.calendar = Calendar(document, self.mentions, self.found, self.above)
        self.tables = Tables(document, self.folded, self.mentions)
        self.wave = next((each[1] for each in _WAVE.finditer(self.folded)), "")

    def surroundings(self, position: int, index: int, previous: Matched | None) -> Figure:
        """A find with its clause, its neighbours and its partner in a printed a/b."""
        found, sentence = self.found[position], self.sentences[index]
        if sentence.end - sentence.start > 2 * REACH:  # no sentence is so long: only what is near counts
            start, end = max(sentence.start, found.start - REACH), min(sentence.end, found.end + REACH)
            sentence = Sentence(start, end, sentence.passage)
        clause = max(self.folded.rfind(";", sentence.start, found.start) + 1, sentence.start)
        chain = previous.found.end if previous else sentence.start
        partner = found
        following = sentence.end
        for later in self.found[position + 1 : position + 12]:
            if later.start >= sentence.end:
                break
            if found.pair == "first" and later.pair == "second" and partner is found:
                partner = later
                continue
            if later.kind == FIGURE:
                following = later.start
                break
        return Figure(found, partner, sentence, clause, chain, following, previous)

    def earlier(self, index: int) -> list[Sentence]:
        """Up to three sentences before one, of its passage, the nearest first."""
        found = []
        for each in reversed(self.sentences[max(index - 3, 0) : index]):
            if each.passage != self.sentences[index].passage:
                break
            found.append(each)
        return found
