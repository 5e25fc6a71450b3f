"""Files: up, down, twice the token, five minutes for an address, days for an id."""

from __future__ import annotations

import base64
import hashlib
import io
from typing import Any

import pytest

from local.whatsapp.errors import GraphError
from local.whatsapp.media import check_upload
from tests.unit.local.meta import NUMBER, Meta, code

PDF = b"%PDF-1.4 made up"


def upload(meta: Meta, data: bytes = PDF, mime_type: str = "application/pdf", **form: str) -> Any:
    fields = {"messaging_product": "whatsapp", "type": mime_type, **form, "file": (io.BytesIO(data), "f", mime_type)}
    return meta.graph("POST", f"{NUMBER}/media", data=fields)


def path(address: str) -> str:
    return address.removeprefix("http://127.0.0.1:8001")


def test_an_uploaded_file_is_described_downloaded_sent_and_deleted(meta: Meta) -> None:
    media_id = upload(meta).get_json()["id"]
    described = meta.graph("GET", f"/v25.0/{media_id}").get_json()
    assert described["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (described["file_size"], described["mime_type"]) == (len(PDF), "application/pdf")
    assert meta.graph("GET", path(described["url"])).data == PDF
    assert code(meta.send({"type": "document", "document": {"id": media_id, "filename": "a.pdf"}})) == 0
    assert meta.graph("DELETE", f"/v25.0/{media_id}").get_json() == {"success": True}
    assert code(meta.graph("GET", f"/v25.0/{media_id}")) == 100


def test_the_download_needs_the_token_again(meta: Meta) -> None:
    address = meta.graph("GET", f"/v25.0/{upload(meta).get_json()['id']}").get_json()["url"]
    assert meta.http.get(path(address)).status_code == 403
    assert meta.graph("GET", path(address), headers={"Authorization": "Bearer x"}).status_code == 401


def test_an_address_lives_five_minutes_and_a_new_one_works(meta: Meta) -> None:
    media_id = upload(meta).get_json()["id"]
    address = meta.graph("GET", f"/v25.0/{media_id}").get_json()["url"]
    meta.now += 299
    assert meta.graph("GET", path(address)).status_code == 200
    meta.now += 1
    assert meta.graph("GET", path(address)).status_code == 404
    address = meta.graph("GET", f"/v25.0/{media_id}").get_json()["url"]
    assert meta.graph("GET", path(address)).status_code == 200


def test_an_address_that_was_touched_is_worth_nothing(meta: Meta) -> None:
    first, second = (upload(meta, data).get_json()["id"] for data in (b"a", b"b"))
    address = path(meta.graph("GET", f"/v25.0/{first}").get_json()["url"])
    assert meta.graph("GET", address.replace(first, second)).status_code == 404


def test_an_uploaded_id_lives_30_days_and_a_citizens_file_7(meta: Meta) -> None:
    uploaded = upload(meta).get_json()["id"]
    meta.inbound(type="image", image={"caption": "El fanal", "data": base64.b64encode(b"jpeg").decode()})
    meta.pass_time()
    image = meta.messages()[0]["image"]
    meta.now += 7 * 24 * 3600
    assert code(meta.graph("GET", f"/v25.0/{image['id']}")) == 100
    assert code(meta.graph("GET", f"/v25.0/{uploaded}")) == 0
    meta.now += 23 * 24 * 3600
    assert code(meta.graph("GET", f"/v25.0/{uploaded}")) == 100


def test_a_citizens_photo_is_named_in_the_webhook_and_handed_out(meta: Meta) -> None:
    meta.inbound(type="image", image={"caption": "El fanal", "data": base64.b64encode(b"jpeg").decode()})
    meta.pass_time()
    image = meta.messages()[0]["image"]
    assert image["caption"] == "El fanal"
    assert image["mime_type"] == "image/jpeg"
    assert base64.b64decode(image["sha256"]) == hashlib.sha256(b"jpeg").digest()
    assert meta.graph("GET", path(image["url"])).data == b"jpeg"
    described = meta.graph("GET", f"/v25.0/{image['id']}?phone_number_id=200000000000002").get_json()
    assert meta.graph("GET", path(described["url"])).data == b"jpeg"


@pytest.mark.parametrize("name", ["streetlight", "sofa", "pothole"])
def test_sample_photos_are_small_jpegs(meta: Meta, name: str) -> None:
    response = meta.http.get(f"/_sim/samples/{name}")
    assert response.mimetype == "image/jpeg"
    assert response.data.startswith(b"\xff\xd8")
    assert len(response.data) < 100_000


def test_a_voice_note_is_marked_as_one(meta: Meta) -> None:
    meta.inbound(type="audio", sample="voice:3")
    meta.pass_time()
    audio = meta.messages()[0]["audio"]
    assert (audio["voice"], audio["mime_type"]) == (True, "audio/ogg; codecs=opus")
    assert meta.graph("GET", path(audio["url"])).data.startswith(b"OggS")


def test_the_phone_uploads_a_file_first_and_then_names_it(meta: Meta) -> None:
    media = meta.sim("POST", "media", data=b"png", content_type="image/png")
    meta.inbound(type="image", image={"id": media["id"], "caption": "Mireu"})
    meta.pass_time()
    image = meta.messages()[0]["image"]
    assert (image["id"], image["mime_type"], image["caption"]) == (media["id"], "image/png", "Mireu")
    shown = meta.http.get(f"/_sim/media/{media['id']}")
    assert shown.data == b"png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("data", "mime_type"),
    [(b"x", "image/gif"), (b"x", "application/zip"), (b"", "image/png")],
)
def test_a_file_that_meta_would_not_take_is_refused(meta: Meta, data: bytes, mime_type: str) -> None:
    assert code(upload(meta, data, mime_type)) == 131053


def test_a_picture_has_at_most_five_megabytes() -> None:
    check_upload("image/png", 5 * 1024 * 1024)
    with pytest.raises(GraphError) as refused:
        check_upload("image/png", 5 * 1024 * 1024 + 1)
    assert refused.value.code == 131053


def test_a_pdf_cannot_be_sent_as_a_picture(meta: Meta) -> None:
    media_id = upload(meta).get_json()["id"]
    assert code(meta.send({"type": "image", "image": {"id": media_id}})) == 131053


def test_an_upload_says_what_it_is_for(meta: Meta) -> None:
    assert code(upload(meta, messaging_product="sms")) == 100
    assert code(meta.graph("POST", f"{NUMBER}/media", data={"messaging_product": "whatsapp"})) == 100
