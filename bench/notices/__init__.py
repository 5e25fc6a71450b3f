"""Notices under a clock of their own: the real planning and sending, hours of it in a minute."""
