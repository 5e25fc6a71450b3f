"""A case number in a citizen's words: "7K2M9QXA", "com va la 7k2m-9qxa?"."""

from __future__ import annotations

import re

from canal.incidents.numbers import ALPHABET

MOST_WORDS = 6  # a longer message is about more than a number
_LETTERS = ALPHABET + ALPHABET[8:].lower()
_NUMBER = re.compile(rf"(?<![\w.,/-])([{_LETTERS}]{{4}})[ -]?([{_LETTERS}]{{4}})(?![\w/-])")
_AROUND = " \t\n*_.,;:!?¿¡()#\"'«»"


def number_in(words: str) -> str:
    """The number that is plainly one, as we write it; empty where there is none.

    It holds digits and letters. One of letters only must be written in capitals as ours are, and alone: it might be
    somebody shouting a word.
    """
    for found in _NUMBER.finditer(words):
        number = f"{found[1]}{found[2]}"
        mixed = any(sign.isdigit() for sign in number) and any(sign.isalpha() for sign in number)
        whole = len(found[0]) == len(number)
        if mixed and (whole or all(_has_digit(part) for part in found.groups())):
            return number.upper()
        if whole and number.isalpha() and number.isupper() and is_all(words, number):
            return number
    return ""


def asks_for_it(words: str) -> bool:
    """Whether the message is short enough to be about nothing but the number in it."""
    return len(words.split()) <= MOST_WORDS


def is_all(words: str, number: str) -> bool:
    """Whether the message is ``number`` and nothing else."""
    return words.strip(_AROUND) == number


def _has_digit(part: str) -> bool:
    return any(sign.isdigit() for sign in part)
