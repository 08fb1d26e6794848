"""What a rating says about a number."""

SPREAD_OF_RATING = {"A": 0.2, "B": 0.4, "C": 1.25, "D": 2.0, "E": 9.0}
"""What a rating implies where low and high are empty: the 95 % range runs from value / (1 + s) to value x
(1 + s). Middle of the error ranges of the EMEP/EEA guidebook's chapter on uncertainties as recalled, not
seen: A 10-30 %, B 20-60 %, C 50-200 %, D 100-300 %, E an order of magnitude."""
