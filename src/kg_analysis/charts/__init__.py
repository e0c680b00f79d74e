"""Charts for a briefing: one theme, one frame, one module a topic."""
