"""Words, units, money, faults and selectors: what every other layer uses."""
