"""Where a case lies, as the name of a cell of the geohash grid: neighbours in the street share a key in the table.

Six characters are a cell of about 610 metres from south to north and, at 39 degrees, 950 from west to east.
"""

from __future__ import annotations

import math

from canal.errors import BadInput

ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
CELL = 6  # characters of a case's cell
BITS = 5  # of a character
SHORTEST_RADIUS = 6_350_000.0  # metres: a little less than the earth's, so that a circle is never taken too small


def encode(latitude: float, longitude: float, characters: int = CELL) -> str:
    """The geohash of a point, WGS 84 degrees. Raises BadInput for what is no point of the earth."""
    check(latitude, longitude)
    rows, columns = _grid(characters)
    return _name(_index(latitude, 90, rows), _index(longitude, 180, columns), characters)


def cells(latitude: float, longitude: float, metres: float, characters: int = CELL) -> tuple[str, ...]:
    """The cells that hold every point within ``metres`` of this one: for a street's width mostly 1, at most 4."""
    check(latitude, longitude)
    rows, columns = _grid(characters)
    high, wide = _reach(latitude, metres)
    south, north = (_index(max(-90, min(90, latitude + side)), 90, rows) for side in (-high, high))
    if wide >= 180:
        across = range(columns)
    else:  # around the date line the numbers begin anew
        west, east = (math.floor((longitude + side + 180) / 360 * columns) for side in (-wide, wide))
        across = range(west, min(east, west + columns - 1) + 1)
    return tuple(_name(row, column % columns, characters) for row in range(south, north + 1) for column in across)


def check(latitude: float, longitude: float) -> None:
    """Raises BadInput for what is no point of the earth, NaN included."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadInput("this is no place on earth: a latitude from -90 to 90 and a longitude from -180 to 180")


def _reach(latitude: float, metres: float) -> tuple[float, float]:
    """How far a circle goes to the north and to the east, in degrees."""
    angle = max(metres, 0.0) / SHORTEST_RADIUS
    high = math.degrees(angle)
    if abs(latitude) + high >= 90:
        return high, 180.0
    return high, math.degrees(math.asin(math.sin(angle) / math.cos(math.radians(latitude))))


def _grid(characters: int) -> tuple[int, int]:
    """The number of rows and of columns that cover the earth: of an odd number of bits the columns have one more."""
    bits = characters * BITS
    return 1 << (bits // 2), 1 << (bits - bits // 2)


def _index(degrees: float, limit: float, pieces: int) -> int:
    """The piece in which a coordinate lies; the last one holds the far edge too."""
    return min(math.floor((degrees + limit) / (2 * limit) * pieces), pieces - 1)


def _name(row: int, column: int, characters: int) -> str:
    """Bits of the column and the row in turns, the column's first, five to a character."""
    bits = characters * BITS
    number = 0
    for place in range(bits):
        source, left = (column, bits - bits // 2) if place % 2 == 0 else (row, bits // 2)
        number = number << 1 | source >> (left - 1 - place // 2) & 1
    return "".join(ALPHABET[number >> (BITS * place) & 31] for place in reversed(range(characters)))
