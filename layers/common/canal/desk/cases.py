"""The staff API of cases: the routes of ``reading.py`` and ``writing.py``."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from canal.desk.app import Subject
from canal.desk.outside import Desk
from canal.desk.present import event, whole
from canal.desk.reading import add_reading
from canal.desk.refusals import Stale
from canal.desk.roles import Person
from canal.desk.views import ErrorView, RefusalView
from canal.desk.writing import add_writing
from canal.incidents.case import Case


def cases(desk: Desk) -> Subject:
    """What ``StaffApi`` answers for ``functions/incident/api.py``."""

    def routes(app: APIGatewayHttpResolver) -> None:
        add_reading(app, desk)
        add_writing(app, desk)

    def as_it_is(view: RefusalView, stale: Stale, person: Person) -> RefusalView:
        case = stale.now
        assert isinstance(case, Case)
        last = case.history[-1] if case.history else None
        return ErrorView(**dict(view), case=whole(desk, person, case), changed=event(last) if last else None)

    return Subject(town=lambda: desk.town, warn=desk.warn, routes=routes, as_it_is=as_it_is)
