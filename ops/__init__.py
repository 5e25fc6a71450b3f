"""Commands of whoever operates Canal: run from a laptop, against a deployed stack or the local one. Never in Lambda."""
