"""The routes that change notices. Each: check the body, one function, the notice as it is now with its new version."""

from __future__ import annotations

from typing import Annotated, Any, cast

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Header

from canal.broadcasts.campaign import Campaign
from canal.desk.campaigns import approving, bringing, drafting, running, trying
from canal.desk.campaigns.changing import etag
from canal.desk.campaigns.documented import change
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.present import whole
from canal.desk.campaigns.requests import Approval, CampaignEdit, CapFile, NewCampaign, Trial
from canal.desk.campaigns.views import BroughtView, CampaignView, TestView
from canal.desk.roles import Person

JSON = "application/json"
IfMatch = Annotated[str | None, Header(alias="If-Match", description='The version of the notice: "3"')]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
MADE: dict[int, Any] = {201: {"description": "A new draft"}}
BROUGHT: dict[int, Any] = {201: {"description": "Its notices"}}


def add_writing(app: APIGatewayHttpResolver, room: Room) -> None:
    def me() -> Person:
        return cast(Person, app.context["person"])

    def now(campaign: Campaign, status: int = 200) -> Response[CampaignView]:
        return Response(status, JSON, whole(room, me(), campaign), {"ETag": etag(campaign)})

    @app.post("/api/campaigns", **change("createCampaign", "Write a notice", MADE))
    def create(body: Annotated[NewCampaign, Body()], key: Key = None) -> Response[CampaignView]:
        return now(drafting.create(room, me(), body, key), 201)

    @app.post("/api/campaigns/cap", **change("bringAlert", "Make drafts of a CAP file", BROUGHT))
    def bring(body: Annotated[CapFile, Body()]) -> Response[BroughtView]:
        return Response(201, JSON, bringing.bring(room, me(), body))

    @app.patch("/api/campaigns/<identifier>", **change("editCampaign", "Change it: it must be checked anew"))
    def edit(
        identifier: str, body: Annotated[CampaignEdit, Body()], if_match: IfMatch = None
    ) -> Response[CampaignView]:
        return now(drafting.edit(room, me(), identifier, if_match, body))

    @app.post("/api/campaigns/<identifier>/check", **change("checkCampaign", "Count whom it reaches; find faults"))
    def check(identifier: str, if_match: IfMatch = None) -> Response[CampaignView]:
        return now(drafting.check(room, me(), identifier, if_match))

    @app.post("/api/campaigns/<identifier>/test", **change("testCampaign", "Send it to one person first"))
    def test(identifier: str, body: Annotated[Trial, Body()], if_match: IfMatch = None) -> TestView:
        return trying.test(room, me(), identifier, if_match, body)

    @app.post("/api/campaigns/<identifier>/approve", **change("approveCampaign", "Let it go, now or at its hour"))
    def approve(identifier: str, body: Annotated[Approval, Body()], if_match: IfMatch = None) -> Response[CampaignView]:
        return now(approving.approve(room, me(), identifier, if_match, body.emergency))

    @app.post("/api/campaigns/<identifier>/pause", **change("pauseCampaign", "Stop it for now"))
    def pause(identifier: str, if_match: IfMatch = None) -> Response[CampaignView]:
        return now(running.pause(room, me(), identifier, if_match))

    @app.post("/api/campaigns/<identifier>/resume", **change("resumeCampaign", "Go on with it"))
    def resume(identifier: str, if_match: IfMatch = None) -> Response[CampaignView]:
        return now(running.resume(room, me(), identifier, if_match))

    @app.post("/api/campaigns/<identifier>/cancel", **change("cancelCampaign", "End it for good"))
    def cancel(identifier: str, if_match: IfMatch = None) -> Response[CampaignView]:
        return now(running.cancel(room, me(), identifier, if_match))

    @app.post("/api/campaigns/<identifier>/copy", **change("copyCampaign", "A new draft like it", MADE))
    def copy(identifier: str, key: Key = None) -> Response[CampaignView]:
        return now(drafting.copy(room, me(), identifier, key), 201)
