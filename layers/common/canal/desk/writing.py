"""The routes that change cases. Each: check the body, one function, the case as it is now with its new version."""

from __future__ import annotations

from typing import Annotated, cast

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Header

from canal.desk import filing, following, redaction, work
from canal.desk.cases_documented import change
from canal.desk.changing import etag
from canal.desk.outside import Desk
from canal.desk.present import whole
from canal.desk.requests import (
    Answer,
    Block,
    Correction,
    Merge,
    Move,
    NewCase,
    Note,
    Publicity,
    Redaction,
    Reroute,
)
from canal.desk.roles import Person
from canal.desk.views import CaseView
from canal.incidents.case import Case

JSON = "application/json"
IfMatch = Annotated[str | None, Header(alias="If-Match", description='The version of the case: "7"')]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


def add_writing(app: APIGatewayHttpResolver, desk: Desk) -> None:
    def me() -> Person:
        return cast(Person, app.context["person"])

    def now(case: Case, status: int = 200) -> Response[CaseView]:
        return Response(status, JSON, whole(desk, me(), case), {"ETag": etag(case)})

    @app.post("/api/cases", **change("fileCase", "File a case for somebody who phoned or came by", FILED))
    def file_case(body: Annotated[NewCase, Body()], key: Key = None) -> Response[CaseView]:
        return now(filing.file(desk, me(), body, key), 201)

    @app.patch("/api/cases/<number>", **change("correctCase", "Put category or place right"))
    def correct(number: str, body: Annotated[Correction, Body()], if_match: IfMatch = None) -> Response[CaseView]:
        return now(work.correct(desk, me(), number, if_match, body))

    @app.post("/api/cases/<number>/moves", **change("moveCase", "Move to another state"))
    def move(number: str, body: Annotated[Move, Body()], if_match: IfMatch = None) -> Response[CaseView]:
        return now(work.move(desk, me(), number, if_match, body))

    @app.post("/api/cases/<number>/reroute", **change("rerouteCase", "Give to another department"))
    def reroute(number: str, body: Annotated[Reroute, Body()], if_match: IfMatch = None) -> Response[CaseView]:
        return now(work.reroute(desk, me(), number, if_match, body))

    @app.post("/api/cases/<number>/answers", **change("answerCase", "Write to the citizen and whoever follows"))
    def answer(number: str, body: Annotated[Answer, Body()], if_match: IfMatch = None) -> Response[CaseView]:
        return now(work.answer(desk, me(), number, if_match, body.words))

    @app.post("/api/cases/<number>/notes", **change("noteCase", "Write to other staff"))
    def note(number: str, body: Annotated[Note, Body()], if_match: IfMatch = None) -> Response[CaseView]:
        return now(work.note(desk, me(), number, if_match, body.words))

    @app.post("/api/cases/<number>/merge", **change("mergeCase", "Make it a duplicate of an open case"))
    def merge(number: str, body: Annotated[Merge, Body()], if_match: IfMatch = None) -> Response[CaseView]:
        return now(following.merge(desk, me(), number, if_match, body.original, body.words))

    @app.post("/api/cases/<number>/redactions", **change("redactCase", "Hide words or parts of a photo, for good"))
    def redact(number: str, body: Annotated[Redaction, Body()], if_match: IfMatch = None) -> Response[CaseView]:
        return now(redaction.redact(desk, me(), number, if_match, body))

    @app.put("/api/cases/<number>/files/<file>/public", **change("allowFile", "Let others see a photo, or not"))
    def allow(
        number: str, file: str, body: Annotated[Publicity, Body()], if_match: IfMatch = None
    ) -> Response[CaseView]:
        return now(work.allow(desk, me(), number, if_match, file, public=body.public))

    @app.put("/api/cases/<number>/block", **change("blockCitizen", "Take no more reports of whoever brought it"))
    def block(number: str, body: Annotated[Block, Body()], if_match: IfMatch = None) -> Response[CaseView]:
        return now(work.block(desk, me(), number, if_match, blocked=True, reason=body.reason))

    @app.delete("/api/cases/<number>/block", **change("unblockCitizen", "Take their reports again"))
    def unblock(number: str, if_match: IfMatch = None) -> Response[CaseView]:
        return now(work.block(desk, me(), number, if_match, blocked=False))


FILED = {201: {"description": "Filed"}}
