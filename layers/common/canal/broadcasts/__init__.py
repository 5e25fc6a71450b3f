"""Notices to many: what a campaign, a subscription and a delivery are, and how each may change. Pure."""
