"""Notices leave by real ways: a mail server and a gateway on loopback, the screen."""

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from archive.notices import messages
from archive.notices.console import Console
from archive.notices.faults import RejectedError, UncertainError, UndeliveredError
from archive.notices.messages import Channel, Message, Notice
from archive.notices.providers import providers_of
from archive.notices.sms import Gateway, signature
from archive.notices.smtp import MailServer
from archive.outgoing import MOST_BYTES, AddressForbiddenError, OutgoingError, ask
from archive.settings import MailSecurity, Settings
from archive.texts import translations
from schemas.vocabulary import Language
from tests.mail_server import mail_server

FACTS = {"code": "123456", "minutes": "5"}
TO_MAIL = Message("a1", Channel.EMAIL, "wang@example.com", Notice.SIGN_IN_CODE, FACTS)
TO_PHONE = Message("a2", Channel.SMS, "13800000000", Notice.SIGN_IN_CODE, FACTS)


@pytest.fixture
def mail(tmp_path):
    with mail_server(tmp_path) as (desk, trust):
        server = MailServer("127.0.0.1", desk.port, "archive@example.com", trust=trust)
        yield desk, server


def test_a_mail_leaves_encrypted_in_both_languages(mail):
    desk, server = mail
    server.send(TO_MAIL)
    [got] = desk.mails
    assert desk.encrypted == [True]
    assert got["to"] == "wang@example.com"
    text = got.get_payload(decode=True).decode()
    assert "登录验证码123456，5分钟内有效" in text
    assert "123456 is your code to sign in" in text
    assert "123456" not in str(got["subject"])


def test_a_name_and_password_are_told_only_over_the_encrypted_way(mail):
    desk, server = mail
    MailServer(
        server.host, server.port, server.sender, user="lin", password="secret", trust=server.trust
    ).send(TO_MAIL)
    assert desk.logins == ["\0lin\0secret"]
    assert "secret" not in repr(MailServer("a", 1, "b", password="secret"))


def test_a_mail_server_whose_certificate_nobody_trusts_gets_nothing(mail):
    desk, server = mail
    with pytest.raises(UndeliveredError, match="SSL"):
        MailServer(server.host, server.port, server.sender).send(TO_MAIL)
    assert desk.mails == []


@pytest.mark.parametrize(
    ("answer", "fault"), [("550 nobody", RejectedError), ("450 later", UndeliveredError)]
)
def test_a_recipient_that_is_refused_is_told_as_final_or_not(mail, answer, fault):
    desk, server = mail
    desk.answer_to_recipient = answer
    with pytest.raises(UndeliveredError) as refused:
        server.send(TO_MAIL)
    assert type(refused.value) is fault


def test_a_mail_server_that_hangs_up_half_way_leaves_it_uncertain(mail):
    desk, server = mail
    desk.hangs_up_in_data = True
    with pytest.raises(UncertainError):
        server.send(TO_MAIL)


def test_a_mail_server_that_is_away_got_nothing(mail):
    _, server = mail
    away = MailServer("127.0.0.1", 1, server.sender, security=MailSecurity.NONE)
    with pytest.raises(UndeliveredError, match="ConnectionRefused"):
        away.send(TO_MAIL)


def test_a_line_break_in_an_address_makes_no_second_header(mail):
    desk, server = mail
    evil = Message("a3", Channel.EMAIL, "a@b.cn\r\nBcc: c@d.cn", Notice.SIGN_IN_CODE, FACTS)
    with pytest.raises(RejectedError):
        server.send(evil)
    assert desk.mails == []


class _Gateway(HTTPServer):
    status = 200
    asked: list[tuple[dict[str, str], bytes]]


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["content-length"]))
        server.asked.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(server.status)
        if server.status == 302:
            self.send_header("Location", f"http://127.0.0.1:{server.server_port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * (MOST_BYTES + 2))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway() -> Iterator[_Gateway]:
    with _Gateway(("127.0.0.1", 0), _Taking) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def _sender(server: _Gateway, **told: Any) -> Gateway:
    return Gateway(f"http://127.0.0.1:{server.server_port}/send", b"key", **told)


def test_a_text_message_is_signed_and_names_its_template(gateway):
    _sender(gateway, may_be_private=True, second=lambda: "1800000000").send(TO_PHONE)
    [(headers, body)] = gateway.asked
    told = json.loads(body)
    assert (told["to"], told["template"], told["parameters"]) == (
        "13800000000",
        "sign_in_code",
        FACTS,
    )
    assert "登录验证码123456" in told["text"]
    assert headers["x-archive-signature"] == signature(b"key", "1800000000", body)
    assert headers["idempotency-key"] == told["id"] == "a2"


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (400, RejectedError),
        (302, RejectedError),
        (429, UndeliveredError),
        (503, UndeliveredError),
    ],
)
def test_what_a_gateway_refuses_is_tried_again_only_where_that_may_help(gateway, status, fault):
    gateway.status = status
    with pytest.raises(UndeliveredError) as refused:
        _sender(gateway, may_be_private=True).send(TO_PHONE)
    assert type(refused.value) is fault
    assert len(gateway.asked) == 1


def test_a_gateway_at_a_private_address_is_not_asked_unless_a_setting_allows_it(gateway):
    with pytest.raises(RejectedError):
        _sender(gateway).send(TO_PHONE)
    assert gateway.asked == []


def test_a_gateway_that_is_away_leaves_it_uncertain():
    with pytest.raises(UncertainError):
        Gateway("http://127.0.0.1:1/", b"key", may_be_private=True).send(TO_PHONE)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://192.168.1.1:8443/",
        "https://0.0.0.0/",
        "https://[fd00::1]/",
        "https://[fe80::1]/",
        "https://localhost/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://224.0.0.1/",
        "http://93.184.216.34/",
        "ftp://93.184.216.34/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "https://user@93.184.216.34/",
        "https://[broken/",
        "https:///nobody",
        "https://a:99999/",
    ],
)
def test_no_address_inside_is_ever_asked(url):
    with pytest.raises(AddressForbiddenError):
        ask("GET", url)


def test_plain_http_is_spoken_to_this_machine_only():
    with pytest.raises(AddressForbiddenError):
        ask("GET", "http://10.1.2.3/", may_be_private=True)


def test_an_answer_without_end_is_cut_and_a_name_of_nobody_is_told(gateway):
    with pytest.raises(OutgoingError, match="too long"):
        ask("GET", f"http://127.0.0.1:{gateway.server_port}/?a=b", may_be_private=True)
    with pytest.raises(OutgoingError):
        ask("GET", "https://nobody.invalid/")


def test_the_screen_shows_what_would_be_sent():
    screen = io.StringIO()
    Console(screen).send(TO_PHONE)
    assert "[sms -> 13800000000]" in screen.getvalue()
    assert "123456" in screen.getvalue()


def test_settings_say_what_serves_which_channel():
    assert providers_of(Settings()) == {}
    assert set(providers_of(Settings(notices_to_console=True))) == set(Channel)
    both = Settings(smtp_host="mail.example", sms_url="https://sms.example/")
    found = providers_of(both)
    assert isinstance(found[Channel.EMAIL], MailServer)
    assert isinstance(found[Channel.SMS], Gateway)


def test_every_notice_is_told_in_chinese():
    chinese = translations(Language.CHINESE)
    assert len(messages.SENTENCES) == 2 * len(Notice)
    assert [one for one in messages.SENTENCES if chinese.gettext(one) == one] == []
