"""The region that these scripts build, and the year of its tables without a year in their name."""

from __future__ import annotations

from inputs.build.region import Region

REGION = Region("inner_mongolia")
START = 2017
