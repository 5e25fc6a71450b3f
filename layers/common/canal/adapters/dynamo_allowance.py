"""The ``Allowance`` port on DynamoDB: one ledger for all planners, each of whom writes it if nobody came between."""

from __future__ import annotations

from datetime import datetime

from canal.adapters import dynamo_notes
from canal.adapters.dynamo_account import ACCOUNT, DynamoAccount
from canal.adapters.dynamo_models import Tables
from canal.broadcasts.spread import Slots, reserve, used

ALLOWANCE = "allowance"


class DynamoAllowance:
    """A note in ``campaigns``: how many recipients are reserved for which ten minutes."""

    def __init__(self, tables: Tables) -> None:
        self._account = DynamoAccount(tables)
        self.session = self._account.session

    def reserve(self, now: datetime, wanted: int, *, alert: bool) -> Slots:
        """See ``Allowance.reserve``. By the tier that WhatsApp last told.

        What is reserved and then not used, because the answer got lost or the planner died, is lost for a day: the
        tier is never exceeded, and may not be used up.
        """
        tier = self._account.limits().tier
        slots: Slots = ()

        def reserved(stored: dict[str, int] | None) -> dict[str, int] | None:
            nonlocal slots
            ledger, slots = reserve(stored or {}, tier, now, wanted, alert)
            return ledger if ledger != (stored or {}) else None

        dynamo_notes.change(ACCOUNT, ALLOWANCE, reserved)
        return slots

    def used(self, now: datetime) -> int:
        """See ``Allowance.used``. An account without a limit keeps no ledger: nothing."""
        return used(dynamo_notes.read(ACCOUNT, ALLOWANCE) or {}, now)
