"""``python -m ops.templates plan|submit|status``: the repository's message templates and Meta's, brought together.

``plan`` shows what ``submit`` would do; ``submit`` hands in what is missing and changes what differs, where Meta takes
a change; ``status`` shows what became of the reviews. Nothing is deleted but what ``--delete`` names. Run again after
any failure: what to do is worked out from Meta's own list each time. Exit code 1: something is rejected, paused or was
refused; 2: it is not clear where to go.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from canal.adapters import whatsapp_account
from canal.adapters.whatsapp_client import WhatsAppClient
from canal.adapters.whatsapp_templates import WhatsAppTemplates
from canal.broadcasts.outside import Account, Health, Limits
from canal.content.templates import Template, read_templates
from canal.errors import BadContent, CanalError, Permanent

from ops.comparing import MISSING, Action, Row, compared
from ops.places import Clients, NoPlace, Place, chosen
from ops.telling import table, totals

FOLDER = Path(__file__).resolve().parent.parent / "content" / "common" / "templates"
FINE, TROUBLE, LOST = 0, 1, 2

Say = Callable[[str], None]


def main(arguments: Sequence[str], environment: Mapping[str, str], clients: Clients, say: Say) -> int:
    options = parsed(arguments)
    try:
        place = chosen(options, environment, clients)
        wanted = read_templates(options.folder)
    except (NoPlace, BadContent) as error:
        say(str(error))
        return LOST
    say(f"WhatsApp Business Account {place.account} at {place.graph_url}")
    try:
        return run(options, wanted, templates_at(place), partial(limits_at, place), account_at(place), say)
    except CanalError as error:
        say(f"Given up: {error}. Run the command again when that is mended; it goes on where it stopped.")
        return TROUBLE


def run(
    options: argparse.Namespace,
    wanted: list[Template],
    templates: WhatsAppTemplates,
    limits: Callable[[], Limits | None],
    account: Account | None,
    say: Say,
) -> int:
    """The command itself. Raises what stops everything: no token, no answer."""
    rows = compared(wanted, templates.list_templates())
    refused = 0
    if options.command == "submit":
        refused = _done(_steps(rows, templates), say) + _done(_deletions(options.delete, rows, templates), say)
        rows = compared(wanted, templates.list_templates())
    say(f"\n{table(rows)}\n\n{totals(rows)}")
    if options.command == "plan" and any(row.action in (Action.CREATE, Action.EDIT) for row in rows):
        say("`submit` hands these in; Meta's review takes from minutes to two days.")
    if account is not None:
        _keep(rows, limits, account, say)
    return TROUBLE if refused or any(row.in_trouble for row in rows) else FINE


Step = tuple[str, Callable[[], str]]  # what it is about; does it and gives what became of it


def _steps(rows: Sequence[Row], templates: WhatsAppTemplates) -> list[Step]:
    """What ``submit`` has to do."""

    def create(row: Row) -> str:
        return f"handed in: {templates.create_template(row.wanted).get('status', 'no status yet')}"

    def edit(row: Row) -> str:
        templates.edit_template(row.id, row.changes)
        return "changed: under review again"

    doing = {Action.CREATE: create, Action.EDIT: edit}
    return [(row.label, _bound(doing[row.action], row)) for row in rows if row.action in doing]


def _deletions(names: Sequence[str], rows: Sequence[Row], templates: WhatsAppTemplates) -> Iterator[Step]:
    """What was named to be deleted, in all its languages: only what the repository does not have."""

    def delete(row: Row) -> str:
        if row.action != Action.FOREIGN:
            raise Permanent("it is in the repository; take it out there first")
        templates.delete_template(row.name, row.id)
        return "deleted; its name is blocked for 30 days"

    for name in names:
        found = [row for row in rows if row.name == name and row.status != MISSING]
        yield from ((row.label, _bound(delete, row)) for row in found)
        if not found:
            yield name, lambda: "is not at Meta: nothing to delete"


def _bound(do: Callable[[Row], str], row: Row) -> Callable[[], str]:
    return lambda: do(row)


def _done(steps: Sequence[Step] | Iterator[Step], say: Say) -> int:
    """Do one after the other, telling of each; gives how many were refused, which hinders none of the others."""
    todo, refused = list(steps), 0
    for number, (label, do) in enumerate(todo, start=1):
        try:
            outcome = do()
        except Permanent as error:
            refused, outcome = refused + 1, f"REFUSED: {error}"
        say(f"{number:>3}/{len(todo)}  {label}: {outcome}")
    return refused


def _keep(rows: Sequence[Row], limits: Callable[[], Limits | None], account: Account, say: Say) -> None:
    """What was seen, for the staff page and the check before a campaign. Webhooks do the same, when they come; of how
    many people may be written to in a day they tell only when it changes.
    """
    now, kept = datetime.now(UTC), [row for row in rows if row.status != MISSING]
    try:
        for row in kept:
            health = Health(row.name, row.language, row.status, row.category, row.quality, row.reason, now)
            account.save_template(health)
    except CanalError as error:
        say(f"What was seen could not be kept in the stack's table: {error}")
    else:
        say(f"Kept in the stack's table: {len(kept)}.")
    try:
        if (found := limits()) is not None:
            account.save_limits(found)
    except CanalError as error:
        say(f"How many people may be written to in 24 hours could not be asked or kept: {error}")
    else:
        say(f"People who may be written to in 24 hours: {told(found)}.")


def told(limits: Limits | None) -> str:
    if limits is None:
        return "Meta does not say"
    return "no limit" if limits.tier is None else f"{limits.tier:,}"


def client_at(place: Place) -> WhatsAppClient:
    def token(*, refresh: bool = False) -> str:
        return place.token

    return WhatsAppClient(place.graph_url, place.graph_version, "", token)


def templates_at(place: Place) -> WhatsAppTemplates:
    return WhatsAppTemplates(client_at(place), place.account)


def limits_at(place: Place) -> Limits | None:
    return whatsapp_account.limits(client_at(place), place.account, datetime.now(UTC))


def account_at(place: Place) -> Account | None:
    """Where a stack keeps what is known of its templates; None without a stack."""
    if not place.table:
        return None
    from canal.adapters.dynamo_account import DynamoAccount
    from canal.bootstrap_notices import tables

    return DynamoAccount(tables({"AWS_REGION": region()}, campaigns=place.table))


def region() -> str:
    import boto3

    return boto3.session.Session().region_name or ""


def boto_client(service: str) -> Any:
    import boto3

    make: Any = boto3.client  # one of hundreds of overloads
    return make(service)


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ops.templates", description="Message templates and Meta.")
    parser.add_argument("command", choices=["plan", "submit", "status"])
    parser.add_argument("--stack", default="", help="a deployed stack: its token, its table")
    parser.add_argument("--local", action="store_true", help="the simulated WhatsApp that `make run` started")
    parser.add_argument("--account", default="", help="id of the WhatsApp Business Account (or CANAL_ACCOUNT_ID)")
    parser.add_argument("--graph-url", default="", help="another Graph API (or CANAL_GRAPH_URL)")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the templates are")
    parser.add_argument("--delete", action="append", default=[], metavar="NAME", help="delete this one at Meta")
    options = parser.parse_args(arguments)
    if options.delete and options.command != "submit":
        parser.error("--delete goes with submit")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ, boto_client, lambda line: print(line, flush=True)))
