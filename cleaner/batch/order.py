"""An order: all that was asked of a run, and what the run is by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cleaner import __version__
from cleaner.batch.identity import file_digest, inputs_of, models_of, settings_of
from cleaner.batch.records import Recipe
from cleaner.io.compress import outer_suffix
from cleaner.io.places import Output
from cleaner.io.readers import Keys, Limits, Source
from cleaner.io.writers import Layout, layout_of

__all__ = ["WINDOW", "Order"]

WINDOW = 256
"""Dumps of a window: few enough to be done again after a fault, enough to hide what a file costs."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to clean, how, and where to put it.

    `learn` asks for a first pass that learns what sites repeat, `templates` is a file of what was learned before.
    `limit` is how many dumps are wanted at most, `sample` the share of them; `limits` are those on bytes.
    """

    sources: Sequence[Source]
    keys: Keys
    recipe: Recipe
    output: Output
    learn: bool = True
    templates: str | None = None
    site_key: str | None = None
    limit: int | None = None
    sample: float = 1.0
    limits: Limits = field(default_factory=Limits)
    window: int = WINDOW

    @property
    def part_suffix(self) -> str:
        """Of the files of rows of each window: packed as the output is, so that parts need only be strung together."""
        path = self.output.rows_path
        return self.layout.suffix + (outer_suffix(path) if outer_suffix(path) != self.layout.suffix else "")

    @property
    def layout(self) -> Layout:
        """How rows are written."""
        return layout_of(self.output.rows_path)

    def plan(self) -> dict[str, Any]:
        """All that the output depends on, as JSON has it."""
        recipe = self.recipe
        return {
            "version": __version__,
            "models": models_of(recipe.settings),
            "settings": settings_of(recipe.settings),
            "inputs": inputs_of(self.sources),
            "reading": {**asdict(self.keys), "source_format": recipe.source_format, "limit": self.limit}
            | {"sample": self.sample, "limits": asdict(self.limits)},
            "sites": {"learn": self.learn, "site_key": self.site_key}
            | {"templates": file_digest(self.templates) if self.templates else None},
            "output": {"path": self.output.path, "kind": self.output.kind, "rejects": self.output.rejects}
            | {"shards": self.output.shards, "window": self.window}
            | {"include_removed": recipe.include_removed, "markdown": recipe.markdown},
        }
