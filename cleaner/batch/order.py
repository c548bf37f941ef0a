"""An order: all that was asked of a run, and what the run is by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cleaner import __version__
from cleaner.batch.identity import file_digest, inputs_of, models_of, settings_of
from cleaner.batch.records import Recipe
from cleaner.io.compress import outer_suffix
from cleaner.io.places import Output
from cleaner.io.readers import Keys, Source
from cleaner.io.writers import Layout

__all__ = ["Order"]

WINDOW = 256
"""Dumps of a window: few enough to be done again after a fault, enough to hide what a file costs."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to clean, how, and where to put it.

    `learn` asks for a first pass that learns what sites repeat, `templates` is a file of what was learned before.
    `limit` is how many dumps are wanted at most, `sample` the share of them.
    """

    sources: Sequence[Source]
    keys: Keys
    recipe: Recipe
    output: Output
    layout: Layout
    learn: bool = True
    templates: str | None = None
    site_key: str | None = None
    limit: int | None = None
    sample: float = 1.0
    window: int = WINDOW

    @property
    def part_suffix(self) -> str:
        """Of the files of rows of each window: packed as the output is, so that parts need only be strung together."""
        return self.layout.suffix + (outer_suffix(self.output.path) if self.output.kind == "lines" else "")

    def plan(self) -> dict[str, Any]:
        """All that the output depends on, as JSON has it."""
        recipe = self.recipe
        return {
            "version": __version__,
            "models": models_of(recipe.settings),
            "settings": settings_of(recipe.settings),
            "inputs": inputs_of(self.sources),
            "reading": {**asdict(self.keys), "source_format": recipe.source_format, "limit": self.limit}
            | {"sample": self.sample},
            "sites": {"learn": self.learn, "site_key": self.site_key}
            | {"templates": file_digest(self.templates) if self.templates else None},
            "output": {"path": self.output.path, "kind": self.output.kind, "rejects": self.output.rejects}
            | {"layout": asdict(self.layout), "window": self.window}
            | {"include_removed": recipe.include_removed, "markdown": recipe.markdown},
        }
