"""Open311 GeoReport v2: what anybody may know of the incidents, and reports that other programs bring.

``router`` is the way in. All of it works on the ports; the few words people read stand in the content.
"""
