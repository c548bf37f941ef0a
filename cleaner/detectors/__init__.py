"""Judges: what of a page is not the article, each verdict with its category, its evidence and a score."""
