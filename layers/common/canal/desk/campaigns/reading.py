"""The routes of notices that change nothing."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, cast

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from canal.desk.campaigns import knowing, listing, recipients
from canal.desk.campaigns.changing import etag, seen
from canal.desk.campaigns.documented import ABOUT, QUERIES, TITLE, route
from canal.desk.campaigns.known import AccountView, ConsentsView, TemplatesView, TopicsView
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.present import whole
from canal.desk.campaigns.requests import CampaignsWanted, RecipientCsvWanted, RecipientPageWanted
from canal.desk.campaigns.views import CampaignRows, CampaignView, RecipientRows
from canal.desk.documented import document
from canal.desk.roles import Person

JSON, CSV = "application/json", "text/csv; charset=utf-8"
MORE = "x-canal-cursor"  # set where a table did not hold everything: the cursor to go on with
TABLE: dict[int, Any] = {
    200: {"description": "A table", "content": {"text/csv": {"schema": {"type": "string"}}}},
}


def add_reading(app: APIGatewayHttpResolver, room: Room) -> None:
    """Let ``app`` answer the questions."""

    def me() -> Person:
        return cast(Person, app.context["person"])

    @cache
    def openapi() -> dict[str, Any]:
        return document(app, TITLE, ABOUT, QUERIES)

    @app.get("/api/campaigns", **route("listCampaigns", "The notices, the newest first"))
    def list_campaigns(wanted: Annotated[CampaignsWanted, Query()]) -> CampaignRows:
        return listing.page(room, wanted)

    @app.get("/api/campaigns/openapi.json", **route("getOpenApi", "This API in OpenAPI 3.1"))
    def get_openapi() -> dict[str, Any]:
        return openapi()

    @app.get("/api/campaigns/<identifier>", **route("getCampaign", "One notice with all that is known of it"))
    def get_campaign(identifier: str) -> Response[CampaignView]:
        campaign = seen(room, identifier)
        return Response(200, JSON, whole(room, me(), campaign), {"ETag": etag(campaign)})

    @app.get("/api/campaigns/<identifier>/recipients", **route("listRecipients", "Who got it, and who did not and why"))
    def list_recipients(identifier: str, wanted: Annotated[RecipientPageWanted, Query()]) -> RecipientRows:
        return recipients.page(room, me(), identifier, wanted)

    @app.get(
        "/api/campaigns/<identifier>/recipients.csv",
        **route("exportRecipients", "The same as a table, at most 10,000 at a time", TABLE),
    )
    def recipients_csv(identifier: str, wanted: Annotated[RecipientCsvWanted, Query()]) -> Response[str]:
        text, cursor = recipients.as_csv(room, me(), identifier, wanted)
        more = {MORE: cursor} if cursor else {}
        named = {"Content-Disposition": f'attachment; filename="{identifier}.csv"'}
        return Response(200, CSV, text, {**named, **more})

    @app.get("/api/topics", **route("getTopics", "What one can subscribe to, and the town's zones"))
    def get_topics() -> TopicsView:
        return knowing.topics(room, me())

    @app.get("/api/templates", **route("getTemplates", "How the templates are, as WhatsApp last told"))
    def get_templates() -> TemplatesView:
        return knowing.templates(room)

    @app.get("/api/account", **route("getAccount", "What the account may send, as WhatsApp last told"))
    def get_account() -> AccountView:
        return knowing.account(room)

    @app.get("/api/citizens/<key>/consents", **route("getConsents", "What somebody agreed to receive, and withdrew"))
    def get_consents(key: str) -> ConsentsView:
        return knowing.consents(room, me(), key)
