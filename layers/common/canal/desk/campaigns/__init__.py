"""The staff's side of the notices: drafts, checks, approvals, what became of them. For ``functions/broadcast/api``."""
