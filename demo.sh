#!/bin/sh
# Set up .venv and run the main job on the fixtures. Needs Python 3.11+; PYTHON=/path/to/python chooses one.
set -eu
cd "$(dirname "$0")"
PYTHON=${PYTHON:-python3}
[ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -e .
.venv/bin/cleaner run fixtures/realistic fixtures/readme -o out/fixtures.jsonl --include-removed --jobs 2
.venv/bin/python - <<'PY'
import json

with open("out/fixtures.jsonl", encoding="utf-8") as stream:
    rows = [json.loads(line) for line in stream]
for row in rows[:3]:
    print(f"\n== {row['id']}: {row['title'] or 'no title'}, {row['date'] or 'no date'}")
    print(row["body"][:240].replace("\n\n", "\n"), "...")
    print("   removed:", ", ".join(sorted({piece["category"] for piece in row["removed"]})))
print(f"\nAll {len(rows)} articles: out/fixtures.jsonl")
PY
