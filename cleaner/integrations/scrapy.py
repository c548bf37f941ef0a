"""Scrapy: an item pipeline that cleans pages as they arrive."""

from __future__ import annotations

from typing import Any

from cleaner.columns import BatchCleaner
from cleaner.integrations import missing

try:
    from itemadapter import ItemAdapter
    from scrapy.exceptions import DropItem
    from scrapy.http import Response
    from scrapy.utils.defer import maybe_deferred_to_future
    from twisted.internet.threads import deferToThread
except ImportError as exc:
    raise missing("scrapy", "scrapy", exc) from exc

__all__ = ["CleanerPipeline"]


class CleanerPipeline:
    """Takes the raw page out of an item and puts its article in: a dict with the columns of `cleaner.columns.SCHEMA`.

    The page is a `Response`, bytes or text. Pages that cannot be cleaned are dropped, and counted in the statistics as
    `cleaner/REASON`. Cleaning happens in a thread, so that the crawl goes on. Settings of Scrapy:

    - `CLEANER_FIELD`, "html": the field of the item that has the page.
    - `CLEANER_TARGET`, "article": the field for the article; an `Item` must declare it.
    - `CLEANER_URL_FIELD`, "url": the field that has the address; the response's own is better.
    - `CLEANER_KEEP_REJECTS`, False: whether items that cannot be cleaned stay, page and all, with the status in the article.
    - `CLEANER_OPTIONS`, {}: what `BatchCleaner` takes, such as `{"timeout": 20}`.
    """

    def __init__(
        self,
        cleaner: BatchCleaner | None = None,
        field: str = "html",
        target: str = "article",
        url_field: str = "url",
        keep_rejects: bool = False,
        stats: Any = None,
    ) -> None:
        self.cleaner = cleaner or BatchCleaner()
        self.field = field
        self.target = target
        self.url_field = url_field
        self.keep_rejects = keep_rejects
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Any) -> CleanerPipeline:
        """As Scrapy makes it."""
        settings = crawler.settings
        return cls(
            BatchCleaner(**settings.getdict("CLEANER_OPTIONS")),
            settings.get("CLEANER_FIELD", "html"),
            settings.get("CLEANER_TARGET", "article"),
            settings.get("CLEANER_URL_FIELD", "url"),
            settings.getbool("CLEANER_KEEP_REJECTS"),
            crawler.stats,
        )

    async def process_item(self, item: Any) -> Any:
        """The item with its article. Raises `DropItem` for a page that cannot be cleaned."""
        adapter = ItemAdapter(item)
        raw, url = adapter.get(self.field), adapter.get(self.url_field)
        if isinstance(raw, Response):
            raw, url = raw.body, raw.url
        row = await maybe_deferred_to_future(deferToThread(self.cleaner.clean_row, raw, url))
        status = row["status"]
        if self.stats is not None:
            self.stats.inc_value(f"cleaner/{status}")
        if status != "ok" and not self.keep_rejects:
            raise DropItem(f"{status}: {row['error']}")
        adapter[self.target] = row
        if status == "ok" and self.field != self.target:
            del adapter[self.field]
        return item
