"""datatrove: a step that cleans documents."""

from __future__ import annotations

from typing import Any

from cleaner.columns import BatchCleaner
from cleaner.integrations import missing

try:
    from datatrove.data import Document
    from datatrove.pipeline.filters.base_filter import BaseFilter
except ImportError as exc:
    raise missing("datatrove", "datatrove", exc) from exc

__all__ = ["ArticleCleaner"]


class ArticleCleaner(BaseFilter):
    """Puts the clean body into `Document.text` and the rest of the article's columns into `Document.metadata`.

    A metadatum that is called like one of the article's becomes `input_NAME`. The statistics count each reason for
    which documents were dropped.

    Args:
        cleaner: options; its `crawled_key="date"` is right behind a `WarcReader`.
        keep_rejects: whether a document that cannot be cleaned goes on as it is, with its `status` and `error`.
        exclusion_writer: a writer of datatrove for the documents that are dropped.
    """

    name = "🧹 Article cleaner"

    def __init__(
        self, cleaner: BatchCleaner | None = None, keep_rejects: bool = False, exclusion_writer: Any = None
    ) -> None:
        super().__init__(exclusion_writer)
        self.cleaner = cleaner or BatchCleaner()
        self.keep_rejects = keep_rejects

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Clean one document in place; whether it stays, else the reason."""
        values = list(doc.metadata.values())
        layout = self.cleaner.layout(list(doc.metadata), text_apart=True)
        row = self.cleaner.clean_row(doc.text, *layout.told(dict(enumerate(values))))
        body = row.pop("body")
        doc.metadata = row | {name: values[i] for i, name in layout.passed}
        if row["status"] == "ok":
            self.stat_update("chars_removed", value=len(doc.text) - len(body))
            doc.text = body
            return True
        if self.keep_rejects:
            self.stat_update(f"kept_{row['status']}")
        return self.keep_rejects or (False, row["status"])
