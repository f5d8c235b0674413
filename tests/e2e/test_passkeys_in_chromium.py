"""Passkeys in a real browser with Chromium's virtual authenticator: made, used, and copied."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import CDPSession, Page, sync_playwright

from archive.people import accounts, organisations
from archive.settings import Settings
from schemas.vocabulary import Role
from tests.builders import NOW
from tests.doors import a_door
from tests.e2e.test_pages_in_chromium import PROGRAMS, SWITCHES
from tests.test_web_sign_in import PASSWORD

pytestmark = pytest.mark.slow

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def url(sqlite_settings: Settings) -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    where = f"http://localhost:{port}"
    door = a_door(sqlite_settings.model_copy(update={"base_url": where}))
    with door.house.archive.transaction() as session:
        bureau = organisations.coded(session, "HR01")
        accounts.add(
            session, "lin", Role.CLERK, password=PASSWORD, organisation_id=bureau.id, now=NOW
        )
    config = uvicorn.Config(door.app, port=port, log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield where
    server.should_exit = True
    thread.join()
    door.house.close()


def by_password(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in")
    page.fill("#name", "lin")
    page.fill("#password", PASSWORD)
    page.click("button.big")


def sign_out(page: Page) -> None:
    page.click("form.sign-out button")
    page.wait_for_url("**/")


def test_a_passkey_is_made_used_as_the_second_step_and_alone_and_a_copy_is_refused(url):
    program = next(path for name in PROGRAMS if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        page = browser.new_context(locale="zh-CN").new_page()
        faults: list[str] = []
        page.on("pageerror", lambda told: faults.append(str(told)))
        tool = page.context.new_cdp_session(page)
        tool.send("WebAuthn.enable")
        told = tool.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

        by_password(page, url)
        page.fill("#passkey-name", "钥匙")
        page.click("form[data-passkey=create] button")
        page.click("text=我已妥善保存，继续")
        page.wait_for_url("**/bureau/records")
        sign_out(page)

        by_password(page, url)
        page.click("form[data-passkey=get] button")
        page.wait_for_url("**/bureau/records")
        sign_out(page)

        page.goto(f"{url}/sign-in")
        page.click("text=使用通行密钥登录")
        page.wait_for_url("**/bureau/records")
        sign_out(page)

        _set_back(tool, told["authenticatorId"])
        page.goto(f"{url}/sign-in")
        page.click("text=使用通行密钥登录")
        page.wait_for_selector("text=通行密钥未通过验证")
        assert faults == []
        browser.close()


def _set_back(tool: CDPSession, authenticator: str) -> None:
    """Let the count of the key be as before, as that of a copy would be."""
    where = {"authenticatorId": authenticator}
    [kept] = tool.send("WebAuthn.getCredentials", where)["credentials"]
    tool.send("WebAuthn.clearCredentials", where)
    tool.send("WebAuthn.addCredential", where | {"credential": kept | {"signCount": 1}})
