"""Everything that can go wrong, in one tree.

CanalError
├── Temporary            try again later: the queue gives the message back
│   ├── Throttled        slow down: rate limits of WhatsApp or AWS
│   └── LostRace         somebody else changed the row first: load and run again
├── Permanent            trying again cannot help: mark it and tell somebody
│   ├── Undeliverable    this citizen cannot be reached (blocked, not on WhatsApp, window closed)
│   │   └── WindowClosed more than 24 hours since they wrote: only a template may go
│   └── Refused          the request itself is wrong: our own mistake, to be mended
│       ├── NoTemplate   the template is not approved, paused, or not as we think: wait until they write
│       └── Oversized    a file larger than we take
├── Stopped              nothing can be sent for anybody until an operator acts (token, payment, account)
├── AlreadyRun           this message has had its turn: nothing changes, its replies are sent again
└── BadInput             what came in is not what it should be
    ├── BadSignature     a webhook that Meta did not sign
    ├── TooLarge         a body beyond what Meta ever sends
    └── BadContent       a town's content does not fit its schema; names file, line and mend
"""

from __future__ import annotations


class CanalError(Exception):
    """The root: catch this where any failure of Canal is handled alike."""


class Temporary(CanalError):
    """Trying again later may help."""


class Throttled(Temporary):
    """A rate limit was hit."""


class LostRace(Temporary):
    """A row changed between the read and the write."""


class Permanent(CanalError):
    """Trying again cannot help."""


class Undeliverable(Permanent):
    """This citizen cannot be reached; others can."""


class WindowClosed(Undeliverable):
    """More than 24 hours since the citizen wrote: only a template may go."""


class Refused(Permanent):
    """WhatsApp refuses the request itself."""


class NoTemplate(Refused):
    """The template cannot be sent: not approved, paused, or filled in differently."""


class Oversized(Refused):
    """A file larger than we take."""


class Stopped(CanalError):
    """Nothing can be sent for anybody until an operator acts; messages wait, none is dropped."""


class AlreadyRun(CanalError):
    """This message has had its turn."""


class BadInput(CanalError):
    """What came in is not what it should be."""


class BadSignature(BadInput):
    """The body is not signed with the app secret."""


class TooLarge(BadInput):
    """A body beyond what Meta ever sends."""


class BadContent(BadInput):
    """Content that does not fit its schema.

    ``problems`` holds one sentence per fault, each naming file, line (where known) and the mend.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
