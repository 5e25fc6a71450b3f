"""CAP 1.2, the common alerting protocol: alerts of others are read and become drafts, ours are written.

Values stand in ``alert``; nothing here fetches, stores or sends.
"""
