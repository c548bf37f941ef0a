"""The report in a real browser: shown, filtered, corrected, saved; hostile text stays text, and nothing is fetched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.review.feedback import read_feedback

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip(
    "playwright.sync_api", reason="the browser test needs playwright: pip install '.[dev]'"
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="the browser test needs a browser: apt-get install chromium")

HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"
STORY = (
    "The {0} was painted in spring, said the keeper of the {0}, and the harbour board thanked everyone who came.\n\n"
    "Nobody had asked for the colour of the {0}, she said, but everybody had an opinion about it afterwards."
)
FURNITURE = "Sign up for our newsletter today.\n\nSubmit a correction\n* Name\n* Email\n* All fields are required.\n"


def dumps() -> list[dict[str, str]]:
    """Three plain articles of two sites and languages, and one whose every part is hostile."""
    german = "Die Fähre fuhr am Montag nicht, sagte die Kapitänin, und die Leute am Ufer warteten auf das Schiff."
    return [
        {"id": "ferry", "url": "https://lantern.example/1", "text": f"{STORY.format('ferry')}\n\n{FURNITURE}"},
        {"id": "mill", "url": "https://lantern.example/2", "text": f"{STORY.format('mill')}\n\nShare this article"},
        {"id": "faehre", "url": "https://keel.example/3", "text": f"{german}\n\nJetzt den Newsletter abonnieren"},
        {
            "id": f"</script>{HOSTILE}",
            "url": "javascript:window.hacked=3",
            "site": f"{HOSTILE}</title></script>.example",
            "text": f"# {HOSTILE}\n\n{STORY.format('tower')} </script>{HOSTILE}\u2028\n\n"
            f"Sign up for our newsletter </script>{HOSTILE}",
        },
    ]


@dataclass
class Seen:
    """A page, and what it did."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def texts(self, selector: str) -> list[str]:
        return [text.strip() for text in self.page.locator(selector).all_inner_texts()]

    def open(self, name: str) -> None:
        self.page.locator(".open", has_text=name).first.click()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    source, out = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in dumps()) + "not json\n", "utf-8")
    run = CliRunner().invoke(
        main, ["run", str(source), "-o", str(out), "--include-removed", "--source-format", "text", "-q"]
    )
    assert run.exit_code == 1, run.output  # one line was no JSON
    assert CliRunner().invoke(main, ["report", str(out)]).exit_code == 0
    return folder / "out.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def seen(browser: Browser, report: Path) -> Iterator[Seen]:
    """The report, opened anew; whatever a test did, nothing failed and nothing was fetched."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, color_scheme="light")
    context.set_default_timeout(5_000)
    found = Seen(context.new_page())
    found.page.on("console", lambda message: found.errors.append(message.text))
    found.page.on("pageerror", lambda error: found.errors.append(str(error)))
    found.page.on("dialog", lambda dialog: found.errors.append(dialog.message))
    found.page.on("request", lambda request: found.requests.append(request.url))
    found.page.goto(report.as_uri())
    yield found
    assert found.errors == []
    assert {url for url in found.requests if not url.startswith("blob:")} == {report.as_uri()}
    assert found.page.evaluate("window.hacked") is None
    context.close()


def test_overview_counts(seen: Seen) -> None:
    """The totals, the rejects and the plots are there without any click."""
    cards = dict(zip(seen.texts(".cards dt"), seen.texts(".cards dd"), strict=True))
    assert (cards["documents"], cards["rejected"], cards["sites"]) == ("4", "1", "3")
    assert "bad_json 1" in seen.texts("#overview summary")
    assert seen.page.locator("svg.bar rect").count() > 4
    assert seen.page.locator("svg.histogram").count() == 2
    assert len(seen.texts("#list li")) == 4


def test_filters_and_search(seen: Seen) -> None:
    """Site, category and language narrow the list down, and so do words of the text; a plot's label filters, too."""
    page = seen.page
    page.select_option("#language", "=de")
    assert seen.texts("#found") == ["1 of 4"]
    page.select_option("#language", "*")
    page.select_option("#site", "=lantern.example")
    assert seen.texts("#found") == ["2 of 4"]
    page.select_option("#category", "=correction_form")
    assert seen.texts("#found") == ["1 of 4"]
    page.select_option("#site", "*")
    page.select_option("#category", "*")
    page.fill("#search", "Keeper MILL")
    assert seen.texts("#found") == ["1 of 4"]
    page.fill("#search", "")
    page.locator("#overview .pick", has_text="keel.example").click()
    assert page.input_value("#site") == "=keel.example"
    assert seen.texts("#found") == ["1 of 4"]


def test_document_tells_why(seen: Seen) -> None:
    """A document shows its pieces; hovering one tells rule and score, and the views show it before and after."""
    seen.open("ferry")
    page = seen.page
    piece = page.locator(".text del", has_text="Sign up for our newsletter").first
    assert page.locator("details.run").count() == 1 and not piece.is_visible()  # so many in a row are folded
    page.click("text=Open all folded")
    piece.hover()
    assert "newsletter" in page.inner_text("#why") and "phrase" in page.inner_text("#why")
    assert page.locator(".text del", has_text="All fields are required").is_visible()
    page.click(".tools >> text=After")
    assert not piece.is_visible() and page.locator(".text p").first.is_visible()
    page.click(".tools >> text=Before")
    assert piece.is_visible()
    assert piece.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"


def test_corrections_are_saved(seen: Seen, tmp_path: Path) -> None:
    """What was marked as wrongly removed, wrongly kept, and a selected part of a line, is what the file says."""
    page = seen.page
    seen.open("mill")
    page.locator(".text del").first.click()
    page.click("#mark")
    page.locator(".text p").nth(1).click()
    page.evaluate("() => new Promise((done) => setTimeout(done))")  # a paragraph is chosen when its click is over
    page.select_option("#kind", "author_bio")
    page.click("#mark")
    page.evaluate(
        "() => { const p = document.querySelectorAll('.text p')[0]; const r = document.createRange();"
        "r.setStart(p.firstChild, 0); r.setEnd(p.firstChild, 8); getSelection().removeAllRanges();"
        "getSelection().addRange(r); p.dispatchEvent(new MouseEvent('mouseup', {bubbles: true})); }"
    )
    page.wait_for_selector("#mark:has-text('Selection')")
    page.click("#mark")
    assert seen.texts("#count") == ["3"]
    with page.expect_download() as download:
        page.click("#save")
    assert download.value.suggested_filename == "feedback.jsonl"
    download.value.save_as(tmp_path / "feedback.jsonl")
    removed, kept, part = read_feedback([str(tmp_path / "feedback.jsonl")])
    assert (removed.id, removed.text, removed.verdict, removed.site) == (
        *("mill", "Share this article", "keep", "lantern.example"),
    )
    assert removed.category == "social" and removed.evidence.startswith("phrase:")
    assert (kept.verdict, kept.category, kept.part) == ("remove", "author_bio", False)
    assert kept.text.startswith("Nobody had asked") and kept.before.endswith("thanked everyone who came.")
    assert (part.text, part.verdict, part.part) == ("The mill", "remove", True)


def test_marks_can_be_taken_back(seen: Seen) -> None:
    """Undo in the list takes a mark back, here and in the text."""
    seen.open("mill")
    seen.page.locator(".text del").first.click()
    seen.page.click("#mark")
    assert seen.page.locator(".text del.wrong").count() == 1
    seen.page.click("#marks button")
    assert seen.page.locator(".text del.wrong").count() == 0
    assert seen.page.is_disabled("#save")


def test_keyboard_alone(seen: Seen, tmp_path: Path) -> None:
    """Search, walk through documents and pieces, mark, change the view, save: all without a mouse."""
    page = seen.page
    page.keyboard.press("/")
    page.keyboard.type("lantern")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert seen.texts("#document h3") == ["ferry"]
    page.keyboard.press("j")
    assert seen.texts("#document h3") == ["mill"]
    page.keyboard.press("k")
    page.keyboard.press("]")
    assert page.evaluate("document.activeElement.tagName") == "DEL"
    page.keyboard.press("m")
    page.keyboard.press("t")
    assert page.locator(".text.after").count() == 1
    with page.expect_download() as download:
        page.keyboard.press("s")
    download.value.save_as(tmp_path / "f.jsonl")
    assert [c.id for c in read_feedback([str(tmp_path / "f.jsonl")])] == ["ferry"]
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_a_selection_made_after_the_focus_counts(seen: Seen) -> None:
    """Fingers and keyboards choose the paragraph first and select a part of it then."""
    page = seen.page
    seen.open("mill")
    page.locator(".text p").first.focus()
    page.evaluate(
        "() => { const p = document.querySelectorAll('.text p')[0]; const r = document.createRange();"
        "r.setStart(p.firstChild, 4); r.setEnd(p.firstChild, 8); getSelection().removeAllRanges();"
        "getSelection().addRange(r); }"
    )
    page.wait_for_selector("#mark:has-text('Selection')")
    page.locator("#kind").focus()
    page.click("#mark")
    assert seen.texts("#marks .what") == ["mill"]


def test_a_keyboard_reaches_paragraphs_and_their_category(seen: Seen) -> None:
    """`n` and `p` go from paragraph to paragraph, `c` to what it is, Enter marks it."""
    page = seen.page
    seen.open("mill")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.textContent").startswith("The mill was painted")
    page.keyboard.press("n")
    page.keyboard.press("c")
    page.keyboard.type("photo_c")
    page.keyboard.press("Enter")
    assert seen.texts("#marks .chip") == ["photo_credit"]
    page.keyboard.press("p")
    assert seen.texts("#marks .what")[0].startswith("Nobody had asked")


def test_corrections_can_be_gone_on_with(seen: Seen, tmp_path: Path) -> None:
    """A saved file is loaded again, with what the report does not show; what is no such file is refused."""
    page, saved = seen.page, tmp_path / "feedback.jsonl"
    seen.open("mill")
    page.locator(".text del").first.click()
    page.click("#mark")
    with page.expect_download() as download:
        page.click("#save")
    download.value.save_as(saved)
    row = json.loads(saved.read_text("utf-8"))
    with saved.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**row, "id": "elsewhere"}) + "\n")
    page.reload()
    page.set_input_files("#load", saved)
    page.wait_for_selector("#told:has-text('1 of 2 corrections loaded')")
    seen.open("mill")
    assert page.locator(".text del.wrong").count() == 1
    with page.expect_download() as download:
        page.click("#save")
    download.value.save_as(saved)
    assert [c.id for c in read_feedback([str(saved)])] == ["mill", "elsewhere"]
    saved.write_text('"<script>"\n', "utf-8")
    page.set_input_files("#load", saved)
    page.wait_for_selector("#told:has-text('is not a file of corrections')")
    assert seen.texts("#count") == ["1"]


def test_what_the_sample_lacks_is_said(browser: Browser, tmp_path: Path) -> None:
    """A site of the overview that no shown document is of does not seem to have them all."""
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [{"id": str(n), "url": f"https://pier{n}.example/", "text": STORY.format(f"boat {n}")} for n in range(40)]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    for command in (
        ["run", str(source), "-o", str(out), "--include-removed", "-q"],
        ["report", str(out), "--sample", "1"],
    ):
        told = CliRunner().invoke(main, command)
        assert told.exit_code == 0, told.output
    page = browser.new_page()
    page.goto(out.with_suffix(".html").as_uri())
    shown = page.locator("#site option").evaluate_all("options => options.map(o => o.value)")
    sites = page.locator("#overview [data-kind=site]").evaluate_all("all => all.map(e => e.dataset.value)")
    missing = next(site for site in sites if "=" + site not in shown)
    page.locator(f'#overview .pick[data-value="{missing}"]').first.click()
    assert f"none is of {missing}" in page.inner_text("#found")
    page.close()


def test_hostile_text_is_text(seen: Seen) -> None:
    """Tags in id, site, title, body and removed pieces are read, not obeyed; a script's address is no link."""
    page = seen.page
    page.fill("#search", "tower")
    page.locator(".open").click()
    assert "<script>" in page.inner_text("#document h3") or "<img" in page.inner_text("#document h3")
    assert HOSTILE in page.inner_text(".text")
    page.locator(".text del").first.click()
    page.keyboard.press("m")
    assert page.locator("#document a, #document img, #document script").count() == 0
    assert page.locator("script").count() == 2 and page.locator("img").count() == 0


def test_policy_holds(seen: Seen) -> None:
    """Even if something got into the page, an inline handler does not run and no request leaves it."""
    page = seen.page
    page.evaluate(
        "() => { const d = document.createElement('div');"
        'd.innerHTML = \'<img src="https://example.invalid/x.png" onerror="window.hacked = 9">\';'
        "document.body.append(d); }"
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert all("Content Security Policy" in error for error in seen.errors) and seen.errors
    seen.errors.clear()
    seen.requests[:] = [url for url in seen.requests if "example.invalid" not in url or not url]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(browser: Browser, report: Path, scheme: Literal["light", "dark"]) -> None:
    """The page follows the system, and its button turns it over; text stands out from the ground in both."""
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(report.as_uri())
    light = "rgb(251, 250, 248)"
    ground = "getComputedStyle(document.body).backgroundColor"
    assert (page.evaluate(ground) == light) is (scheme == "light")
    page.click("#theme")
    assert (page.evaluate(ground) == light) is (scheme == "dark")
    context.close()


def test_phone(browser: Browser, report: Path) -> None:
    """On a phone nothing is wider than the screen; a document takes the place of the list, and gives it back."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    context.set_default_timeout(5_000)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".open", has_text="mill").tap()
    assert not page.is_visible("#list") and page.is_visible(".text")
    page.locator(".text del").first.tap()
    page.wait_for_selector("#mark", state="visible")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("#mark").tap()
    assert (page.locator("#marks .what").bounding_box() or {"width": 0})["width"] > 150
    page.locator(".back").tap()
    assert page.is_visible("#list") and not page.is_visible(".text")
    context.close()
