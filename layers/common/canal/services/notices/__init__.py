"""Notices on their way: who is meant, planning, sending, tending. Loads, decides, saves, queues."""
