"""The model files: linear models and ensembles of trees in one compressed archive, for pages and for lines of text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cleaner.data import model_bytes
from cleaner.detectors.linefeatures import FIRST, GATE, SECOND
from cleaner.detectors.linetokens import WordTable
from cleaner.detectors.tokens import LinearModel
from cleaner.detectors.trees import Trees
from cleaner.errors import SettingsError

__all__ = ["LineModel", "PageModel", "load_line_model", "load_model", "save_line_model", "save_model"]

_FORMAT = "cleaner page model 1"
_LINE_FORMAT = "cleaner line model 1"
_FORESTS = (
    ("gate_", GATE),
    ("page_", FIRST),
    ("article_", FIRST),
    ("flat_", FIRST),
    ("page_judge_", SECOND),
    ("article_judge_", SECOND),
    ("flat_judge_", SECOND),
)
_Model = TypeVar("_Model")
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


@dataclass(frozen=True, slots=True)
class LineModel:
    """What `cleaner train-lines` makes: weights of words; the gate, which tells finished articles from whole pages and
    what scrapers left of them; and for pages, for articles, and for flat texts an expert and a judge of its opinions.
    """

    words: LinearModel
    gate: Trees
    experts: tuple[Trees, Trees, Trees]
    judges: tuple[Trees, Trees, Trees]
    table: WordTable


def save_model(model: PageModel, path: str | Path) -> None:
    """Write a model of pages; the same model gives the same bytes."""
    arrays = {"format": _text([_FORMAT]), **_store_trees("", model.features, model.trees)}
    _write(arrays | _store_words("text", model.text) | _store_words("names", model.names), path)


def save_line_model(model: LineModel, path: str | Path) -> None:
    """Write a model of lines; the same model gives the same bytes."""
    arrays = {"format": _text([_LINE_FORMAT]), **_store_words("words", model.words)}
    forests = (model.gate, *model.experts, *model.judges)
    for (name, features), trees in zip(_FORESTS, forests, strict=True):
        arrays |= _store_trees(name, features, trees)
    _write(arrays, path)


@lru_cache(maxsize=4)
def load_model(path: str = "") -> PageModel:
    """Read a model of pages; the one that comes with the package where no path is given.

    Raises `SettingsError` where the file cannot be read or is no model of this version.
    """
    return _load(path, "page.model", _FORMAT, _build)


@lru_cache(maxsize=4)
def load_line_model(path: str = "") -> LineModel:
    """The same for a model of lines."""
    return _load(path, "line.model", _LINE_FORMAT, _build_lines)


def _write(arrays: Mapping[str, NDArray[Any]], path: str | Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(name + ".npy"), buffer.getvalue(), zipfile.ZIP_DEFLATED)


def _load(path: str, own: str, kind: str, build: Callable[[Mapping[str, NDArray[Any]]], _Model]) -> _Model:
    try:
        source = path or io.BytesIO(model_bytes(own))
        with np.load(source, allow_pickle=False) as archive:
            stored = {name: archive[name] for name in archive.files}
        if _lines(stored["format"]) != [kind]:
            raise SettingsError(f"{path}: a model of another kind or version; train it again with `cleaner`.")
        return build(stored)
    except OSError as exc:
        raise SettingsError(f"{path or own}: cannot be read ({exc.strerror or exc}).") from exc
    except (EOFError, ValueError, KeyError, zipfile.BadZipFile) as exc:  # whose advice, to unpickle it, is a bad one
        raise SettingsError(f"{path or own}: not a model file of this version; `cleaner` trains one.") from exc


def _build(stored: Mapping[str, NDArray[Any]]) -> PageModel:
    text, names = (_words(stored, name) for name in ("text", "names"))
    return PageModel(text, names, *_trees(stored, ""))


def _build_lines(stored: Mapping[str, NDArray[Any]]) -> LineModel:
    forests = [_trees(stored, name) for name, _ in _FORESTS]
    if [features for features, _ in forests] != [features for _, features in _FORESTS]:
        raise ValueError("it was trained on other features")
    gate, page, article, flat, page_judge, article_judge, flat_judge = [trees for _, trees in forests]
    words = _words(stored, "words")
    judges = (page_judge, article_judge, flat_judge)
    return LineModel(words, gate, (page, article, flat), judges, WordTable(words.weights))


def _store_words(name: str, linear: LinearModel) -> dict[str, NDArray[Any]]:
    tokens = sorted(linear.weights)
    weights = np.asarray([round(linear.weights[t] * _SCALE) for t in tokens], dtype=np.int16)
    return {name + "_tokens": _text(tokens), name + "_weights": weights}


def _words(stored: Mapping[str, NDArray[Any]], name: str) -> LinearModel:
    weights = (np.asarray(stored[name + "_weights"], dtype=np.float64) / _SCALE).tolist()
    return LinearModel(dict(zip(_lines(stored[name + "_tokens"]), weights, strict=True)))


def _store_trees(prefix: str, features: Sequence[str], trees: Trees) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {
        "features": _text(features),
        "feature": trees.feature.astype(np.int16),
        "border": trees.border,
        "child": trees.child.astype(np.int32),
        "value": trees.value,
        "roots": trees.roots.astype(np.int32),
        "depth": np.asarray([trees.depth], dtype=np.int32),
        "bias": np.asarray([trees.bias], dtype=np.float64),
    }
    return {prefix + name: array for name, array in arrays.items()}


def _trees(stored: Mapping[str, NDArray[Any]], prefix: str) -> tuple[tuple[str, ...], Trees]:
    """The features of an ensemble and the ensemble."""
    trees = Trees(
        np.asarray(stored[prefix + "feature"], dtype=np.intp),
        np.asarray(stored[prefix + "border"], dtype=np.float32),
        np.asarray(stored[prefix + "child"], dtype=np.intp),
        np.asarray(stored[prefix + "value"], dtype=np.float32),
        np.asarray(stored[prefix + "roots"], dtype=np.intp),
        int(np.asarray(stored[prefix + "depth"])[0]),
        float(np.asarray(stored[prefix + "bias"], dtype=np.float64)[0]),
    )
    return tuple(_lines(stored[prefix + "features"])), trees


def _text(lines: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode("utf-8"), dtype=np.uint8)


def _lines(stored: NDArray[Any]) -> list[str]:
    return stored.tobytes().decode("utf-8").split("\n")
