"""Privacy: what is kept, "les meues dades" and "esborra'm"."""

from __future__ import annotations

from canal.dialogue.citizen import Place
from canal.dialogue.messages import Say
from canal.dialogue.questions import CasesOf
from canal.dialogue.scene import PlaceRules, Scene, Screen
from canal.dialogue.times import date_and_time
from canal.dialogue.turn import ErasureRequested

ADDRESSES = {"notices": "subscriptions"}  # of the choices that lead elsewhere
MOST_CASES = 20  # that ``CasesOf`` answers


def show(scene: Scene, path: tuple[str, ...]) -> Screen | None:
    """``privacy``, ``privacy:data``, ``privacy:erase`` and ``privacy:erase:yes``."""
    match path:
        case ():
            return screen(scene, scene.text("privacy.body", town=scene.town.name), ("data", "erase"), "privacy")
        case ("data",):
            return screen(scene, my_data(scene), choices(scene), "privacy:data")
        case ("erase",):
            return confirm(scene)
        case ("erase", "yes"):
            return erased(scene)
        case _:
            return None


def screen(scene: Scene, body: str, choices: tuple[str, ...], address: str) -> Screen:
    items = tuple(scene.item(ADDRESSES.get(choice, f"privacy:{choice}"), f"privacy.{choice}") for choice in choices)
    items = (*items, scene.item("menu", "menu.menu"))
    return Screen(Place.PRIVACY, scene.say(body, items), address=address, items=items)


def choices(scene: Scene) -> tuple[str, ...]:
    return ("erase", "notices") if scene.citizen.subscriptions else ("erase",)


def my_data(scene: Scene) -> str:
    """Everything the citizen's row holds, in words, and how many cases are theirs."""
    citizen = scene.citizen
    since = date_and_time(scene, citizen.since) if citizen.since else "-"
    last = date_and_time(scene, citizen.last_inbound_at) if citizen.last_inbound_at else "-"
    phone = f"+{citizen.phone}" if citizen.phone else scene.text("privacy.no_phone")
    language = scene.text(f"language.{scene.language}.label")
    return scene.text(
        "privacy.my_data",
        phone=phone,
        user_id=citizen.user_id or "-",
        language=language,
        since=since,
        last=last,
        notices=notices(scene),
        cases=cases(scene),
    )


def notices(scene: Scene) -> str:
    """What they are subscribed to, a line each with its date; the words agreed to stand on each topic's screen."""
    citizen = scene.citizen
    if not citizen.subscriptions:
        return scene.text("privacy.notices_none" if citizen.wants_marketing else "privacy.notices_off")
    from canal.dialogue.subscribing import summary

    mine = (citizen.subscriptions[topic] for topic in summary.mine(scene))
    told = ((summary.with_detail(scene, each), date_and_time(scene, each.since)) for each in mine)
    return "".join("\n" + scene.text("privacy.notice", topic=topic, since=since) for topic, since in told).rstrip()


def cases(scene: Scene) -> str:
    """How many cases are kept of them: the exact number as far as it is looked up."""
    number = sum(not case.erased for case in scene.know(CasesOf(scene.citizen.key)))
    return scene.text("privacy.many_cases", most=MOST_CASES) if number >= MOST_CASES else str(number)


def confirm(scene: Scene) -> Screen:
    items = (scene.item("privacy:erase:yes", "privacy.erase_yes"), scene.item("menu", "privacy.erase_no"))
    notes = {"yes": "privacy:erase:yes", "no": "menu"}
    return Screen(Place.PRIVACY, scene.say(scene.text("privacy.erase_confirm"), items), items=items, notes=notes)


def erased(scene: Scene) -> Screen:
    """The last words before the row goes; whoever writes again is new."""
    return Screen(Place.WELCOME, Say(scene.text("privacy.erased")), effects=(ErasureRequested(),))


RULES = PlaceRules(show=show)
