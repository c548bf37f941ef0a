"""pandas: a data frame with clean articles."""

from __future__ import annotations

from cleaner.columns import SCHEMA, BatchCleaner
from cleaner.integrations import missing

try:
    import pandas as pd
except ImportError as exc:
    raise missing("pandas", "pandas", exc) from exc

__all__ = ["clean_frame"]

_DEFAULT = BatchCleaner()
_DTYPES = {"string": "string", "bool": "boolean", "int": "Int64", "float": "float64"}


def clean_frame(frame: pd.DataFrame, cleaner: BatchCleaner = _DEFAULT) -> pd.DataFrame:
    """The frame with the columns of `cleaner.columns.SCHEMA`, then its own but the text, under the same index.

    The types do not depend on what was found: text is `string`, whole numbers are `Int64`, lists are objects.
    """
    layout = cleaner.layout(list(frame.columns))
    lists = [frame.iloc[:, i].tolist() if i in layout.read else [] for i in range(frame.shape[1])]
    cells = cleaner.clean_columns(lists, layout, len(frame))
    own = {name: pd.Series(cells[name], frame.index, _dtype(name)) for name in cleaner.columns}
    passed = frame.iloc[:, [i for i, _ in layout.passed]].set_axis([name for _, name in layout.passed], axis=1)
    return pd.concat([pd.DataFrame(own), passed], axis=1)


def _dtype(name: str) -> str:
    kind = SCHEMA[name]
    return _DTYPES[kind] if isinstance(kind, str) else "object"
