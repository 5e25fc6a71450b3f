"""The town's notices for anybody and for other programs: RSS for readers, CAP 1.2 for those that pass alerts on.

``router`` is the way in. Nothing here knows a citizen: only notices that have gone out, without who wrote them.
"""
