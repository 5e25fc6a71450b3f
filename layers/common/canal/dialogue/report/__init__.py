"""A report on its way to the town: what is missing, where it is, is it known already, the review, the filing.

The same steps serve an incident, a complaint, a suggestion, a question and a pick-up of bulky waste; what differs is
what each of them needs. ``doors.py`` makes the rules of a place out of them.
"""
