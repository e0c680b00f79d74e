"""From a province's annual report to a briefing in which every number can be followed back to the page."""
