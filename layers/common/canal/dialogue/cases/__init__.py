"""What a citizen does with cases that exist: look, add, contest, rate. ``places/my_cases.py`` leads here."""
