"""The page docs/scale.md."""
from pathlib import Path
MEASURED = Path(__file__).with_name("measured.json")
