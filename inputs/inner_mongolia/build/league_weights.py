"""How regional totals are spread over the twelve leagues and cities, 2017. Own estimates unless said
(rating E).

Only the proportions of a weight count; `spread` rakes them to a regional total.
"""

from __future__ import annotations

from inputs.build.spread import in_proportion

LEAGUES = {
    "150100": "Hohhot",
    "150200": "Baotou",
    "150700": "Hulunbuir",
    "152200": "Hinggan",
    "150500": "Tongliao",
    "150400": "Chifeng",
    "152500": "Xilingol",
    "150900": "Ulanqab",
    "150600": "Ordos",
    "150800": "Bayannur",
    "150300": "Wuhai",
    "152900": "Alxa",
}
"""In the order of official tables."""

WEIGHTS: dict[str, tuple[float, ...]] = {
    # residents of the seventh census (10^4, recalled); urban: times the urban share
    "people": (344.6, 270.9, 224.3, 141.7, 287.3, 403.6, 110.7, 170.6, 215.4, 153.9, 55.7, 26.2),
    "urban": (272, 233, 166, 76, 143, 215, 82, 100, 167, 93, 53.5, 21.5),
    "rural": (72, 38, 58, 66, 144, 189, 29, 71, 48, 61, 2.2, 4.7),
    # gross regional product, 10^8 CNY, about 2017 (recalled)
    "gdp": (2744, 2752, 1186, 418, 1222, 1406, 884, 741, 3580, 776, 416, 278),
    "cars": (102, 80, 44, 20, 47, 68, 28, 27, 68, 31, 15, 8),
    "light_trucks": (12, 10, 9, 5, 10, 13, 7, 6, 14, 7, 3, 2),
    "heavy_trucks": (9, 13, 5, 3, 8, 9, 6, 7, 26, 6, 5, 3),
    "buses": (20, 15, 10, 5, 9, 13, 5, 5, 10, 5, 2.5, 1),
    "slow": (4, 3, 10, 12, 20, 22, 4, 9, 5, 10, 0.5, 0.5),
    # raw coal mined, Mt
    "coal": (1, 6, 75, 0, 45, 15, 105, 0, 620, 1, 22, 5),
    "opencast": (0, 2, 60, 0, 45, 6, 100, 0, 200, 0, 12, 4),
    # straw produced, t; nitrogen applied, t
    "straw": (4, 3, 15, 17, 24, 18, 1, 4, 6, 10, 0.2, 0.3),
    "nitrogen": (5, 4, 12, 13, 22, 16, 1, 4, 7, 17, 0.3, 1),
    "farm_power": (6, 4, 14, 13, 20, 18, 3, 7, 8, 12, 0.3, 0.7),
    # heads (10^4)
    "dairy": (34, 14, 17, 3, 10, 9, 9, 11, 4, 10, 0.1, 0.3),
    "beef": (8, 7, 55, 45, 125, 100, 105, 25, 20, 12, 0.3, 2),
    "sheep": (240, 220, 850, 560, 540, 920, 800, 430, 850, 900, 10, 90),
    "pigs": (20, 13, 25, 50, 150, 175, 3, 25, 15, 25, 1, 0.5),
    "poultry": (350, 200, 300, 450, 900, 1800, 20, 300, 250, 350, 30, 10),
    "horses": (1, 1, 25, 7, 15, 12, 20, 2, 2, 3, 0, 2),
    # surface finishing: Baotou vehicles and wind towers, Hohhot, Chifeng
    "coating": (18, 38, 4, 2, 6, 9, 3, 5, 10, 3, 1.5, 0.5),
    "food_print": (35, 14, 6, 3, 10, 14, 3, 4, 5, 5, 1, 0.3),
    "power_mw": (9720, 10340, 6860, 1210, 7050, 4400, 6200, 7560, 18440, 2460, 3420, 1530),
    "steel": (0, 15.5, 0, 0.6, 0, 1.4, 0, 0.2, 0.6, 0.2, 1.3, 0.1),
    "coke": (0.3, 3.2, 0, 0, 0, 0.6, 0, 0.2, 6.8, 1.2, 14, 4.2),
    "heat_coal": (12, 12, 14, 7, 10, 14, 8, 7, 9, 5, 2, 1),
    "building": (26, 17, 7, 4, 8, 11, 4, 6, 10, 4, 2, 1),
    "rail": (4, 6, 30, 10, 22, 16, 14, 6, 12, 3, 2, 5),
    "flights": (36, 14, 12, 4, 5, 6, 5, 2, 10, 3, 2, 1),
    "dry_soil": (5, 9, 4, 4, 7, 9, 8, 7, 13, 10, 5, 19),
    "fires": (0, 0, 60, 12, 4, 4, 15, 2, 1, 1, 0, 1),
}


def spread(total: float, weight: str, least: float = 0.0) -> dict[str, float]:
    """`total` over the leagues in proportion to a weight; leagues with a share below `least` get nothing."""
    return in_proportion(total, dict(zip(LEAGUES, WEIGHTS[weight], strict=True)), least)
