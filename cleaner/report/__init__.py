"""The report of a run: one self-contained HTML page to look at and to correct what was removed."""
