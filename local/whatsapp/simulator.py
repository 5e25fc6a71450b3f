"""The state of the simulated WhatsApp, and what joins its parts. HTTP comes on top, in ``graph_api`` and ``sim_api``.

The town's side is ``outbox`` (what it sends), the citizens' side is ``inbox`` (what they send).
"""

from __future__ import annotations

import secrets
import time
from typing import Any

from local.whatsapp import deliveries, envelope, settings
from local.whatsapp.citizens import Citizen, Citizens
from local.whatsapp.config import Config
from local.whatsapp.deliveries import Deliveries, Delivery, Post
from local.whatsapp.faults import Faults
from local.whatsapp.journal import EVERYBODY, Journal
from local.whatsapp.media import Media, MediaStore, webhook_fields
from local.whatsapp.rates import PairRate, Throughput
from local.whatsapp.scheduler import Clock, Scheduler
from local.whatsapp.signature import encode, sign
from local.whatsapp.statuses import Statuses
from local.whatsapp.template import Template
from local.whatsapp.templates import Templates

Json = dict[str, Any]


class Simulator:
    """Everything in memory. A test gives its own ``clock`` and ``post`` and calls ``run_due``."""

    def __init__(self, config: Config | None = None, clock: Clock = time.time, post: Post = deliveries.post) -> None:
        self.config = config or Config()
        self.clock = clock
        self.settings = settings.from_config(self.config)
        self.scheduler = Scheduler(clock)
        self.citizens = Citizens(self.config.keep_citizens)
        self.journal = Journal(clock, self.config.keep_messages, self.config.keep_events, self.config.keep_citizens)
        self.media = MediaStore(self.config.keep_media_bytes)
        self.templates = Templates()
        self.faults = Faults()
        self.throughput = Throughput()
        self.pair_rate = PairRate()
        self.statuses = Statuses(self.config, self.scheduler, clock, self.deliver)
        self.deliveries = Deliveries(
            self.scheduler,
            clock,
            post,
            timeout=self.config.webhook_timeout,
            delays=self.config.retry_delays,
            give_up_after=self.config.retry_for,
            keep_pending=self.config.keep_pending,
            on_delivered=self._tick_delivered,
        )
        self.subscribed = True
        self.epoch = secrets.token_hex(4)  # another one after each start: a page sees that its memory is old

    # --- its life ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Do by itself what is due: webhooks, retries, statuses, reviews."""
        self.scheduler.start()

    def run_due(self) -> int:
        """The same by hand, for tests that move the clock."""
        return self.scheduler.run_due()

    def close(self) -> None:
        self.journal.close()
        self.scheduler.close()

    def reset(self) -> None:
        """As after a fresh start. A second one changes nothing."""
        self.scheduler.clear()
        self.deliveries.reset()
        self.statuses.reset()
        self.faults.clear()
        self.templates.reset()
        self.media.reset()
        self.pair_rate.reset()
        self.citizens.reset()
        self.settings = settings.from_config(self.config)
        self.subscribed = True
        self.journal.reset()

    # --- webhooks ------------------------------------------------------------------------------------

    def deliver(
        self,
        payload: Json | bytes,
        *,
        signature: str = "good",
        delay: float = 0,
        lane: str | None = None,
        wamids: tuple[str, ...] = (),
    ) -> Delivery | None:
        """Post a webhook, signed. Nothing goes out while the account is not subscribed, as at Meta."""
        if not self.subscribed:
            return None
        body = payload if isinstance(payload, bytes) else encode(payload)
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
        if signature != "missing":
            secret = self.config.app_secret if signature == "good" else f"not-{self.config.app_secret}"
            headers["X-Hub-Signature-256"] = sign(secret, body)
        return self.deliveries.submit(self.settings.webhook_url, body, headers, delay=delay, lane=lane, wamids=wamids)

    def _tick_delivered(self, delivery: Delivery) -> None:
        for wamid in delivery.wamids:
            known = self.journal.known(wamid)
            if known and known.inbound:
                self.journal.event(known.user_id, {"kind": "tick", "wamid": wamid, "tick": "delivered"})

    # --- files ---------------------------------------------------------------------------------------

    def media_url(self, media: Media, source: str) -> str:
        expires = self.clock() + self.config.media_url_life
        return self.media.url(self.config.base_url, media.id, source, expires)

    def citizens_file(self, data: bytes, mime_type: str) -> Json:
        """Keep a citizen's file; returns what a webhook says of it."""
        media = self.media.add(data, mime_type, self.clock() + self.config.inbound_media_life)
        return webhook_fields(media, self.media_url(media, "webhook"))

    # --- templates -----------------------------------------------------------------------------------

    def review_template(self, template: Template) -> None:
        """Approve it after a while, if it is still waiting then."""

        def approve() -> None:
            waiting = self.templates.by_id(template.id)
            if waiting and waiting.status == "PENDING":
                self.set_template_status(waiting, "APPROVED")

        self.scheduler.at(self.clock() + self.config.approval_delay, approve)

    def set_template_status(self, template: Template, status: str, reason: str = "NONE") -> Template:
        """Change it and tell the town."""
        changed = self.templates.set_status(template, status, reason)
        value = envelope.template_event(changed.id, changed.name, changed.language, changed.category, status, reason)
        self.deliver(envelope.account_event(self.config, "message_template_status_update", value, self.clock()))
        return changed

    def set_template_category(self, template: Template, category: str) -> Template:
        """Meta thinks it is something else than we said, and tells the town."""
        changed = self.templates.set_category(template, category)
        value = envelope.category_event(changed.id, changed.name, changed.language, template.category, category)
        self.deliver(envelope.account_event(self.config, "template_category_update", value, self.clock()))
        return changed

    def set_template_quality(self, template: Template, quality: str) -> Template:
        """People like it more or less than before: GREEN, YELLOW, RED."""
        changed = self.templates.set_quality(template, quality)
        value = envelope.quality_event(changed.id, changed.name, changed.language, template.quality, quality)
        self.deliver(envelope.account_event(self.config, "message_template_quality_update", value, self.clock()))
        return changed

    # --- people --------------------------------------------------------------------------------------

    def people_changed(self) -> None:
        self.journal.event(EVERYBODY, {"kind": "citizens"})

    def renumber(self, citizen: Citizen, phone: str) -> Citizen:
        """A citizen changes number: the conversation stays with them."""
        renumbered = self.citizens.renumber(citizen, phone)
        self.journal.move(citizen.user_id, renumbered.user_id)
        self.journal.event(EVERYBODY, {"kind": "renumbered", "from": citizen.user_id, "to": renumbered.user_id})
        return renumbered


def new_wamid() -> str:
    return f"wamid.{secrets.token_urlsafe(30)}"
