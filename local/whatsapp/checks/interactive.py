"""Buttons, lists, links and requests: the counts and lengths that WhatsApp's screens have room for."""

from __future__ import annotations

from local.whatsapp.checks.fields import (
    Json,
    a_list,
    an_object,
    one_of,
    only,
    optional_text,
    text,
    unique,
    web_address,
)
from local.whatsapp.checks.media import check_media
from local.whatsapp.checks.world import World
from local.whatsapp.errors import GraphError

BODY, LIST_BODY, HEADER, FOOTER = 1024, 4096, 60, 60
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
SECTIONS, SECTION_TITLE, ROWS, ROW_ID, ROW_TITLE, ROW_DESCRIPTION, LIST_BUTTON = 10, 24, 10, 200, 24, 72, 20
TOP = ("type", "header", "body", "footer", "action")


def check_interactive(message: Json, world: World) -> None:
    interactive = an_object(message, "interactive", "interactive")
    kind = one_of(interactive.get("type"), tuple(ACTIONS), "interactive.type")
    only(interactive, TOP, "interactive")
    body = an_object(interactive, "body", "interactive.body")
    only(body, ("text",), "interactive.body")
    text(body, "text", "interactive.body.text", LIST_BODY if kind == "list" else BODY)
    if "header" in interactive:
        _check_header(interactive, kind, world)
    if "footer" in interactive:
        _check_footer(interactive, kind)
    ACTIONS[kind](an_object(interactive, "action", "interactive.action"))


def _check_header(interactive: Json, kind: str, world: World) -> None:
    where = "interactive.header"
    if kind in ("location_request_message", "request_contact_info"):
        raise GraphError(131009, f"{where} is not allowed for {kind}.")
    header = an_object(interactive, "header", where)
    allowed = ("text",) if kind == "list" else ("text", "image", "video", "document")
    form = one_of(header.get("type"), allowed, f"{where}.type")
    only(header, ("type", form), where)
    if form == "text":
        text(header, "text", f"{where}.text", HEADER)
    else:
        check_media(header, form, f"{where}.{form}", world)


def _check_footer(interactive: Json, kind: str) -> None:
    if kind in ("location_request_message", "request_contact_info"):
        raise GraphError(131009, f"interactive.footer is not allowed for {kind}.")
    footer = an_object(interactive, "footer", "interactive.footer")
    only(footer, ("text",), "interactive.footer")
    text(footer, "text", "interactive.footer.text", FOOTER)


def _check_buttons(action: Json) -> None:
    where = "interactive.action.buttons"
    only(action, ("buttons",), "interactive.action")
    buttons = a_list(action, "buttons", where)
    if len(buttons) > BUTTONS:
        raise GraphError(131009, f"Too many buttons: {len(buttons)}. Max allowed count: {BUTTONS}.")
    replies = [_reply(button, f"{where}[{number}]") for number, button in enumerate(buttons)]
    unique([reply["id"] for reply in replies], f"{where} ids")
    unique([reply["title"] for reply in replies], f"{where} titles")


def _reply(button: Json, where: str) -> Json:
    only(button, ("type", "reply"), where)
    one_of(button.get("type"), ("reply",), f"{where}.type")
    reply = an_object(button, "reply", f"{where}.reply")
    only(reply, ("id", "title"), f"{where}.reply")
    identifier = text(reply, "id", f"{where}.reply.id", BUTTON_ID)
    if identifier != identifier.strip():
        raise GraphError(131009, f"{where}.reply.id must not begin or end with a space.")
    text(reply, "title", f"{where}.reply.title", BUTTON_TITLE)
    return reply


def _check_list(action: Json) -> None:
    where = "interactive.action"
    only(action, ("button", "sections"), where)
    text(action, "button", f"{where}.button", LIST_BUTTON)
    sections = a_list(action, "sections", f"{where}.sections")
    if len(sections) > SECTIONS:
        raise GraphError(131009, f"Too many sections: {len(sections)}. Max allowed count: {SECTIONS}.")
    rows: list[Json] = []
    for number, section in enumerate(sections):
        rows += _rows(section, f"{where}.sections[{number}]", titled=len(sections) > 1)
    if len(rows) > ROWS:
        raise GraphError(131009, f"Total row count exceed max allowed count: {ROWS}.")
    unique([row["id"] for row in rows], f"{where}.sections row ids")


def _rows(section: Json, where: str, *, titled: bool) -> list[Json]:
    only(section, ("title", "rows"), where)
    (text if titled else optional_text)(section, "title", f"{where}.title", SECTION_TITLE)
    rows = a_list(section, "rows", f"{where}.rows")
    for number, row in enumerate(rows):
        place = f"{where}.rows[{number}]"
        only(row, ("id", "title", "description"), place)
        text(row, "id", f"{place}.id", ROW_ID)
        text(row, "title", f"{place}.title", ROW_TITLE)
        optional_text(row, "description", f"{place}.description", ROW_DESCRIPTION)
    return rows


def _check_link(action: Json) -> None:
    where = "interactive.action"
    only(action, ("name", "parameters"), where)
    one_of(action.get("name"), ("cta_url",), f"{where}.name")
    parameters = an_object(action, "parameters", f"{where}.parameters")
    only(parameters, ("display_text", "url"), f"{where}.parameters")
    text(parameters, "display_text", f"{where}.parameters.display_text", BUTTON_TITLE)
    web_address(parameters, "url", f"{where}.parameters.url")


def _check_location_request(action: Json) -> None:
    only(action, ("name",), "interactive.action")
    one_of(action.get("name"), ("send_location",), "interactive.action.name")


def _check_contact_request(action: Json) -> None:
    only(action, ("name",), "interactive.action")
    one_of(action.get("name"), ("request_contact_info",), "interactive.action.name")


ACTIONS = {
    "button": _check_buttons,
    "list": _check_list,
    "cta_url": _check_link,
    "location_request_message": _check_location_request,
    "request_contact_info": _check_contact_request,
}
