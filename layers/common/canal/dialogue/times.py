"""Days and hours in the citizen's language: "hui", "demà", "dilluns 23 de novembre", "19:00"."""

from __future__ import annotations

from datetime import date, datetime

from canal.dialogue.scene import Scene


def clock(scene: Scene, moment: datetime) -> str:
    """The hour on the town's clock: "09:30"."""
    return f"{scene.town.local(moment):%H:%M}"


def day(scene: Scene, when: date) -> str:
    """A day as people say it: today and tomorrow by name, others by weekday, with the year if it is another."""
    distance = (when - scene.now.date()).days
    if distance in (0, 1):
        return scene.text("time.today" if distance == 0 else "time.tomorrow")
    return long_day(scene, when)


def long_day(scene: Scene, when: date) -> str:
    """Weekday, day and month; the year only where it is not this one."""
    weekday = scene.text("time.weekdays").split(",")[when.weekday()]
    words = scene.text("time.weekday_and_day", weekday=weekday, day=plain_day(scene, when))
    return words if when.year == scene.now.year else f"{words} {year(scene, when)}"


def plain_day(scene: Scene, when: date) -> str:
    """Day and month: "23 de novembre", "1 d'abril"."""
    months = scene.text("time.months").split(",")
    return f"{when.day} {months[when.month - 1]}"


def full_day(scene: Scene, when: date) -> str:
    """Day, month and year, for dates of which the year matters."""
    return f"{plain_day(scene, when)} {year(scene, when)}"


def year(scene: Scene, when: date) -> str:
    return scene.text("time.year", year=when.year)


def date_and_time(scene: Scene, moment: datetime) -> str:
    local = scene.town.local(moment)
    return f"{full_day(scene, local.date())}, {local:%H:%M}"
