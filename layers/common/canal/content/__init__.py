"""Build time only: a town's YAML, CSV, iCalendar, RSS and GTFS become one compiled JSON. Never loaded in Lambda."""
