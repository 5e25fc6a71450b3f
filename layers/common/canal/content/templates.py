"""``content/common/templates/*.yaml``: what may be sent outside WhatsApp's window, in the shape that Meta reviews.

A file is one template in every language: ``name``, ``category``, ``body`` with named variables in double braces,
``samples`` of each variable, and where wanted ``header`` and ``footer`` (no variables), ``buttons`` (quick replies) and
``seconds`` (how long Meta keeps trying to deliver it). The limits are Meta's: see each constant.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from canal.content.yamlfile import Section, checked
from canal.dialogue.messages import LANGUAGES
from canal.errors import BadContent

VARIABLE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
VARIABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
NAME = re.compile(r"[a-z0-9_]{1,512}")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
BODY, HEADER, FOOTER, BUTTON = 1024, 60, 60, 25  # characters, counted as UTF-16 units
MOST_BUTTONS = 10
SECONDS = range(30, 12 * 3600 + 1)  # of a utility template
WORDS_A_VARIABLE = 3  # Meta refuses a text that is hardly more than its variables
PLAIN = re.compile(r"[\n\t]| {5}")  # refused in a variable, samples included

Template = dict[str, Any]  # ready for Meta: name, language, category, parameter_format, components


def read_templates(folder: Path) -> list[Template]:
    """Every template of ``folder`` in every language. Raises BadContent with the faults of all files."""
    found: list[Template] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found += read_template(path)
        except BadContent as fault:
            problems += fault.problems
    if problems:
        raise BadContent(problems)
    return found


def read_template(path: Path) -> list[Template]:
    """One file's template, once for each language. Raises BadContent with file, line and mend."""
    with checked(path) as top:
        name, category = _name(top, path), _category(top)
        texts = {"HEADER": _words(top, "header", HEADER), "FOOTER": _words(top, "footer", FOOTER)}
        body, samples = top.both("body"), _samples(top)
        for language in body:
            _check_body(top, language, body[language], samples)
        buttons, seconds = _buttons(top), _seconds(top, category)
        if body and len({frozenset(variables(text)) for text in body.values()}) > 1:
            top.wrong("«body» must have the same variables in every language")
    return [
        {
            "name": name,
            "language": language,
            "category": category,
            "parameter_format": "named",
            **({"message_send_ttl_seconds": seconds} if seconds else {}),
            "components": _components(language, texts, body[language], samples, buttons),
        }
        for language in LANGUAGES
    ]


def variables(text: str) -> list[str]:
    """The names in double braces, each once, in their order."""
    return list(dict.fromkeys(VARIABLE.findall(text)))


def _name(top: Section, path: Path) -> str:
    name = top.text("name")
    if name and not NAME.fullmatch(name):
        top.wrong(f"«name» «{name}» must be of a-z, 0-9 and _")
    elif name and name != path.stem:
        top.wrong(f"«name» must be that of the file, «{path.stem}», not «{name}»")
    return name


def _category(top: Section) -> str:
    category = top.text("category")
    if category and category not in CATEGORIES:
        top.wrong(f"«category» must be one of {', '.join(CATEGORIES)}, not «{category}»")
    return category


def _words(top: Section, key: str, most: int) -> dict[str, str]:
    """A header or a footer: one line, no variables."""
    both = top.both(key, required=False)
    for language, text in both.items():
        _fits(top, f"«{key}» in «{language}»", text, most)
        if "{{" in text or "\n" in text:
            top.wrong(f"«{key}» in «{language}» must be one line without variables")
    return both


def _samples(top: Section) -> dict[str, dict[str, str]]:
    """For each variable what it may hold, as Meta's reviewers will read it."""
    if "samples" not in top:
        return {}
    section = top.section("samples")
    names = section.keys()
    found = {name: section.both(name) for name in names}
    for key, both in found.items():
        for language, text in both.items():
            if not text.strip() or PLAIN.search(text):
                section.wrong(f"the sample of «{key}» in «{language}» must be one line without tabs or runs of spaces")
    return found


def _check_body(top: Section, language: str, text: str, samples: dict[str, dict[str, str]]) -> None:
    """What Meta refuses a body for."""
    where, bare, names = f"«body» in «{language}»", text.strip(), variables(text)
    _fits(top, where, text, BODY)
    if re.search(r"\n{3,}", bare):
        top.wrong(f"{where} has two empty lines together; leave one")
    if wrong := [name for name in names if not VARIABLE_NAME.fullmatch(name)]:
        top.wrong(f"{where}: name variables with a-z, 0-9 and _, not «{'», «'.join(wrong)}»")
    if re.search(r"[{}]", VARIABLE.sub("", bare)):
        top.wrong(f"{where} has a brace too many; write variables as {{{{name}}}}")
    if bare.startswith("{{") or bare.endswith("}}"):
        top.wrong(f"{where} must neither begin nor end with a variable; add words there")
    if re.search(r"\}\}\s*\{\{", bare):
        top.wrong(f"{where} has two variables side by side; put words between them")
    if len(VARIABLE.sub(" ", bare).split()) < WORDS_A_VARIABLE * len(names):
        top.wrong(f"{where} has too many variables for its length; write {WORDS_A_VARIABLE} words for each")
    if missing := [name for name in names if language not in samples.get(name, {})]:
        top.wrong(f"{where}: write a sample of «{'», «'.join(missing)}» under «samples»")
    if unused := sorted(samples.keys() - set(names)):
        top.wrong(f"{where} does not use «{'», «'.join(unused)}» of «samples»; use it or take it out")


def _buttons(top: Section) -> list[dict[str, str]]:
    """The labels of the quick replies; which screen each opens is said when the template is sent."""
    found = [each.whole() for each in top.records("buttons", required=False)]
    if len(found) > MOST_BUTTONS:
        top.wrong(f"«buttons» are {len(found)}; Meta takes {MOST_BUTTONS}")
    for language in LANGUAGES:
        labels = [both.get(language, "") for both in found]
        for label in labels:
            _fits(top, f"button «{label}»", label, BUTTON)
        if len(set(labels)) != len(labels):
            top.wrong(f"«buttons» in «{language}» must differ")
    return found


def _seconds(top: Section, category: str) -> int:
    seconds = top.number("seconds", required=False)
    if seconds is None:
        return 0
    if category != "UTILITY" or seconds not in SECONDS:
        top.wrong(f"«seconds» is for UTILITY and must be a whole number from {SECONDS[0]} to {SECONDS[-1]}")
    return int(seconds)


def _fits(top: Section, what: str, text: str, most: int) -> None:
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if length > most:
        top.wrong(f"{what} has {length} characters; Meta takes {most}")


def _components(
    language: str,
    texts: dict[str, dict[str, str]],
    body: str,
    samples: dict[str, dict[str, str]],
    buttons: list[dict[str, str]],
) -> list[dict[str, Any]]:
    """Header, body, footer and buttons in Meta's order; what is absent is left out."""
    named = [{"param_name": name, "example": samples[name][language]} for name in variables(body)]
    main: dict[str, Any] = {"type": "BODY", "text": body.strip()}
    if named:
        main["example"] = {"body_text_named_params": named}
    found: list[dict[str, Any]] = []
    if header := texts["HEADER"].get(language):
        found.append({"type": "HEADER", "format": "TEXT", "text": header})
    found.append(main)
    if footer := texts["FOOTER"].get(language):
        found.append({"type": "FOOTER", "text": footer})
    if buttons:
        labels = [{"type": "QUICK_REPLY", "text": both[language]} for both in buttons]
        found.append({"type": "BUTTONS", "buttons": labels})
    return found
