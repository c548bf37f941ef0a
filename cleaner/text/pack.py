"""`python -m cleaner.text.pack`: all TOML data in one file that loads in a few milliseconds."""

from __future__ import annotations

import json
import tomllib
import zlib
from typing import Any

from cleaner.data import PACK, sources, stamp_of
from cleaner.text.lexicon import entries_of, heads_of

__all__ = ["pack"]


def pack() -> dict[str, Any]:
    """What the packed file must hold: the stamp, the tables by file name, and the lexicon's phrases by first word."""
    files = sources()
    tables = {name: tomllib.loads(content.decode("utf-8")) for name, content in files.items()}
    phrases = {name[len("phrases/") : -len(".toml")]: t for name, t in tables.items() if name.startswith("phrases/")}
    return {
        "stamp": stamp_of(files),
        "tables": tables,
        "heads": {" ".join(head): at for head, at in heads_of(entries_of(phrases)).items()},
    }


if __name__ == "__main__":
    text = json.dumps(pack(), ensure_ascii=False, separators=(",", ":"))
    PACK.write_bytes(zlib.compress(text.encode("utf-8"), 9))
    print(f"{PACK}: {PACK.stat().st_size:,} bytes")
