"""The staff API of notices: the routes of ``reading.py`` and ``writing.py``."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from canal.broadcasts.campaign import Campaign
from canal.broadcasts.changes import CANAL
from canal.desk.app import Subject
from canal.desk.campaigns.outside import Room
from canal.desk.campaigns.present import whole
from canal.desk.campaigns.reading import add_reading
from canal.desk.campaigns.reasons import happened
from canal.desk.campaigns.views import ErrorView
from canal.desk.campaigns.writing import add_writing
from canal.desk.refusals import Stale
from canal.desk.roles import Person
from canal.desk.views import RefusalView

LONGEST_BODY = 1_500_000  # bytes: a CAP file in Base64, or its text


def notices(room: Room) -> Subject:
    """What ``StaffApi`` answers for ``functions/broadcast/api.py``."""

    def routes(app: APIGatewayHttpResolver) -> None:
        add_reading(app, room)
        add_writing(app, room)

    def as_it_is(view: RefusalView, stale: Stale, person: Person) -> RefusalView:
        campaign = stale.now
        assert isinstance(campaign, Campaign)
        last = next((event for event in reversed(campaign.history) if event.who != CANAL), None)
        changed = happened(room.town, last) if last else None
        return ErrorView(**dict(view), campaign=whole(room, person, campaign), changed=changed)

    return Subject(town=lambda: room.town, warn=room.warn, routes=routes, as_it_is=as_it_is, longest_body=LONGEST_BODY)
