"""The pieces of work on a claimed case, one after another: files, the department's mail, news to citizens.

Each stands alone. One that fails for a reason that passes is left for the sweep; one that fails through a fault of
ours leaves the others done, and the fault is told, so that the queue keeps the message and somebody hears of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from canal.dialogue.town import Town
from canal.errors import Permanent, Stopped, Temporary
from canal.incidents.case import Case, Event, File
from canal.incidents.watch import FORGOTTEN, mail_mark, needs_mail
from canal.services.files import Files, is_due
from canal.services.mailing import Mail, letter
from canal.services.progress import Change, Progress
from canal.services.telling import FAILED, Teller, noted, untold

SLOWEST_PIECE = 30.0  # seconds; none is begun that may not be finished

FILE_FIGURES = {"stored": "FilesStored", "refused": "FilesRefused", "lost": "FilesLost"}
TOLD_FIGURES = {"sent": "ToldSent", "template": "ToldTemplate", "held": "ToldHeld", FAILED: "ToldFailed"}


@dataclass(slots=True)
class Done:
    """What was done, for figures and log. ``later``: why pieces wait; ``faults``: what only we can mend."""

    figures: Counter[str] = field(default_factory=Counter)
    later: list[str] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the pieces need that is the same for all cases.

    Departments without an address of their own are written to at ``departments_mail``, if there is one; without
    ``mail`` nobody is.
    """

    teller: Teller
    mail: Mail | None = None
    departments_mail: str = ""
    staff_url: str = ""


class Work:
    """One case's work, once."""

    def __init__(
        self,
        workshop: Workshop,
        files: Files,
        town: Town,
        progress: Progress,
        done: Done,
        clock: Callable[[], datetime],
        seconds_left: Callable[[], float],
    ) -> None:
        self._workshop = workshop
        self._files = files
        self._town = town
        self._progress = progress
        self._done = done
        self._clock = clock
        self._seconds_left = seconds_left
        self._behind: set[str] = set()  # cases whose citizens could not be told something: what came after it waits

    def run(self) -> None:
        """All that is due. Raises Gone, and Temporary when the store does not answer."""
        for file in self._progress.case.files:
            if file.state == FORGOTTEN:
                self._forget(file)
            elif is_due(file, self._clock()):
                self._fetch(file)
        if needs_mail(self._progress.case):
            self._send_mail()
        for event in untold(self._progress.case):
            self._tell(event)
        self._progress.finish(self._clock())

    def _do(self, piece: Callable[[], Change], *, sends: bool = False) -> bool:
        """Whether a piece was done. Before one that sends, what was sent before is saved."""
        if self._seconds_left() < SLOWEST_PIECE:
            self._done.later.append("no time left")
            return False
        if sends:
            self._progress.save_what_is_urgent()
        try:
            change = piece()
        except (Temporary, Stopped) as error:
            self._done.later.append(str(error)[:300])
        except Exception as error:  # whatever it is, the other pieces are done
            self._done.faults.append(error)
        else:
            self._progress.note(change, urgent=sends)
            return True
        return False

    # --- files ----------------------------------------------------------------------------------------

    def _fetch(self, file: File) -> None:
        if self._do(lambda: self._files.settle(self._progress.case, file)):
            after = next(each for each in self._progress.case.files if each.id == file.id)
            if figure := FILE_FIGURES.get(after.state):
                self._done.figures[figure] += 1
            else:
                self._done.later.append("a file cannot be fetched yet")

    def _forget(self, file: File) -> None:
        self._do(lambda: self._files.forget(file))

    # --- mail -----------------------------------------------------------------------------------------

    def _send_mail(self) -> None:
        case = self._progress.case
        self._do(lambda: self._mailed(case), sends=True)

    def _mailed(self, case: Case) -> Change:
        """The department knows, or cannot be told by mail: then the staff page is all it has."""
        mark, to = mail_mark(case), self._address(case.department)
        if to and self._workshop.mail:
            written = letter(self._town, case, self._workshop.staff_url)
            try:
                self._workshop.mail.send(to, written.subject, written.body)
                self._done.figures["MailsSent"] += 1
            except Permanent as error:
                self._done.figures["MailsFailed"] += 1
                self._done.later.append(f"mail given up: {str(error)[:200]}")
        return lambda case: replace(case, mailed_to=mark)

    def _address(self, department: str) -> str:
        known = self._town.incidents.department(department)
        return (known.email if known else "") or self._workshop.departments_mail

    # --- news -----------------------------------------------------------------------------------------

    def _tell(self, event: Event) -> None:
        """Everybody who is to be told and was not; the event is done when nobody is left."""
        case, left = self._progress.case, 0
        for recipient in self._workshop.teller.recipients(case, event):
            if recipient.id in event.told:
                continue
            if recipient.id in self._behind or not self._told(case, event, recipient):
                self._behind.add(recipient.id)
                left += 1
        if not left:
            self._progress.note(noted(event, {}, done=True))

    def _told(self, case: Case, event: Event, recipient: Case) -> bool:
        def piece() -> Change:
            how = self._workshop.teller.tell(self._town, case, event, recipient, self._clock())
            self._done.figures[TOLD_FIGURES[how.split(":")[0]]] += 1
            return noted(event, {recipient.id: how})

        return self._do(piece, sends=True)
