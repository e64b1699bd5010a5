"""Does every page open in a real browser without a complaint, for everyone's eyes and hands, whatever a log says?"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, expect, sync_playwright
from tests.console.hostile import HOSTILE, INDICATOR, Running, console, hostile_case, marked

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]

MISSING = "no Chromium: `scripts/install-browser` installs it, or `apt-get install chromium`"
PATHS = (
    "/",
    "/timeline",
    "/timeline?layer=promoted",
    "/timeline?layer=acts",
    "/timeline?layer=sightings",
    "/timeline?layer=events",
    "/timeline?layer=events&from=2025-03-04T01%3A00Z&to=2025-03-04T02%3A00Z&f=src_ip%3Ais%3A198.51.100.66",
    "/scope",
    "/graph",
    "/graph?all=1",
    "/credentials",
    "/coverage",
    "/detections",
    "/notes",
    "/help",
    "/seal",
    "/keys",
    f"/pivot?value={INDICATOR}",
    "/table/sessions",
    "/table/account",
    "/table/rejects",
    "/record/RECORD",
    "/session/SESSION",
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with console(hostile_case(tmp_path_factory.mktemp("hostile"))) as held:
        marked(held.desk)
        yield held


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, MISSING
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


def opened(browser: Browser, running: Running, **options: object) -> BrowserContext:
    """A visitor who came in by the link."""
    context = browser.new_context(**options)  # type: ignore[arg-type]  # as playwright takes them
    page = context.new_page()
    page.goto(running.link())
    page.wait_for_url(f"{running.base}/")
    page.close()
    return context


@pytest.fixture
def page(browser: Browser, running: Running) -> Iterator[Page]:
    context = opened(browser, running, viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def paths(running: Running) -> list[str]:
    """Every kind of page; records and sessions as the case has them."""
    view = running.desk.view()
    sql = "SELECT event_uid FROM events WHERE src_ip = ? ORDER BY time LIMIT 1"
    [(record,)] = view.ask(sql, [INDICATOR])
    [(session,)] = view.ask("SELECT session_uid FROM sessions WHERE standing = 'proven' ORDER BY first_at LIMIT 1")
    return [one.replace("RECORD", str(record)).replace("SESSION", str(session)) for one in PATHS]


def complaints(page: Page) -> list[str]:
    """What the browser complains of from here on: errors of scripts, refused loads, breaches of the policy."""
    told: list[str] = []

    def console_said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            told.append(message.text)

    def asked(dialog: Dialog) -> None:
        told.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("console", console_said)
    page.on("pageerror", lambda fault: told.append(str(fault)))
    page.on("dialog", asked)
    page.on("requestfailed", lambda request: told.append(f"failed {request.url}"))
    return told


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_opens_without_a_complaint_and_fits(page: Page, running: Running, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    told = complaints(page)
    for path in paths(running):
        answer = page.goto(running.base + path)
        assert answer is not None
        assert (path, answer.status) == (path, 200)
        assert page.title() != "owned", path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        outside = page.evaluate("[...document.querySelectorAll('[src],[href]')].map(e => e.src || e.href)")
        assert [one for one in outside if isinstance(one, str) and not one.startswith((running.base, "data:,"))] == []
    assert told == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Browser, running: Running, scheme: str) -> None:
    context = opened(browser, running, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    found = {}
    for path in paths(running):
        page.goto(running.base + path)
        held = Axe().run(page)
        if held.violations_count:
            found[path] = [
                (one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in held.response["violations"]
            ]
    context.close()
    assert found == {}


def test_axe_finds_nothing_in_the_drawer_and_at_the_door(browser: Browser, running: Running) -> None:
    context = opened(browser, running, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{running.base}/timeline?layer=events")
    page.locator("a[data-record]").first.click()
    expect(page.locator("dialog[open] pre").first).to_be_visible()
    assert Axe().run(page).violations_count == 0
    context.clear_cookies()
    for path in ("/login", "/no-such-page"):
        page.goto(running.base + path)
        held = Axe().run(page)
        assert [one["id"] for one in held.response["violations"]] == []
    context.close()


def test_hostile_texts_are_shown_as_texts_and_do_nothing(page: Page, running: Running) -> None:
    told = complaints(page)
    view = running.desk.view()
    uids = view.ask("SELECT event_uid FROM events WHERE src_ip = ? ORDER BY time, event_uid", [INDICATOR])
    assert len(uids) == 2 * len(HOSTILE) + 1
    seen = ""
    for (uid,) in uids:
        page.goto(f"{running.base}/record/{uid}")
        assert page.locator("main script, main img, main iframe, main object, main style, main [onclick]").count() == 0
        assert page.evaluate("document.querySelectorAll('main [onload],main [onerror],main [onmouseover]').length") == 0
        assert not [at for at in page.evaluate("[...document.links].map(a => a.protocol)") if at != "http:"]
        assert page.title() != "owned"
        seen += page.inner_text("main")
    assert told == []
    for text in ("<script>document.title='owned'</script>", "{{7*7}}{% for a in b %}", "=cmd|' /C calc'!A0"):
        assert text in seen
    assert "../../../../etc/passwd" in seen
    assert "'; DROP TABLE events; --" in seen
    assert "\\x1b[31m\\x1b]0;owned\\x07" in seen
    assert "admin\\u202egnp.exe\\u2066\\u200b\\xad" in seen
    assert "49" not in seen.replace("1490", "").split()
    assert not {"\x1b", "\u202e", "\u2066", "\u200b"}.intersection(seen)


def test_an_address_of_the_intruder_is_defanged_where_it_is_shown_and_exact_where_it_is_asked(
    page: Page, running: Running
) -> None:
    page.goto(f"{running.base}/pivot?value={INDICATOR}")
    assert page.input_value("[data-defanged]") == "198.51.100[.]66"
    page.goto(f"{running.base}/timeline?layer=events&f=src_ip%3Ais%3A{INDICATOR}")
    assert "198.51.100[.]66" in page.inner_text("#rows")
    assert INDICATOR not in page.inner_text("main")
    assert page.inner_text(".count") == "29 of 148 rows"


def test_a_record_opens_in_a_drawer_and_without_script_as_a_page(
    browser: Browser, running: Running, page: Page
) -> None:
    page.goto(f"{running.base}/timeline?layer=events")
    link = page.locator("a[data-record]").first
    where = link.get_attribute("href")
    link.click()
    drawer = page.locator("dialog[open]")
    expect(drawer.locator("pre").first).to_contain_text('"uuid"')
    assert page.url == f"{running.base}/timeline?layer=events"
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    plain = opened(browser, running, java_script_enabled=False)
    bare = plain.new_page()
    bare.goto(f"{running.base}/timeline?layer=events")
    bare.locator("a[data-record]").first.click()
    assert bare.url == f"{running.base}{where}"
    assert '"uuid"' in bare.inner_text("pre >> nth=0")
    plain.close()


def test_the_keys_move_through_the_rows_star_them_and_filter(page: Page, running: Running) -> None:
    page.goto(f"{running.base}/timeline?layer=events&from=2025-03-04T00%3A00Z&to=2025-03-04T00%3A01Z")
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    rows = page.locator("[data-row]")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator(".starred")).to_have_count(1)
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator(".starred")).to_have_count(2)
    page.keyboard.press("s")
    expect(page.locator(".starred")).to_have_count(1)
    page.reload()
    expect(page.locator(".starred")).to_have_count(1)
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.locator("main input[name=value_of]")).to_be_focused()
    page.keyboard.type("user3")
    page.keyboard.press("Enter")
    expect(page.locator(".chips li")).to_contain_text("principal has user3")
    assert page.inner_text(".count").endswith("of 148 rows")
    with page.expect_navigation():
        page.locator(".chips a").click()
    expect(page.locator(".chips")).to_have_count(0)
    page.keyboard.press("?")
    page.wait_for_url("**/help")


def test_marks_are_made_and_taken_back_from_the_drawer(page: Page, running: Running) -> None:
    page.goto(f"{running.base}/timeline?layer=events&from=2025-03-04T00%3A01Z&to=2025-03-04T00%3A02Z")
    page.locator("a[data-record]").nth(4).click()
    form = page.locator("dialog[open] form:has(input[value=promote])")
    form.locator("input[name=text]").fill("the first of <i>his</i> sign-ins")
    form.locator("button").click()
    page.wait_for_load_state()
    assert "/timeline?layer=events" in page.url
    page.goto(f"{running.base}/timeline?layer=promoted")
    expect(page.locator(".curated")).to_contain_text("the first of <i>his</i> sign-ins")
    page.goto(f"{running.base}/notes")
    row = page.locator(".said li", has_text="the first of <i>his</i> sign-ins")
    row.locator("button").click()
    expect(page.locator(".said li", has_text="the first of <i>his</i> sign-ins")).to_have_count(0)


def test_a_view_is_saved_and_a_link_shows_it_and_nothing_else(browser: Browser, running: Running, page: Page) -> None:
    page.goto(f"{running.base}/timeline?layer=events&f=principal%3Ahas%3Auser3")
    page.fill(".save input[name=name]", "what user3 did")
    page.click(".save button")
    page.locator(".said li", has_text="what user3 did").locator("button", has_text="link").click()
    link = page.input_value(".copying input")
    guest = browser.new_context()
    outside = guest.new_page()
    outside.goto(link)
    outside.wait_for_url("**/view/*")
    assert outside.inner_text("h1") == "what user3 did"
    assert outside.locator("#rows a").count() == 0
    rows = outside.locator("[data-row]").count()
    assert rows == int(outside.inner_text(".count b"))
    assert rows > 0
    for path in ("/timeline", "/notes", "/api/v1/tables/events", "/view/1"):
        answer = outside.goto(running.base + path)
        assert answer is not None
        assert answer.status == 403
    guest.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_lead_makes_a_key_and_sees_what_a_copy_hides_before_it_is_sealed(
    browser: Browser, running: Running, scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    context = opened(browser, running, color_scheme=scheme, bypass_csp=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    told = complaints(page)

    def sound() -> None:
        assert Axe().run(page).violations_count == 0
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    page.goto(f"{running.base}/keys")
    page.fill("input[name=name]", f"<b>{scheme}</b>")
    page.click("main button.main")
    assert page.input_value(".copying input").startswith("cloison_")
    sound()
    page.goto(f"{running.base}/keys")
    sound()
    page.click(".sure summary >> nth=0")
    sound()
    page.click(f"text=Revoke <b>{scheme}</b> for good")
    expect(page.locator("h2", has_text="ended")).to_be_visible()
    sound()
    page.goto(f"{running.base}/seal")
    page.fill("textarea[name=values]", "<script>document.title='owned'</script>\nno such value")
    page.click("text=Show what it would hide")
    expect(page.locator("#shown .badge.bad")).to_have_count(1)
    page.click("summary >> nth=0")
    sound()
    page.click("#shown button.main")
    expect(page.locator("main > p[role=status]")).to_contain_text("is made", timeout=60_000)
    sound()
    with page.expect_download() as download:
        page.click("a[download] >> nth=0")
    assert download.value.suggested_filename.endswith(".seal")
    assert told == []
    assert page.title() != "owned"
    context.close()


def test_a_printed_page_has_its_answers_and_no_ways(page: Page, running: Running) -> None:
    page.goto(f"{running.base}/")
    page.emulate_media(media="print")
    expect(page.locator(".answers")).to_be_visible()
    expect(page.locator(".top nav")).to_be_hidden()
    expect(page.locator(".hours")).to_be_hidden()
