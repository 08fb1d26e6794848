"""The one Pyomo formulation, HiGHS, proven bounds and prices."""
