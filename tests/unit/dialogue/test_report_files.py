"""Photos, voice notes and other files of a report: a handful is one thing, and ten are enough."""

from __future__ import annotations

import pytest
from canal.dialogue.citizen import Citizen, Place
from canal.dialogue.draft import MOST_FILES
from canal.dialogue.messages import Media
from canal.dialogue.turn import CaseChanged, FileKept

from tests.builders import Reported, Talk, citizen, stranger
from tests.unit.dialogue.reporting import LAMP, PLACE, STREET, draft, filed, photo


def bunch(talk: Talk, *media: Media) -> list[bool]:
    """Sends ``media`` two seconds apart; whether each was answered."""
    return [talk.say(each, pause=2) is not None for each in media]


def test_three_photos_at_once_get_one_reply() -> None:
    talk = Talk()
    assert bunch(talk, photo(1), photo(2), photo(3)) == [True, False, False]
    assert talk.turn.effects == (FileKept("image"),)
    assert len(draft(talk).files) == 3


def test_three_photos_of_a_stranger_get_one_question_for_the_language_and_are_all_kept() -> None:
    talk = Talk(stranger())
    assert bunch(talk, photo(1), photo(2), photo(3)) == [True, False, False]
    assert talk.options == ["language:ca", "language:es"]
    talk.say("2", PLACE, "una farola que no da luz", "1")
    assert [file.media_id for file in filed(talk).files] == ["media.1", "media.2", "media.3"]


def test_photos_around_the_choice_of_the_language_are_all_kept() -> None:
    talk = Talk(stranger())
    talk.say(photo(1), photo(2), "1", photo(3), PLACE, LAMP, "1")
    assert len(filed(talk).files) == 3


def test_three_photos_in_the_middle_of_a_report_get_one_reply() -> None:
    talk = Talk()
    talk.say(LAMP)
    assert bunch(talk, photo(1), photo(2), photo(3)) == [True, False, False]
    talk.say(PLACE, "1")
    assert len(filed(talk).files) == 3


def test_a_photo_that_comes_later_is_answered_again() -> None:
    talk = Talk()
    talk.say(LAMP, photo(1))
    assert talk.say(photo(2), pause=11) is not None
    assert talk.says("report.file_kept")


def test_a_silent_photo_leaves_the_question_its_numbers_and_the_way_back_as_they_were() -> None:
    talk = Talk()
    talk.say(LAMP, PLACE, photo(1))
    before = talk.citizen
    talk.say(photo(2), pause=1)
    after = talk.citizen
    assert (after.place, after.offered, after.trail, after.notes) == (
        before.place,
        before.offered,
        before.trail,
        before.notes,
    )


def test_the_same_file_twice_is_one() -> None:
    talk = Talk()
    talk.say(LAMP, photo(1), photo(1))
    assert len(draft(talk).files) == 1


@pytest.mark.parametrize("who", [citizen(), stranger()], ids=["known", "stranger"])
def test_ten_files_are_enough_and_it_is_said_once(who: Citizen) -> None:
    talk = Talk(who)
    answered = bunch(talk, *(photo(number) for number in range(MOST_FILES + 3)))
    assert answered[0]
    assert sum(answered) <= 2
    assert len(draft(talk).files) == MOST_FILES


def test_of_an_eleventh_photo_it_is_said_that_it_is_not_kept() -> None:
    talk = Talk()
    talk.say("10", *(photo(number) for number in range(MOST_FILES + 1)))
    assert talk.says("report.full")
    assert len(draft(talk).files) == MOST_FILES


@pytest.mark.parametrize(
    "media",
    [
        Media("audio", "media.9", "audio/ogg", voice=True),
        Media("video", "media.9", "video/mp4"),
        Media("document", "media.9", "application/pdf", filename="x.pdf"),
    ],
    ids=lambda media: media.kind,
)
def test_voice_video_and_documents_in_a_report_are_kept(media: Media) -> None:
    talk = Talk()
    talk.say(LAMP, media, PLACE, "1")
    (file,) = filed(talk).files
    assert (file.kind, file.media_id, file.mime_type, file.state) == (media.kind, "media.9", media.mime_type, "pending")


def test_a_document_out_of_the_blue_is_no_report() -> None:
    talk = Talk()
    talk.say(Media("document", "media.9", "application/pdf"))
    assert talk.says("attachment.document")
    assert not draft(talk).begun


def test_a_caption_is_words_like_any_other() -> None:
    talk = Talk()
    talk.say(photo(1, f"{LAMP} al {STREET}"))
    assert talk.citizen.notes["step"] == "review"
    talk.say("1")
    case = filed(talk)
    assert case.words == f"{LAMP} al {STREET}"
    assert case.files[0].caption == case.words


def test_the_caption_of_a_strangers_photo_is_not_lost() -> None:
    talk = Talk(stranger())
    talk.say(photo(1, LAMP), "1", PLACE, "1")
    assert filed(talk).words == LAMP


def test_a_caption_that_tells_what_the_first_photo_left_open_is_answered_although_it_came_in_a_handful() -> None:
    talk = Talk()
    assert bunch(talk, photo(1), photo(2, LAMP), photo(3)) == [True, True, False]
    assert talk.citizen.place == Place.INCIDENT
    assert len(draft(talk).files) == 3


def test_danger_in_a_caption_puts_112_first_and_the_report_goes_on() -> None:
    talk = Talk()
    talk.say(LAMP, photo(1, "hi ha un incendi, crida molta gent"))
    assert talk.body.startswith("🚨")
    talk.say(STREET, "1")
    assert "incendi" in filed(talk).words
    assert len(filed(talk).files) == 1


def test_all_files_can_be_taken_out_again() -> None:
    talk = Talk()
    talk.say(LAMP, photo(1), PLACE)
    talk.tap("incident:photos")
    assert talk.options == ["incident:go", "incident:photos:none"]
    talk.say("2", "1")
    assert filed(talk).files == ()


def test_a_photo_elsewhere_joins_the_report_half_way_or_begins_another() -> None:
    talk = Talk()
    talk.say(LAMP, "autobús", photo(1))
    assert talk.says("report.file_added")
    assert len(draft(talk).files) == 1
    other = talk.options[1]
    talk.tap(other)
    assert (draft(talk).words, len(draft(talk).files)) == ("", 1)


def test_a_photo_right_after_sending_joins_the_case() -> None:
    reported = Reported()
    talk = Talk(answers=reported)
    talk.say(LAMP, PLACE, "1")
    reported.cases = [filed(talk)]
    talk.say(photo())
    (changed,) = [effect.case for effect in talk.turn.effects if isinstance(effect, CaseChanged)]
    assert (changed.id, len(changed.files)) == (reported.cases[0].id, 1)
