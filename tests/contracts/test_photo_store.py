"""The bucket of files and the mail against a real HTTP service (moto's server)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import botocore.session
import pytest
import requests
from botocore.exceptions import ClientError, EndpointConnectionError
from canal.adapters.mail import SesMail
from canal.adapters.photo_store import PhotoStore, new_key
from canal.adapters.signed import SignedCalls
from canal.errors import CanalError, Permanent, Stopped, Temporary, Throttled
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

REGION, BUCKET = "eu-south-2", "citizens-files"


@pytest.fixture
def bucket(aws: str) -> Iterator[Any]:
    s3 = boto3.resource("s3", region_name=REGION, endpoint_url=aws)
    made = s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    yield made
    made.objects.delete()
    made.delete()


@pytest.fixture
def store(aws: str, bucket: Any) -> PhotoStore:
    return PhotoStore(SignedCalls(botocore.session.Session(), REGION, aws), BUCKET)


@pytest.fixture
def nowhere() -> PhotoStore:
    return PhotoStore(SignedCalls(botocore.session.Session(), REGION, "http://127.0.0.1:9"), BUCKET)


def keys(bucket: Any) -> set[str]:
    return {each.key for each in bucket.objects.all()}


def test_what_is_put_is_got_and_deleted_and_any_of_it_twice(store: PhotoStore, bucket: Any) -> None:
    key = new_key("VXK4M2P9")
    for content in (b"one", b"\0" * 300_000):
        store.put(key, content, "image/jpeg")
        assert store.get(key) == content
    assert keys(bucket) == {key}
    for _ in range(2):
        store.delete(key)
    assert keys(bucket) == set()
    with pytest.raises(Permanent):
        store.get(key)


def test_a_picture_is_shown_and_another_file_is_only_saved(store: PhotoStore, bucket: Any) -> None:
    store.put("files/A/1", b"x", "image/jpeg")
    store.put("files/A/2", b"x", "audio/ogg", "A-audio.ogg")
    shown, saved = (bucket.Object(f"files/A/{number}") for number in (1, 2))
    assert (shown.content_type, shown.content_disposition) == ("image/jpeg", None)
    assert (saved.content_type, saved.content_disposition) == ("audio/ogg", 'attachment; filename="A-audio.ogg"')


def test_all_of_a_case_is_deleted_and_nothing_of_another(store: PhotoStore, bucket: Any) -> None:
    for case in ("A", "A", "A", "AB", "B"):
        store.put(new_key(case), b"x", "image/jpeg")
    store.put("files/A/it's & <odd> ~name", b"x", "image/jpeg")
    store.delete_case("A")
    assert {key.split("/")[1] for key in keys(bucket)} == {"AB", "B"}
    store.delete_case("A")


def test_a_link_opens_the_object_without_credentials_for_as_long_as_it_says(store: PhotoStore) -> None:
    key = new_key("VXK4M2P9")
    store.put(key, b"picture", "image/jpeg")
    link = store.link(key, 60)
    assert requests.get(link, timeout=5).content == b"picture"
    query = parse_qs(urlsplit(link).query)
    assert query["X-Amz-Expires"] == ["60"]
    assert "X-Amz-Signature" in query
    assert parse_qs(urlsplit(store.link(key, 10**9)).query)["X-Amz-Expires"] == [str(7 * 24 * 3600)]


def test_on_aws_a_link_goes_to_the_buckets_own_host() -> None:
    calls = SignedCalls(botocore.session.Session(), REGION)
    link = urlsplit(PhotoStore(calls, BUCKET).link("files/A/1"))
    assert (link.scheme, link.netloc, link.path) == ("https", f"{BUCKET}.s3.{REGION}.amazonaws.com", "/files/A/1")


def test_keys_cannot_be_guessed_and_never_need_an_escape() -> None:
    made = {new_key("VXK4M2P9") for _ in range(1000)}
    assert len(made) == 1000
    assert all(key.startswith("files/VXK4M2P9/") and len(key) == 15 + 32 for key in made)


def test_a_bucket_out_of_reach_or_not_there_is_temporary(nowhere: PhotoStore, aws: str) -> None:
    elsewhere = PhotoStore(SignedCalls(botocore.session.Session(), REGION, aws), "no-such-bucket")
    for store in (nowhere, elsewhere):
        with pytest.raises(Temporary):
            store.put("files/A/1", b"x", "image/jpeg")
        with pytest.raises(Temporary):
            store.delete_case("A")


# --- mail -----------------------------------------------------------------------------------------


def test_a_mail_arrives_with_its_words(aws: str) -> None:
    boto3.client("sesv2", REGION, endpoint_url=aws).create_email_identity(EmailIdentity="canal@canal.test")
    session = botocore.session.Session()
    ses = session.create_client("sesv2", REGION, endpoint_url=aws)
    SesMail(lambda: ses, "canal@canal.test").send("a@canal.test", "Cas nou\r\nBcc: x@y.z", "Açò és\nun correu")
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert (sent.source, sent.destinations["ToAddresses"]) == ("canal@canal.test", ["a@canal.test"])
    assert (sent.subject, sent.body) == ("Cas nou Bcc: x@y.z", "Açò és\nun correu")


class FailingSes:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def send_email(self, **request: Any) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("TooManyRequestsException", Throttled),
        ("MessageRejected", Stopped),
        ("SendingPausedException", Stopped),
        ("AccessDeniedException", Stopped),
        ("BadRequestException", Permanent),
        ("InternalFailure", Temporary),
    ],
)
def test_what_ses_refuses_is_told_in_our_words(code: str, kind: type[CanalError]) -> None:
    told = {"Error": {"Code": code, "Message": "Email address is not verified: a@canal.test"}}
    mail = SesMail(lambda: FailingSes(ClientError(told, "SendEmail")), "canal@canal.test")  # type: ignore[arg-type]
    with pytest.raises(kind) as error:
        mail.send("a@canal.test", "s", "b")
    assert str(error.value) == f"SES: {code}"


def test_a_ses_that_cannot_be_reached_is_temporary() -> None:
    broken = FailingSes(EndpointConnectionError(endpoint_url="https://x"))
    with pytest.raises(Temporary):
        SesMail(lambda: broken, "canal@canal.test").send("a@canal.test", "s", "b")
