"""An order: all that was asked of a run, and what the run is by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from cleaner.batch.identity import file_digest, inputs_of, libraries, models_of, settings_of
from cleaner.batch.records import Recipe
from cleaner.io import storage
from cleaner.io.compress import outer_suffix
from cleaner.io.places import Output
from cleaner.io.readers import Keys, Limits, Source
from cleaner.io.storage import absolute
from cleaner.io.writers import Layout, layout_of

__all__ = ["WINDOW", "Order"]

WINDOW = 256
"""Dumps of a window: few enough to be done again after a fault, enough to hide what a file costs."""

_PARTITIONS, _MOST_PARTITIONS = 32, 1024
_PARTITION_BYTES = 2_000_000_000


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

    def absolute(self) -> Order:
        """The order with paths that mean the same in every process that shares the storage."""
        output = self.output
        rejects = absolute(output.rejects) if output.rejects else None
        return replace(
            self,
            sources=[replace(source, path=absolute(source.path)) for source in self.sources],
            output=replace(output, path=absolute(output.path), rejects=rejects),
            templates=absolute(self.templates) if self.templates else None,
        )

    def identities(self) -> dict[str, dict[str, Any]]:
        """What tells each source from a changed one, and its size, by path: asked once, since it may be far away."""
        return {source.path: storage.identity(source.path) for source in self.sources}

    def plan(self, identities: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """All that the output depends on, as JSON has it."""
        recipe, inputs = self.recipe, inputs_of(identities)
        return {
            "libraries": libraries(),
            "models": models_of(recipe.settings),
            "settings": settings_of(recipe.settings),
            "inputs": inputs,
            "reading": {**asdict(self.keys), "source_format": recipe.source_format, "limit": self.limit}
            | {"sample": self.sample, "limits": asdict(self.limits)},
            "sites": {"learn": self.learn, "site_key": self.site_key, "partitions": _partitions(inputs["bytes"])}
            | {"templates": file_digest(self.templates) if self.templates else None},
            "output": {"path": self.output.path, "kind": self.output.kind, "rejects": self.output.rejects}
            | {"shards": self.output.shards, "window": self.window}
            | {"include_removed": recipe.include_removed, "markdown": recipe.markdown},
        }


def _partitions(size: int) -> int:
    """Into how many the sites are dealt, so that each learner has as much to do as memory allows; `size` are bytes."""
    return min(_MOST_PARTITIONS, max(_PARTITIONS, size // _PARTITION_BYTES))
