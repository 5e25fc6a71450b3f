"""A signed call to an AWS service without that service's client.

botocore's signer and its HTTP session do the work; what is left out is the client, whose service model and endpoint
rules cost every cold start 35 to 55 ms. Worth it for the few calls that are made once in minutes: the secret, the
content, a photo or its link. Everything else uses a real client.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from canal.errors import Temporary

SECONDS = (2, 5)  # to connect, to read
# As botocore's own clients: without it a request on a kept connection waits 40 ms for the other side's acknowledgement.
AT_ONCE = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes


class SignedCalls:
    """Calls in one region. ``endpoint`` is where all services are on one machine; None on AWS."""

    def __init__(self, session: Any, region: str, endpoint: str | None = None) -> None:
        self._session = session  # botocore's, for the credentials
        self._region = region
        self._endpoint = endpoint
        self._http = URLLib3Session(timeout=SECONDS, socket_options=AT_ONCE)  # type: ignore[arg-type]  # a pair is taken too

    def s3(
        self,
        bucket: str,
        key: str,
        headers: Mapping[str, str],
        method: str = "GET",
        body: bytes | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Response:
        """GET an object, or another ``method`` on it; without ``key`` on the bucket. Raises Temporary."""
        request = AWSRequest(method, self._object(bucket, key), dict(headers), body, dict(params or {}))
        return self._call("s3", S3SigV4Auth, request)

    def presigned_s3(self, bucket: str, key: str, seconds: int) -> str:
        """A web address under which anybody may GET an object for a while; made here, without a call.

        It ends sooner where our own credentials do. Raises Temporary when there are none.
        """
        request = AWSRequest("GET", self._object(bucket, key))
        try:
            S3SigV4QueryAuth(self._session.get_credentials(), "s3", self._region, expires=seconds).add_auth(request)
        except BotoCoreError as error:
            raise Temporary(f"s3: {type(error).__name__}") from error
        return str(request.url)

    def json(self, service: str, target: str, body: bytes) -> Response:
        """A call of the JSON 1.1 protocol ("secretsmanager.GetSecretValue"). Raises Temporary."""
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
        url = f"{self._endpoint or self._host(service)}/"
        return self._call(service, SigV4Auth, AWSRequest("POST", url, headers, body))

    def _object(self, bucket: str, key: str) -> str:
        """Where an object is."""
        host = f"{self._endpoint}/{bucket}" if self._endpoint else self._host(f"{bucket}.s3")
        return f"{host}/{quote(key, safe='/~')}"

    def _host(self, name: str) -> str:
        return f"https://{name}.{self._region}.amazonaws.com"

    def _call(self, service: str, signer: type[SigV4Auth], request: AWSRequest) -> Response:
        try:
            signer(self._session.get_credentials(), service, self._region).add_auth(request)
            answer = self._http.send(request.prepare())
        except BotoCoreError as error:
            raise Temporary(f"{service}: {type(error).__name__}") from error
        return Response(answer.status_code, answer.headers, answer.content)
