"""Hugging Face `datasets`: a data set with clean articles."""

from __future__ import annotations

from typing import Any

from cleaner.columns import BatchCleaner
from cleaner.integrations import missing
from cleaner.integrations.arrow import arrow_schema

try:
    from datasets import Dataset, Features
except ImportError as exc:
    raise missing("datasets", "huggingface", exc) from exc

__all__ = ["clean_dataset", "features"]

_DEFAULT = BatchCleaner()


def features(given: Features, cleaner: BatchCleaner = _DEFAULT) -> Features:
    """The features of a cleaned data set. Without them `map` guesses from the first rows, and fails where a column that
    was empty there is not so later."""
    own = Features.from_arrow_schema(arrow_schema(cleaner))
    names = list(given)
    return Features({**own, **{name: given[names[i]] for i, name in cleaner.layout(names).passed}})


def clean_dataset(dataset: Dataset, cleaner: BatchCleaner = _DEFAULT, **options: Any) -> Dataset:
    """`dataset.map(clean_batch, batched=True)` with the right features, and without the raw text.

    `options` go to `map`: `num_proc`, `batch_size` … An `IterableDataset` must know its features.
    """
    if dataset.features is None:
        raise TypeError("the data set does not know its features; give them when it is loaded: features=…")
    made = features(dataset.features, cleaner)
    return dataset.map(cleaner, batched=True, remove_columns=list(dataset.features), features=made, **options)
