"""The routes that change nothing."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import Annotated, Any, cast

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Query

from canal.desk import exports, listing
from canal.desk.cases_documented import ABOUT, QUERIES, TITLE, route
from canal.desk.changing import etag, seen
from canal.desk.described import described, header, names
from canal.desk.documented import document
from canal.desk.outside import Desk
from canal.desk.present import whole
from canal.desk.requests import CsvWanted, PageWanted, Wanted
from canal.desk.roles import Person
from canal.desk.views import CaseView, DeskView, FeatureCollection, Rows

JSON, CSV = "application/json", "text/csv; charset=utf-8"
MORE = "x-canal-cursor"  # set where an export did not hold everything: the cursor to go on with
CSV_ANSWER: dict[int, Any] = {
    200: {"description": "A table", "content": {"text/csv": {"schema": {"type": "string"}}}},
}
LIST_ANSWER: dict[int, Any] = {
    200: {"description": "A page of the list"},
    304: {"description": "Nothing in it has changed since If-None-Match"},
}


def add_reading(app: APIGatewayHttpResolver, desk: Desk) -> None:
    """Let ``app`` answer the questions."""

    def me() -> Person:
        return cast(Person, app.context["person"])

    @cache
    def openapi() -> dict[str, Any]:
        return document(app, TITLE, ABOUT, QUERIES)

    @app.get("/api/cases", **route("listCases", "The cases that match, open ones first", LIST_ANSWER))
    def list_cases(
        wanted: Annotated[PageWanted, Query()],
        if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None,
    ) -> Response[Rows]:
        rows = listing.page(desk, me(), wanted, wanted.limit)
        tag = digest(rows)
        unchanged = if_none_match == tag
        return Response(304 if unchanged else 200, JSON, rows, {"ETag": tag})

    @app.get("/api/cases.csv", **route("exportCsv", "The same as a table, at most 10,000 rows", CSV_ANSWER))
    def cases_csv(wanted: Annotated[CsvWanted, Query()]) -> Response[str]:
        rows = listing.everything(desk, me(), wanted)
        town, language = desk.town, wanted.language
        separator = exports.SEPARATORS[wanted.separator]
        text = exports.as_csv(rows.cases, header(town, language), names(town, language), town.local, separator)
        return Response(200, CSV, text, download("csv", rows.cursor))

    @app.get("/api/cases.geojson", **route("exportGeoJson", "The same as a map layer, at most 10,000"))
    def cases_geojson(wanted: Annotated[Wanted, Query()]) -> Response[FeatureCollection]:
        rows = listing.everything(desk, me(), wanted)
        return Response(200, JSON, exports.as_geojson(rows.cases), download("geojson", rows.cursor))

    @app.get("/api/cases/<number>", **route("getCase", "One case with all that is known of it"))
    def get_case(number: str) -> Response[CaseView]:
        case = seen(desk, me(), number)
        return Response(200, JSON, whole(desk, me(), case), {"ETag": etag(case)})

    @app.get("/api/desk", **route("getDesk", "Who asks, and the town's departments, categories, zones and states"))
    def get_desk() -> DeskView:
        return described(desk, me())

    @app.get("/api/openapi.json", **route("getOpenApi", "This API in OpenAPI 3.1"))
    def get_openapi() -> dict[str, Any]:
        return openapi()


def digest(rows: Rows) -> str:
    """An ETag that changes when anything in the list does, so that a page may ask often and download seldom."""
    return f'"{blake2b(rows.model_dump_json().encode(), digest_size=12).hexdigest()}"'


def download(kind: str, cursor: str) -> dict[str, str]:
    more = {MORE: cursor} if cursor else {}
    return {"Content-Disposition": f'attachment; filename="cases.{kind}"', **more}
