import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from maillage.embedded.mail import MailCapture
from maillage.embedded.ports import free_port


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailCapture]:
    capture = MailCapture(tmp_path, free_port(), free_port())
    capture.start()
    yield capture
    capture.stop()


def send(mail: MailCapture, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"] = "noreply@maillage.example"
    message["To"] = "amina@example.org"
    message["Subject"] = subject
    message["Message-ID"] = f"<{len(subject)}@maillage.example>"
    message.set_content(text)
    message["Content-Language"] = "fr"
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    with smtplib.SMTP("127.0.0.1", mail.smtp_port) as smtp:
        smtp.send_message(message)


def test_messages_are_listed_and_outlive_a_restart(mail: MailCapture) -> None:
    send(mail, "Réservation confirmée", "À samedi, l’été commence.")
    mail.kill()
    mail.start()
    (message,) = httpx.get(f"{mail.page_url}/messages.json").json()
    assert message["to"] == "amina@example.org"
    assert message["subject"] == "Réservation confirmée"
    assert message["message_id"] == "<21@maillage.example>"
    assert message["language"] == "fr"
    assert message["body"] == "À samedi, l’été commence.\n"


def test_pages_show_what_was_sent_and_run_none_of_it(mail: MailCapture) -> None:
    send(mail, "<script>alert(1)</script>", "Text & more")
    page = httpx.get(mail.page_url).text
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    (message,) = httpx.get(f"{mail.page_url}/messages.json").json()
    opened = httpx.get(f"{mail.page_url}/messages/{message['key']}")
    assert "Text &amp; more" in opened.text
    assert httpx.get(f"{mail.page_url}/messages/unknown").status_code == 404
