"""What Canal writes by itself, from the town's content: the agenda, job offers, dates of taxes. Pure."""
