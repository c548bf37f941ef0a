"""What a site's articles teach: furniture that no phrase list knows goes, content that recurs stays."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Settings, clean
from cleaner.detectors.sites import House, HouseLine
from cleaner.errors import CleanerError, InputError
from cleaner.templates.collect import Collection
from cleaner.templates.learn import learn_house
from cleaner.templates.library import Library
from cleaner.templates.sketch import Sketch, sketch_dump
from tests.scale_sites import measure
from tests.test_accounting import check_account

SITE = "lantern.example"
NOUNS = ["river", "harbour", "council", "bridge", "ferry", "market", "school", "orchard", "mayor", "library", "tower"]
VERBS = ["opened", "closed", "painted", "counted", "measured", "sold", "visited", "repaired", "described", "crossed"]


def sentence(rng: random.Random, words: int = 24) -> str:
    row = [
        rng.choice(NOUNS if i % 2 else VERBS) + rng.choice(["", "s", " again", " of old"]) for i in range(words // 2)
    ]
    return f"The {' the '.join(row)} on day {rng.randint(1, 999)}."


def story(number: int, paragraphs: int = 6) -> list[str]:
    rng = random.Random(number)
    return [sentence(rng) for _ in range(paragraphs)]


def sketch(text: str, source_format: str = "text") -> Sketch:
    found = sketch_dump(text, source_format, Settings())
    assert found is not None
    return found


def learned(texts: Sequence[str], source_format: str = "text") -> House | None:
    collection = Collection()
    collection.add_all((SITE, sketch(text, source_format)) for text in texts)
    return learn_house(SITE, collection.sketches(SITE))


def dump(number: int, *, top: str = "Lantern weekend edition", inside: str = "", at: int = 3) -> str:
    lines = story(number)
    return "\n\n".join([top, *lines[:at], *([inside] if inside else []), *lines[at:], "Keel and anchor, since 1904"])


CORPUS = [dump(n) for n in range(12)]


def test_what_repeats_over_a_site_goes() -> None:
    """Lines at the edges of all articles go, with their share as evidence, and the story is untouched."""
    house = learned(CORPUS)
    assert house is not None and house.articles == 12
    article = clean(CORPUS[3], house=house)
    assert article.body == "\n\n".join(story(3))
    assert [(r.text, r.category, r.evidence) for r in article.removed] == [
        ("Lantern weekend edition", "boilerplate", "site_template:1.00"),
        ("Keel and anchor, since 1904", "boilerplate", "site_template:1.00"),
    ]
    check_account(article)
    assert clean(CORPUS[3]).body != article.body


def test_numbers_case_and_names_may_change() -> None:
    """A line whose date, count or name changes from article to article is one line."""
    names = ["Ines Calloway", "Tom Berg", "Ada Lund", "Ole Brandt", "Mia Voss", "Jan Roth"]
    tops = [f"EDITION {n} of 19{n}0, found by {names[n % 6]} at the harbour gate" for n in range(12)]
    dumps = [dump(n, top=top) for n, top in enumerate(tops)]
    house = learned(dumps)
    assert house is not None
    other = dump(99, top="EDITION 77  of 2031, found by Somebody Else at the harbour gate")
    assert clean(other, house=house).body == "\n\n".join(story(99))


def test_few_articles_teach_nothing() -> None:
    """Below eight different articles there is no house, however often each was crawled."""
    seven = [dump(n) for n in range(7)]
    assert learned(seven) is None
    assert learned(seven + [f"{text}\n\nUpdated {n}" for n in range(3) for text in seven]) is None


def test_copies_are_no_evidence() -> None:
    """An article that was crawled twenty times, each time a little different, loses nothing."""
    lines = story(500)
    copies = []
    for n in range(20):
        rng = random.Random(n)
        words = [line.split(" ") for line in lines]
        for _ in range(3):
            row = rng.choice(words)
            row[rng.randrange(len(row))] = rng.choice(["notably", "perhaps", "corrected"])
        copies.append("\n\n".join(" ".join(row) for row in words))
    house = learned(CORPUS + copies)
    assert house is not None and house.articles == 13
    for text in copies:
        assert clean(text, house=house).body == text


@pytest.mark.parametrize("share", [0.3, 0.6, 1.0])
@pytest.mark.parametrize("heading", ["Ingredients", "Fazit", "What the council said"])
def test_headings_of_prose_survive(heading: str, share: float) -> None:
    """A heading that recurs above paragraphs is content, whether it is known as one or not."""
    rng = random.Random(5)
    corpus = [dump(n, inside=heading if n < share * 20 else "", at=rng.randint(1, 5)) for n in range(20)]
    house = learned(corpus)
    assert house is not None and house.find("Keel and anchor, since 1904")
    assert heading in clean(corpus[0], house=house).body


@pytest.mark.parametrize(
    "line", ["Names have been changed to protect the families.", "And the lantern burned on, and on, and on."]
)
def test_disclaimers_and_refrains_survive(line: str) -> None:
    """A sentence within the story needs more evidence than a third of the articles."""
    corpus = [dump(n, inside=line if n % 3 == 0 else "") for n in range(21)]
    house = learned(corpus)
    assert house is not None
    assert line in clean(corpus[0], house=house).body


def test_scraps_in_the_middle_go_where_they_stand_anywhere() -> None:
    """A scrap that stands above prose here and above rows there is no heading."""
    corpus = []
    for n in range(20):
        lines = [*story(n, 3), "rope of hemp", "two lanterns", "oil", *story(n + 100, 3)]
        lines.insert(1 + n % 6, "Ask our harbour desk")
        corpus.append("\n\n".join(lines))
    house = learned(corpus)
    assert house is not None
    assert all("harbour desk" not in clean(text, house=house).body for text in corpus)


def test_rules_name_what_they_know() -> None:
    """A house line that a rule knows goes under the rule's category, with both kinds of evidence."""
    house = learned([dump(n, top="Share this article") for n in range(12)])
    assert house is not None
    (removal, _) = clean(dump(50, top="Share this article"), house=house).removed
    assert removal.category == "social"
    assert removal.evidence.startswith("site_template:1.00 + phrase:en:")


def test_a_rule_that_the_site_never_bears_out_is_denied() -> None:
    """What looks like furniture in one article of many, and in no other, is left; where it recurs it goes."""
    once = dump(3, inside="Read more: the ferry that never came")
    house = learned([*CORPUS[:3], once, *CORPUS[4:]])
    assert house is not None
    assert "Read more" not in clean(once).body
    assert "Read more" in clean(once, house=house).body
    often = learned([dump(n, inside=f"Read more: {story(n + 900, 1)[0][:40]}") for n in range(12)])
    assert often is not None
    assert "Read more" not in clean(once, house=often).body


def test_a_document_is_never_emptied() -> None:
    """Where all lines are the site's own, the article is what it is without the site."""
    house = learned(CORPUS)
    text = "Lantern weekend edition\n\nKeel and anchor, since 1904"
    assert clean(text, house=house).body == clean(text).body


def test_keep_holds_for_house_lines() -> None:
    """A category that is to stay stays."""
    house = learned(CORPUS)
    assert clean(CORPUS[0], settings=Settings(keep=("boilerplate",)), house=house).removed == ()


PAGE = (
    "<html><body><nav><a href=/>Home</a></nav><div class=story><h1>{title}</h1>{body}"
    "<p class=pitch>{pitch}</p>{more}</div><footer>Keel</footer></body></html>"
)


def page(number: int, pitch: str) -> str:
    rows = [f"<p>{line}</p>" for line in story(number)]
    return PAGE.format(title=f"Story {number}", body="".join(rows[:3]), pitch=pitch, more="".join(rows[3:]))


def test_html_by_place() -> None:
    """The same text at the same place of every page goes there; elsewhere it stays."""
    pitch = "Our desk by the harbour answers letters"
    house = learned([page(n, pitch) for n in range(12)], "html")
    assert house is not None and pitch.lower() not in house.lines
    settings = Settings(judge="rules")
    article = clean(page(40, pitch), None, "html", settings, house)
    assert pitch not in article.body
    (removal,) = [r for r in article.removed if r.text == pitch]
    assert removal.evidence.startswith("site_template:1.00 at ") and "p.pitch" in removal.evidence
    check_account(article)
    prose = page(41, "A word.").replace("<p>", f"<p>{pitch}</p><p>", 1)
    assert pitch in clean(prose, None, "html", settings, house).body


LINES = st.sampled_from(
    [*story(1, 3), "Lantern weekend edition", "Keel and anchor, since 1904", "Share this article", "Ingredients", "x"]
)


@given(st.lists(st.lists(LINES, min_size=1, max_size=6), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_cleaning_is_stable_with_a_house(parts: list[list[str]]) -> None:
    """Spans tile, and cleaning a clean body changes nothing, with the same house."""
    house = House(
        SITE,
        12,
        {key: HouseLine(key, 12, 1.0) for key in ("lantern weekend edition", "keel and anchor, since 0", "x")},
        watched=20,
    )
    try:
        article = clean("\n\n".join("\n".join(part) for part in parts), house=house)
    except CleanerError:
        return
    check_account(article)
    assert clean(article.body, house=house).body == article.body


texts = st.lists(st.integers(0, 30), min_size=1, max_size=24)


@given(texts, texts, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_merge_is_union_in_any_order(a: list[int], b: list[int], rng: random.Random) -> None:
    """Two halves merged are the whole, whatever the order and the limits; twice the same article is one."""
    sketches = {n: sketch(f"lantern {'abcdefghijklmnopqrstuvwxyz_+=<>'[n]}") for n in {*a, *b}}
    whole, left, right = (Collection(room=20, sample=8) for _ in range(3))
    both = [*a, *b]
    rng.shuffle(both)
    for collection, numbers in ((whole, both), (left, a), (right, b)):
        collection.add_all((f"site{n % 4}", sketches[n]) for n in numbers)
    left.merge(right)
    assert left.sample == whole.sample and left.bits == whole.bits
    assert left.seen == whole.seen and list(left.sites()) == list(whole.sites())
    assert all(left.sketches(site) == whole.sketches(site) for site in whole.sites())


def test_hash_seed_changes_nothing() -> None:
    """The same house in every process."""
    code = (
        "from tests.test_sites import learned, dump; "
        "print(learned([dump(n, inside='Ask our harbour desk', at=n % 5 + 1) for n in range(15)]))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout != ""


def test_room_is_never_exceeded() -> None:
    """Sites halve their samples, then the sites themselves are thinned out, which is told."""
    collection = Collection(room=64, sample=256)
    for n in range(400):
        collection.add(f"site{n}", Sketch(n, b""))
        assert len(collection) <= 64
    assert collection.left_out > 0
    assert sum(collection.seen.values()) == 400


@pytest.mark.parametrize("text", ["x" * 10_000_000, "\n\n".join(f"line {n} of many" for n in range(100_000))])
def test_huge_dumps_leave_small_sketches(text: str) -> None:
    """One line of ten megabytes, a hundred thousand lines: a sketch stays small, and names each line it keeps."""
    found = sketch(text)
    assert len(found.packed) < 20_000
    assert learn_house(SITE, [found] * 9) is None


def test_damaged_sketches_are_told() -> None:
    """A sketch that is none, or that unpacks to a flood, is an error with a mend."""
    import zlib

    for packed in (b"", b"junk", zlib.compress(b"\0" * 50_000_000), zlib.compress(b"no field")):
        with pytest.raises(InputError, match="learn them again"):
            learn_house(SITE, [Sketch(n, packed) for n in range(9)])


def test_edits_outlast_learning_and_merging() -> None:
    """What a person struck out or added counts in every merge; struck out wins."""
    library, other = Library(), Library()
    library.collection.add_all((SITE, sketch(text)) for text in CORPUS)
    library.learn()
    assert library.strike(SITE, "LANTERN weekend  edition") is not None
    other.add(SITE, "Lantern weekend edition", "navigation")
    other.add(SITE, "So ends the watch", "related")
    library.merge(other)
    library.learn()
    body = clean(CORPUS[0] + "\n\nSo ends the watch", house=library.houses[SITE]).body
    assert body == "\n\n".join(["Lantern weekend edition", *story(0)])
    with pytest.raises(InputError, match="cleaner categories"):
        library.add(SITE, "x", "nonsense")
    with pytest.raises(InputError, match="empty"):
        library.strike(SITE, " ")


@pytest.mark.slow
def test_memory_is_flat_from_one_to_four_million_lines() -> None:
    """Four times the lines need no more memory. The first pass alone: it is the one that holds the corpus."""
    peaks = []
    for lines in (1_000_000, 4_000_000):
        code = f"from tests.scale_sites import measure; print(measure({lines}, 1000, False)['peak_mb'])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    assert peaks[1] < 1.2 * peaks[0]


def test_scale_is_measured() -> None:
    """The measurement of the documentation runs, and its synthetic houses are found."""
    found = measure(4_000, 4, True)
    assert found["sites"] == 4 and found["house_lines"] >= 12


def test_what_pages_are_made_of_stays() -> None:
    """Headings, rows and code that every page of a kind has are no furniture, though they are not known as headings."""
    spec = "<h2>About the vessel</h2><ul><li>Hull of oak and larch</li></ul><pre>}</pre>"
    pages = [page(n, "x").replace("</h1>", f"</h1><p>{story(n)[0]}</p>{spec}") for n in range(12)]
    house = learned(pages, "html")
    assert house is not None
    body = clean(pages[0], None, "html", Settings(judge="rules"), house).body
    assert "About the vessel" in body and "Hull of oak and larch" in body and "}" in body
