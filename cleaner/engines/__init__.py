"""Where a batch runs. Every engine runs the same functions of `cleaner.batch` and keeps the order of its input."""
