"""The region that these scripts build: one county-level city, and the year of its tables."""

from __future__ import annotations

from inputs.build.region import Region

REGION = Region("erenhot")
CITY = "152501"
START = 2018
