"""An answer to staff that comes from elsewhere in the dialogue: words or a photo that no place there could use."""

from __future__ import annotations

from canal.dialogue.questions import CasesOf
from canal.dialogue.scene import Item, Scene

WAITING = "waiting"  # the state of a case; what cases are is not loaded for it


def offer(scene: Scene) -> list[Item]:
    """To add it to the case that waits for the citizen, the newest of them; nothing where none does."""
    if scene.citizen.blocked:
        return []
    cases = scene.know(CasesOf(scene.citizen.key))
    asked = next((case.id for case in cases if case.state == WAITING and not case.erased), "")
    return [scene.item(f"my_cases:add:{asked}:said", "my_cases.add_said", case=asked)] if asked else []
