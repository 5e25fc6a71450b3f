"""The staff's side: who may do what, the APIs' shapes, exports. Of cases here, of notices in ``campaigns/``.

The only part of the package, beside the compiler of content, that loads pydantic: no citizen ever waits for it.
"""
