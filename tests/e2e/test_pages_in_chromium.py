"""The pages in a real browser: nothing sticks out on a phone, nothing breaks the policy."""

import shutil
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from archive.dossiers.columns import field_of
from archive.dossiers.headers import Field
from archive.people.identity import check_character
from archive.people.synthetic import resident_number
from archive.settings import Settings
from schemas.vocabulary import RecordKind
from tests.doors import Door, a_door

pytestmark = pytest.mark.slow

SCREENSHOTS = Path(__file__).parent.parent.parent / "var" / "screenshots"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (390, 1280)
VISITS = (
    ("landing", "/", None),
    ("sign-in", "/sign-in", None),
    ("verify", "/verify", None),
    ("verify-code", "/verify/4TQ9-0XKM-7C2W-PD5Q", None),
    ("interface", "/api", None),
    ("problems", "/problems", None),
    ("worker", "/me", "worker"),
    ("documents", "/me/documents", "worker"),
    ("documents-for-many", "/organisation/documents", "clerk"),
    ("levels", "/me/eligibility?on=2028-06-01", "worker"),
    ("credits", "/me/credits", "worker"),
    ("next-step", "/me/credits/next-step?occupation=电工&rank=3", "worker"),
    ("applications", "/organisation/applications", "trainer"),
    ("inbox", "/organisation/applications", "employer"),
    ("offers", "/organisation/offers", "trainer"),
    ("offer-form", "/organisation/offers/new?kind=offer", "employer"),
    ("course-form", "/organisation/offers/new?kind=course", "trainer"),
    ("exchange", "/agreements/desk/exchange", "clerk"),
    ("exchange-out", "/agreements/desk/exchange", "trainer"),
    ("redemptions", "/bureau/redemptions", "clerk"),
    ("recognition", "/agreements", None),
    ("agreements", "/agreements/desk", "trainer"),
    ("agreement-form", "/agreements/desk/new", "trainer"),
    ("trainer", "/trainer/intake", "trainer"),
    ("employer", "/employer", "employer"),
    ("dossier-search", "/bureau/records", "clerk"),
    ("organisations", "/bureau/organisations", "clerk"),
    ("rules", "/bureau/rules?on=2024-06-01", "clerk"),
    ("rule-history", "/bureau/rules/training", "clerk"),
    ("rule-upload", "/bureau/rules/draft", "clerk"),
    ("approvals", "/bureau/approvals", "approver"),
    ("audit", "/audit", "audit administrator"),
    ("seals", "/audit/seals", "audit administrator"),
    ("incidents", "/security/incidents", "security administrator"),
)


@pytest.fixture
def served(sqlite_settings: Settings) -> Iterator[tuple[Door, str]]:
    door = a_door(sqlite_settings)
    config = uvicorn.Config(door.app, port=0, log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield door, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    door.house.close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    program = next(path for name in PROGRAMS if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield opened
        opened.close()


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_no_page_sticks_out_or_breaks_the_policy(served, browser, language):
    door, url = served
    faults: list[str] = []
    for width in WIDTHS:
        context = _context(browser, width, language)
        page = context.new_page()
        page.on("console", lambda told: faults.append(told.text))
        page.on("pageerror", lambda told: faults.append(str(told)))
        for name, path, account in VISITS:
            context.clear_cookies()
            _sign_in(context, door, url, account)
            page.goto(url + path)
            _photograph(page, f"{name}-{width}-{language}")
            if _sticks_out(page):
                faults.append(f"{path} is wider than {width} pixels")
        context.close()
    assert faults == []


def test_a_first_time_trainer_gets_a_list_right_without_a_script(served, browser, tmp_path):
    """From the empty list to the last record: six clicks and two choices of a file.

    Three errors are planted: a wrong check digit, no class hours, a day that has not come.
    """
    door, url = served
    context = _context(browser, 390, "zh-CN", scripts=False)
    _sign_in(context, door, url, "trainer")
    page = context.new_page()
    page.goto(f"{url}/trainer/intake")
    empty = _downloaded(page, ".templates a >> nth=0", tmp_path / "empty.xlsx")
    filled = tmp_path / "学员.xlsx"
    _fill_in(empty, filled)

    page.set_input_files("#file", filled)
    page.click("text=核对文件")
    page.wait_for_selector("text=有3行存在错误")
    _photograph(page, "first-file-checked-390")
    page.click("text=写入2条记录")
    page.wait_for_selector("text=已写入2条记录")
    _photograph(page, "first-file-written-390")

    results = _downloaded(page, "text=下载带处理结果的表格", tmp_path / "results.xlsx")
    page.set_input_files("#file", _corrected(results, tmp_path / "corrected.xlsx"))
    page.click("text=核对文件")
    page.wait_for_selector("text=各行均可写入")
    page.click("text=写入3条记录")
    page.wait_for_selector("text=已写入3条记录")
    _photograph(page, "first-file-done-390")
    assert "2" in page.inner_text(".state-same dd")
    assert not _sticks_out(page)
    context.close()


PEOPLE = [
    (resident_number(date(1990, 5, 17), 11), "36", "2025-02-01"),
    (resident_number(date(1990, 5, 17), 12)[:-1] + "x", "36", "2025-02-01"),
    (resident_number(date(1990, 5, 17), 13), "", "2025-02-01"),
    (resident_number(date(1990, 5, 17), 14), "36", "2099-02-01"),
    (resident_number(date(1990, 5, 17), 15), "36", "2025-02-01"),
]


def _fill_in(empty: Path, filled: Path) -> None:
    """Write some people below the headers and the example of an empty list."""
    rows = CalamineWorkbook.from_path(empty).get_sheet_by_index(0).to_python()
    at = [detect(str(header)) for header in rows[0]]
    for number, hours, day in PEOPLE:
        told = {Field.NAME: "李明华", Field.DOCUMENT_NUMBER: number, Field.HOURS: hours}
        told |= {Field.COURSE_NAME: "电工技能提升", Field.COMPLETED_ON: day}
        rows.append([told.get(field, "") if field else "" for field in at])
    with Workbook(filled) as book:
        sheet = book.add_worksheet("培训")
        for row, cells in enumerate(rows):
            sheet.write_row(row, 0, cells)


def detect(header: str) -> Field | None:
    return field_of(header, RecordKind.TRAINING)


def _corrected(results: Path, corrected: Path) -> Path:
    """Correct the red cells of the results, as in a spreadsheet program."""
    rows = (
        CalamineWorkbook.from_path(results).get_sheet_by_index(0).to_python(skip_empty_area=False)
    )
    at = [detect(str(header)) for header in rows[0]]
    for row, (number, _, _) in zip(rows[2:], PEOPLE, strict=True):
        row[at.index(Field.DOCUMENT_NUMBER)] = number[:17] + check_character(number[:17])
        row[at.index(Field.HOURS)] = "36"
        row[at.index(Field.COMPLETED_ON)] = "2025-02-01"
    with Workbook(corrected) as book:
        sheet = book.add_worksheet("培训")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return corrected


def _downloaded(page: Page, link: str, path: Path) -> Path:
    with page.expect_download() as download:
        page.click(link)
    download.value.save_as(path)
    return path


def test_a_worker_takes_the_document_away_and_a_stranger_verifies_it(served, browser, tmp_path):
    door, url = served
    worker = _context(browser, 390, "zh-CN")
    _sign_in(worker, door, url, "worker")
    page = worker.new_page()
    page.goto(f"{url}/me")
    page.click("summary >> nth=0")
    with page.expect_download(timeout=60_000) as download:
        page.click("text=下载档案证明")
    document = tmp_path / download.value.suggested_filename
    download.value.save_as(document)
    worker.close()

    stranger = _context(browser, 390, "zh-CN", scripts=False)
    page = stranger.new_page()
    page.goto(f"{url}/verify")
    page.set_input_files("#file", document)
    page.click("text=核对文件")
    page.wait_for_selector(".verdict-valid")
    _photograph(page, "verify-valid-390")
    assert door.numbers[0] in page.content()
    stranger.close()


def test_the_keyboard_reaches_the_content_first_and_every_field_has_a_label(served, browser):
    door, url = served
    context = _context(browser, 1280, "zh-CN")
    _sign_in(context, door, url, "clerk")
    page = context.new_page()
    page.goto(f"{url}/bureau/records")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    unlabelled = page.evaluate(
        "[...document.querySelectorAll('input:not([type=hidden]), select')]"
        ".filter(one => one.labels.length === 0).length"
    )
    assert unlabelled == 0
    context.close()


def test_a_phone_folds_a_long_navigation_and_unfolds_it_without_a_script(served, browser):
    door, url = served
    for width, seen in ((390, False), (1280, True)):
        context = _context(browser, width, "zh-CN")
        _sign_in(context, door, url, "trainer")
        page = context.new_page()
        page.goto(f"{url}/trainer/classes")
        appeals = page.locator("nav.sections a[href='/trainer/appeals']")
        assert page.locator("nav.sections a[aria-current]").is_visible()
        assert appeals.is_visible() is seen
        if not seen:
            page.locator("nav.sections label").click()
            assert appeals.is_visible()
        context.close()


SMUGGLED = (
    "<script>window.ran = 'inline'</script>"
    "<img src=/nowhere onerror=\"window.ran = 'attribute'\">"
    '<a id=led href="javascript:void(window.ran = `address`)">x</a></body>'
)
"""What would run if a page ever let it through."""


@pytest.mark.parametrize("is_kept", [True, False])
def test_the_policy_stops_a_script_even_if_it_stood_in_a_page(served, browser, is_kept):
    door, url = served
    context = _context(browser, 390, "zh-CN")
    _sign_in(context, door, url, "worker")
    page = context.new_page()

    def smuggle(route: Route) -> None:
        answer = route.fetch()
        headers = {
            name: told
            for name, told in answer.headers.items()
            if is_kept or name != "content-security-policy"
        }
        body = answer.text().replace("</body>", SMUGGLED)
        route.fulfill(response=answer, headers=headers, body=body)

    page.route(f"{url}/me", smuggle)
    page.goto(f"{url}/me")
    page.wait_for_load_state("networkidle")
    page.click("#led")
    ran = page.evaluate("window.ran")
    assert (ran is None) is is_kept, ran
    context.close()


def _context(
    browser: Browser, width: int, language: str, *, scripts: bool = True
) -> BrowserContext:
    return browser.new_context(
        viewport={"width": width, "height": 844},
        locale=language,
        java_script_enabled=scripts,
        accept_downloads=True,
    )


def _sign_in(context: BrowserContext, door: Door, url: str, account: str | None) -> None:
    if account is not None:
        cookie = {"name": door.house.session_cookie, "value": door.token(account), "url": url}
        context.add_cookies([cookie])  # type: ignore[list-item]  # A dict of just these keys.


def _sticks_out(page: Page) -> bool:
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def _photograph(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
