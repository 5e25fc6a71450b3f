"""Training of the model that ``dialogue/understanding/intents.py`` reads: logistic regression, plain Python.

Stochastic gradient descent over examples in a fixed shuffled order: no dependency, no chance, some seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp
from random import Random

from canal.dialogue.understanding.intents import LABELS, ZERO, evenly

LETTER = 65  # "A": label 0 in a packed weight
WIDEST = 46  # steps of a packed weight on each side of nought
LEAST_GRADIENT = 0.004  # smaller pushes are not worth their time


@dataclass(frozen=True, slots=True)
class Example:
    """Features of one text, the number of its label, and how much it counts."""

    features: Sequence[str]
    label: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Trained:
    """Dense weights: feature -> one number per label."""

    weights: dict[str, list[float]]
    bias: list[float]


def train(
    examples: Sequence[Example],
    *,
    rounds: int = 3,
    rate: float = 6.0,
    decay: float = 2e-6,
    rarest: int = 2,
    seed: int = 7,
) -> Trained:
    """Weights that give each example its own label. Features seen fewer than ``rarest`` times are left out."""
    counts = Counter(feature for example in examples for feature in example.features)
    zeros = [0.0] * len(LABELS)
    weights = {feature: zeros[:] for feature, count in counts.items() if count >= rarest}
    bias = zeros[:]
    prepared = [
        ([weights[f] for f in example.features if f in weights], evenly(len(example.features)), example)
        for example in examples
    ]
    draw = Random(seed)  # noqa: S311 - nothing secret: the same order every time
    for turn in range(rounds):
        draw.shuffle(prepared)
        step = rate * (1 - turn / rounds) ** 1.0
        for rows, value, example in prepared:
            _learn(rows, value, example, bias, step)
        _shrink(weights, decay * len(prepared) * step / rate)
    return Trained(weights, bias)


def _learn(rows: list[list[float]], value: float, example: Example, bias: list[float], step: float) -> None:
    """Pushes the rows of one example towards its label and away from those it is mistaken for."""
    sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0.0] * len(bias)
    scores = [b + value * total for b, total in zip(bias, sums, strict=True)]
    top = max(scores)
    powers = [exp(score - top) for score in scores]
    whole = sum(powers)
    for label, power in enumerate(powers):
        push = ((label == example.label) - power / whole) * example.weight
        if -LEAST_GRADIENT < push < LEAST_GRADIENT:
            continue
        move = step * push * value
        for row in rows:
            row[label] += move
        bias[label] += 0.02 * step * push


def _shrink(weights: dict[str, list[float]], share: float) -> None:
    """Keeps weights small, so that no single word decides."""
    keep = 1 - min(0.5, share)
    for row in weights.values():
        row[:] = [weight * keep for weight in row]


def pack(trained: Trained, *, least: float = 0.6) -> tuple[dict[str, str], float]:
    """Weights as text (two characters per label that counts) and the size of one step.

    ``least``: steps under which a weight is left out.
    """
    widest = max(abs(weight) for row in trained.weights.values() for weight in row)
    scale = widest / WIDEST
    packed = {feature: text for feature, row in sorted(trained.weights.items()) if (text := _packed(row, scale, least))}
    return packed, scale


def _packed(row: Iterable[float], scale: float, least: float) -> str:
    # The mean of a row moves every label alike and changes nothing: taken off, fewer weights remain.
    values = list(row)
    mean = sum(values) / len(values)
    steps = [(value - mean) / scale for value in values]
    return "".join(
        chr(LETTER + label) + chr(ZERO + max(-WIDEST, min(WIDEST, round(step))))
        for label, step in enumerate(steps)
        if abs(step) >= least
    )
