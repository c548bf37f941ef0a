"""The learned judge: its model file, its choice of blocks, and that it judges whatever page it is given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Settings, SettingsError, clean
from cleaner.detectors.features import features
from cleaner.detectors.fmeasure import choose
from cleaner.detectors.learned import drop_copies, judge_learned
from cleaner.detectors.scores import score_page
from cleaner.detectors.tokens import words_of
from cleaner.detectors.weights import load_model, save_model
from cleaner.extractors.html import parse_html
from cleaner.training.align import align

PROSE = "The river rose on Monday, and the mayor of the town said that the ferry would stay closed for a week."
PAGE = (
    "<html><head><title>River closes the ferry</title></head><body><nav><ul><li><a href=/>Home</a><li><a href=/s>Sport</a>"
    f"</ul></nav><article><h1>River closes the ferry</h1><p>{PROSE}</p><p>{PROSE.replace('Monday', 'Sunday night')}</p>"
    "<p>Nobody was hurt, but two boats were lost, and the school will open again only when the road is dry.</p></article>"
    "<footer><p>Contact | Imprint | Cookies</p></footer></body></html>"
)


def test_article_is_kept_and_menus_go() -> None:
    """On a plain page the prose stays and the menu and footer go, each named by its place."""
    article = clean(PAGE)
    assert article.body.startswith(PROSE)
    assert {"Home", "Sport"} <= {r.text.removeprefix("- ") for r in article.removed}
    assert all(r.evidence for r in article.removed)


def test_model_file_round_trip(tmp_path: Path) -> None:
    """A saved model is the same model, and the same model gives the same bytes."""
    model = load_model()
    save_model(model, tmp_path / "a.model")
    again = load_model(str(tmp_path / "a.model"))
    save_model(again, tmp_path / "b.model")
    assert (tmp_path / "a.model").read_bytes() == (tmp_path / "b.model").read_bytes()
    page = parse_html(PAGE)
    first, second = (judge_learned(page.page, page.layout, m).probability for m in (model, again))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + b"\0" * 18])
def test_a_file_that_is_no_model_says_so(tmp_path: Path, content: bytes) -> None:
    """A wrong file is a settings error that names it, not a crash in the middle of a batch."""
    path = tmp_path / "wrong.model"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"wrong\.model"):
        clean(PAGE, settings=Settings(model=str(path)))


def test_modes_are_ordered() -> None:
    """Recall keeps at least what balanced keeps, and that at least what precision keeps."""
    page = parse_html(PAGE)
    kept = [judge_learned(page.page, page.layout, load_model(), m).kept for m in ("precision", "balanced", "recall")]
    assert (kept[0] <= kept[1]).all() and (kept[1] <= kept[2]).all()


def test_copies_go_and_refrains_stay() -> None:
    """A second copy of a block is dropped; a short line may come again."""
    words = [PROSE.lower().split(), ["row", "row"], PROSE.lower().split(), ["row", "row"]]
    texts = [" ".join(row) for row in words]
    assert drop_copies(np.array([True] * 4), words, texts, [False] * 4).tolist() == [True, True, False, True]
    assert drop_copies(np.array([True] * 4), words, texts, [True, *[False] * 3]).tolist() == [False, True, True, True]


def test_rows_with_other_numbers_are_no_copies() -> None:
    """Rows of a table are alike but for their numbers, and stay."""
    texts = [f"In 20{y} the board of the harbour let {y * 7} boats land below the old market" for y in range(10, 14)]
    words = words_of(texts)
    assert drop_copies(np.array([True] * 4), words, texts, [False] * 4).tolist() == [True] * 4


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 50)), min_size=1, max_size=30), st.floats(0.3, 3))
def test_choice_is_a_best_prefix(blocks: list[tuple[float, int]], beta: float) -> None:
    """No block that is left out is more probable than one that is kept, and something is kept."""
    probability = np.array([p for p, _ in blocks])
    kept, value = choose(probability, np.array([float(w) for _, w in blocks]), beta)
    assert kept.any() and 0.0 <= value <= 1.0 + 1e-9
    assert not (~kept).any() or probability[kept].min() >= probability[~kept].max()


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "<div class='a-b c9'>", "</div>", "<li>", "揺れ", "One two. ", "<h1>", "<article>", "\n"]
        )
    )
)
def test_any_page_has_finite_features(pieces: list[str]) -> None:
    """Whatever the tags and scripts, each block gets a number for each feature."""
    document = parse_html("<html><body>" + "".join(pieces) + "x")
    model = load_model()
    scores = score_page(document.page, document.layout, model.text, model.names)
    rows = features(document.page, document.layout, scores)
    assert all(row.shape == (len(document.page.blocks),) and np.isfinite(row).all() for row in rows.values())


def test_alignment_takes_a_short_line_in_its_place_only() -> None:
    """A short block is body between its neighbours, and furniture elsewhere; a second copy is left open."""
    blocks = ["Share", PROSE, "Share", "Nobody was hurt, said the mayor of the town.", PROSE, "Share"]
    gold = f"{PROSE} Share Nobody was hurt, said the mayor of the town."
    assert align(blocks, gold).labels == (False, True, True, True, None, False)
