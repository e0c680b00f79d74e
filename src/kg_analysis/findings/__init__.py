"""The words a number deserves: sentences, chart titles and source lines, chosen by what the figures say."""
