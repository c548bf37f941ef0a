"""The model file of the HTML detector: two linear models and an ensemble of trees in one compressed archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.data import model_bytes
from cleaner.detectors.tokens import LinearModel
from cleaner.detectors.trees import Trees
from cleaner.errors import SettingsError

__all__ = ["PageModel", "load_model", "save_model"]

_FORMAT = "cleaner page model 1"
_SCALE = 1000  # linear weights are stored as whole thousandths


@dataclass(frozen=True, slots=True)
class PageModel:
    """What `cleaner train` makes: weights of words, weights of element names, and trees over the named features."""

    text: LinearModel
    names: LinearModel
    features: tuple[str, ...]
    trees: Trees

    def log_odds(self, rows: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
        """Each block's log-odds of being body, from the rows that `features` computes."""
        return self.trees.log_odds(np.stack([rows[name] for name in self.features]))


def save_model(model: PageModel, path: str | Path) -> None:
    """Write a model file; the same model gives the same bytes."""
    arrays: dict[str, NDArray[Any]] = {
        "format": _text([_FORMAT]),
        "features": _text(model.features),
        "feature": model.trees.feature,
        "border": model.trees.border,
        "child": model.trees.child,
        "value": model.trees.value,
        "roots": model.trees.roots,
        "depth": np.asarray([model.trees.depth], dtype=np.int32),
        "bias": np.asarray([model.trees.bias], dtype=np.float64),
    }
    for name, linear in (("text", model.text), ("names", model.names)):
        tokens = sorted(linear.weights)
        arrays[name + "_tokens"] = _text(tokens)
        arrays[name + "_weights"] = np.asarray([round(linear.weights[t] * _SCALE) for t in tokens], dtype=np.int16)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(name + ".npy"), buffer.getvalue(), zipfile.ZIP_DEFLATED)


@lru_cache(maxsize=4)
def load_model(path: str = "") -> PageModel:
    """Read a model file; the one that comes with the package where no path is given.

    Raises `SettingsError` where the file cannot be read or is no model of this version.
    """
    try:
        source = path or io.BytesIO(model_bytes("page.model"))
        with np.load(source, allow_pickle=False) as archive:
            stored = {name: archive[name] for name in archive.files}
        if _lines(stored["format"]) != [_FORMAT]:
            raise SettingsError(f"{path}: a model of another version; train it again with `cleaner train`.")
        return _build(stored)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as exc:
        raise SettingsError(f"{path or 'page.model'}: not a model file ({exc}). `cleaner train` makes one.") from exc


def _build(stored: Mapping[str, NDArray[Any]]) -> PageModel:
    linear = []
    for name in ("text", "names"):
        weights = (np.asarray(stored[name + "_weights"], dtype=np.float64) / _SCALE).tolist()
        linear.append(LinearModel(dict(zip(_lines(stored[name + "_tokens"]), weights, strict=True))))
    trees = Trees(
        np.asarray(stored["feature"], dtype=np.int16),
        np.asarray(stored["border"], dtype=np.float32),
        np.asarray(stored["child"], dtype=np.int32),
        np.asarray(stored["value"], dtype=np.float32),
        np.asarray(stored["roots"], dtype=np.int32),
        int(np.asarray(stored["depth"])[0]),
        float(np.asarray(stored["bias"], dtype=np.float64)[0]),
    )
    return PageModel(linear[0], linear[1], tuple(_lines(stored["features"])), trees)


def _text(lines: tuple[str, ...] | list[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode("utf-8"), dtype=np.uint8)


def _lines(stored: NDArray[Any]) -> list[str]:
    return stored.tobytes().decode("utf-8").split("\n")
