"""The staff's side of the cases: who may do what, the API's shapes, exports. Behind ``functions/incident/api.py``.

The only part of the package, beside the compiler of content, that loads pydantic: no citizen ever waits for it.
"""
