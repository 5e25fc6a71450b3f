"""The mailbox: mail as SES was given it, kept whole, shown as text and never run."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.sesv2.responses import SESV2Response

from local import aws, mailbox


@pytest.fixture(autouse=True)
def an_empty_mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "FILE", tmp_path / "mail.jsonl")


def request(subject: str = "Un cas nou", text: str = "Mireu-lo.") -> dict[str, Any]:
    """What ``SesMail`` asks of SES."""
    return {
        "FromEmailAddress": "canal@canal.test",
        "Destination": {"ToAddresses": ["serveis@canal.test"]},
        "Content": {"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}}},
    }


def test_an_empty_mailbox_is_a_page_too() -> None:
    assert mailbox.mails() == []
    assert "0 mails" in mailbox.page()
    assert "<main>" in mailbox.page()


def test_the_newest_mail_comes_first() -> None:
    for subject in ("primer", "segon"):
        mailbox.keep(request(subject))
    assert [mail["subject"] for mail in mailbox.mails()] == ["segon", "primer"]
    assert mailbox.page().index("segon") < mailbox.page().index("primer")


def test_a_mail_is_kept_with_all_that_it_says() -> None:
    mailbox.keep(request(text="Línia u\nlínia dos · «més»"))
    (mail,) = mailbox.mails()
    assert (mail["from"], mail["to"]) == ("canal@canal.test", ["serveis@canal.test"])
    assert mail["text"] == "Línia u\nlínia dos · «més»"
    assert mail["at"]


def test_a_raw_mail_is_read() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "canal@canal.test", "serveis@canal.test", "Cas ñ"
    message.set_content("Això.\n")
    kept = mailbox.read({"Content": {"Raw": {"Data": base64.b64encode(message.as_bytes()).decode()}}})
    assert (kept["subject"], kept["text"], kept["to"]) == ("Cas ñ", "Això.\n", ["serveis@canal.test"])


def test_links_can_be_followed_and_end_before_the_full_stop() -> None:
    page = mailbox.linked("Obriu http://127.0.0.1:8000/admin/#/cases/AB12?a=1&b=2. Gràcies")
    assert 'href="http://127.0.0.1:8000/admin/#/cases/AB12?a=1&amp;b=2"' in page
    assert page.endswith(". Gràcies")


def test_what_a_mail_says_is_never_run() -> None:
    mailbox.keep(request("<script>alert(1)</script>", '<img src=x onerror=alert(1)> http://x.test/"><b>'))
    page = mailbox.page()
    assert "<script>" not in page
    assert "<img" not in page
    assert "<b>" not in page


def test_what_ses_takes_lands_in_the_mailbox_and_what_it_refuses_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SESV2Response, "send_email", SESV2Response.send_email)  # put back afterwards
    aws.keep_mail()
    with mock_aws():
        ses = boto3.client("sesv2", "eu-south-2")
        ses.create_email_identity(EmailIdentity="canal@canal.test")
        ses.send_email(**request())
        with pytest.raises(ClientError):
            ses.send_email(**{**request("Un altre"), "FromEmailAddress": "not-verified@canal.test"})
    assert [mail["subject"] for mail in mailbox.mails()] == ["Un cas nou"]
