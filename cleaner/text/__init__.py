"""Text work that knows nothing of pages: encodings, folding, sentences, dates, languages, the phrase lexicon."""
