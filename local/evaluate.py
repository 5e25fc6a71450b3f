"""``make eval FILE=set.jsonl``: how well typed first messages are understood, measured through the real engine.

A line of the file: ``{"text": …, "lang": "ca" | "es" | "mix", "expect": label, "also": [labels]}``; ``also`` (may be
absent) holds labels that are right as well. Each text is the very first message of a new citizen, who then chooses
their language, as on WhatsApp. What counts is the answer that comes out, not what some part thought on the way:

- top-1: the place that answered is one of the right ones. Not understood counts as ``unknown``.
- top-3: a right one is among the three that were likeliest, or among those offered when it was not understood.

Apart from them the mistakes that matter most: an emergency answered without 112 (and a 112 that nobody needed), an
opt-out that was not meant, one that was not obeyed.

    python -m local.evaluate set.jsonl [--errors] [--min-top1 0.95]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from canal.content.compile import compile_town
from canal.dialogue.citizen import Citizen
from canal.dialogue.engine import step
from canal.dialogue.messages import Inbound, Sender, Text
from canal.dialogue.questions import Question
from canal.dialogue.town import Town
from canal.dialogue.turn import DangerMet, Effect, NotUnderstood, OptedOut, Turn, Understood
from canal.dialogue.understanding.commands import Command
from canal.dialogue.understanding.intents import LABELS
from canal.dialogue.understanding.reading import LABEL_OF_COMMAND, read

ROOT = Path(__file__).resolve().parent.parent
COMPILED = ROOT / "build" / "content" / "alzira.json"
LANGUAGES = ("ca", "es", "mix")
NUMBER_OF_LANGUAGE = {"ca": "1", "es": "2", "mix": "1"}
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the set."""

    text: str
    lang: str
    expect: str
    also: tuple[str, ...] = ()

    @property
    def right(self) -> frozenset[str]:
        return frozenset((self.expect, *self.also))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine made of a text: labels, the best first; whether 112 was shown; whether notices were stopped."""

    labels: tuple[str, ...]
    shows_112: bool
    opted_out: bool


@dataclass(frozen=True, slots=True)
class Result:
    case: Case
    outcome: Outcome

    @property
    def first(self) -> bool:
        return self.outcome.labels[0] in self.case.right

    @property
    def among_three(self) -> bool:
        return not self.case.right.isdisjoint(self.outcome.labels[:SHOWN])


# --- the set ------------------------------------------------------------------------------------


def read_cases(path: Path) -> list[Case]:
    """The lines of the file; ValueError names the first line that is not one."""
    cases = []
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            cases.append(case(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise ValueError(f"{path.name}, line {number}: {fault}") from fault
    if not cases:
        raise ValueError(f"{path.name}: holds no lines")
    return cases


def case(data: dict[str, Any]) -> Case:
    """A checked line."""
    found = Case(str(data["text"]), str(data.get("lang", "mix")), str(data["expect"]), tuple(data.get("also") or ()))
    if strange := sorted(found.right - set(LABELS)):
        raise ValueError(f"no such label: {', '.join(strange)}")
    if found.lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, not {found.lang}")
    return found


# --- the engine ---------------------------------------------------------------------------------


def outcome_of(text: str, lang: str, town: Town) -> Outcome:
    """A new citizen writes ``text`` and, when asked, chooses their language; what came of the text."""
    now = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    citizen = Citizen(key="ES.eval", user_id="ES.eval")
    turns = [said(text, citizen, town, now)]
    if turns[0].citizen.language is None:
        turns.append(said(NUMBER_OF_LANGUAGE[lang], turns[0].citizen, town, now))
    effects = tuple(effect for turn in turns for effect in turn.effects)
    return Outcome(
        labels=labels_of(text, effects, turns[-1], town),
        shows_112=any("112" in str(reply) for reply in turns[0].replies)
        and any(isinstance(effect, DangerMet) for effect in turns[0].effects),
        opted_out=any(isinstance(effect, OptedOut) for effect in effects),
    )


def said(words: str, citizen: Citizen, town: Town, now: datetime) -> Turn:
    """The turn of a typed text, in a town where nobody has reported anything yet."""
    message = Inbound("wamid.eval", Sender("ES.eval", None), now, Text(words))
    nothing: dict[Question[Any], Any] = {}
    while (turn := step(citizen, message, town, now, nothing)).asks:
        nothing[turn.asks] = ()
    return turn


def labels_of(text: str, effects: Sequence[Effect], last: Turn, town: Town) -> tuple[str, ...]:
    """Labels as the answer shows them: danger first, then what the words were taken for."""
    found: list[str] = ["emergency"] if any(isinstance(effect, DangerMet) for effect in effects) else []
    if any(isinstance(effect, OptedOut) for effect in effects):
        found.append("opt_out")
    taken = next((effect.labels for effect in effects if isinstance(effect, Understood)), ())
    if taken:
        found += taken
    elif any(isinstance(effect, NotUnderstood) for effect in effects):
        offered = [answer.address.split(":")[0] for answer in last.citizen.offered]
        found += ["unknown", *(label for label in offered if label in LABELS)]
    else:
        found += plainly(text, last, town)
    return tuple(dict.fromkeys(found))


def plainly(text: str, last: Turn, town: Town) -> tuple[str, ...]:
    """The labels of an answer that names none itself: of the command that was obeyed, else of the place it led to."""
    reading = read(text, town.lexicon)
    if reading.command in (Command.YES, Command.NO):
        return ("smalltalk",)
    if reading.command in LABEL_OF_COMMAND:
        return tuple(label for label, _ in reading.labels[:SHOWN])
    place = last.citizen.place.value
    return (place if place in LABELS else "menu",)


# --- the report ---------------------------------------------------------------------------------


def report(results: Sequence[Result], *, errors: bool = False) -> str:
    """The tables as text."""
    labels = [label for label in LABELS if any(result.case.expect == label for result in results)]
    lines = [
        *table("label", labels, results, lambda result: result.case.expect),
        "",
        *table("language", LANGUAGES, results, lambda result: result.case.lang),
        "",
        *(f"{len(texts):>4}  {what}{listed(texts)}" for what, texts in grave(results)),
    ]
    if errors:
        lines += ["", "not right at first:", *(f"  {line}" for line in wrong(results))]
    return "\n".join(lines)


def table(title: str, names: Iterable[str], results: Sequence[Result], name_of: Callable[[Result], str]) -> list[str]:
    """Rows of count, top-1 and top-3, with the whole at the end."""
    rows = [f"{title:<14}{'texts':>6}{'top-1':>9}{'top-3':>9}"]
    for name in names:
        mine = [result for result in results if name_of(result) == name]
        if mine:
            rows.append(row(name, mine))
    return [*rows, row("all", results)]


def row(name: str, results: Sequence[Result]) -> str:
    first = sum(result.first for result in results) / len(results)
    three = sum(result.among_three for result in results) / len(results)
    return f"{name:<14}{len(results):>6}{first:>9.1%}{three:>9.1%}"


def grave(results: Sequence[Result]) -> list[tuple[str, list[str]]]:
    """The mistakes that are told apart, with their texts."""

    def texts(keep: Callable[[Result], bool]) -> list[str]:
        return [result.case.text for result in results if keep(result)]

    return [
        (
            "emergency answered without 112",
            texts(lambda r: r.case.expect == "emergency" and not r.outcome.shows_112),
        ),
        (
            "112 shown where nothing was wrong",
            texts(lambda r: "emergency" not in r.case.right and r.outcome.shows_112),
        ),
        ("opt_out that was not meant", texts(lambda r: "opt_out" not in r.case.right and r.outcome.opted_out)),
        (
            "opt_out that was not obeyed",
            texts(lambda r: r.case.expect == "opt_out" and not r.outcome.opted_out),
        ),
    ]


def listed(texts: Sequence[str]) -> str:
    return ": " + " · ".join(texts) if texts else ""


def wrong(results: Sequence[Result]) -> list[str]:
    counted = Counter((r.case.expect, r.outcome.labels[0]) for r in results if not r.first)
    each = [f"{r.case.expect} | {r.case.text} | {', '.join(r.outcome.labels[:SHOWN])}" for r in results if not r.first]
    return [*each, "", *(f"{count:>3}  {a} taken for {b}" for (a, b), count in counted.most_common())]


def top1(results: Sequence[Result]) -> float:
    return sum(result.first for result in results) / len(results)


def town() -> Town:
    """The compiled content where ``make`` has built it, else compiled now."""
    if COMPILED.exists():
        return Town(json.loads(COMPILED.read_text("utf-8")))
    return Town(compile_town(ROOT / "content" / "alzira"))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make eval FILE=", description="How well typed words are understood.")
    parser.add_argument("file", type=Path, help="a set of lines {text, lang, expect, also}")
    parser.add_argument("--errors", action="store_true", help="list every text that was not right at first")
    parser.add_argument("--min-top1", type=float, default=0.0, help="fail under this share, such as 0.95")
    asked = parser.parse_args(arguments)
    try:
        cases = read_cases(asked.file)
    except (OSError, ValueError) as fault:
        print(fault, file=sys.stderr)
        return 2
    place = town()
    results = [Result(case, outcome_of(case.text, case.lang, place)) for case in cases]
    print(report(results, errors=asked.errors))
    return 0 if top1(results) >= asked.min_top1 else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
