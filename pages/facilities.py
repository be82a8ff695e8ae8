"""stub."""

from pages import _data, _parts

_parts.filters(_data.frame())
