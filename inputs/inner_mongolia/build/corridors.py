"""Freight corridors by road, 2017: what the heavy trucks of the region move, by haul and goods (own estimates, E).

Mt by road is raked by hand to the control totals of coal leaving the region (590-650 Mt, rail share 64-72 %, beyond
500 km 83-89 %), of the ports of Ganqimaodu (15-20 Mt), Ceke (10-14 Mt) and Mandula, and of coal mined in Ordos.
Accounts follow registration, so a haul counts whole, beyond the border of the region too; trucks registered
elsewhere are corridors of their own, outside the account, with their kilometres inside the region only.
"""

from __future__ import annotations

from dataclasses import dataclass

LOCAL = {"belt": 0.7, "transfer": 0.3}
SHORT = {"siding_spare": 0.15, "siding_new": 0.35, "transfer": 0.5}
LONG = {"siding_spare": 0.25, "siding_new": 0.35, "container": 0.4}
BORDER = {"siding_new": 0.5, "container": 0.3, "transfer": 0.2}
NONE = {"road_only": 1.0}


@dataclass(frozen=True)
class Corridor:
    """Mt a year by road over `km`, and how its tonnes split over steps of rising cost."""

    name: str
    area: str
    commodity: str
    direction: str
    km: float
    mt: float
    steps: dict[str, float]
    lng: float
    about: str
    outside: bool = False

    @property
    def tkm(self) -> float:
        """Tonne-kilometres a year."""
        return self.mt * 1e6 * self.km

    @property
    def old(self) -> float:
        """How old its trucks are against the mean: short hauls are driven by the oldest."""
        return 1.5 if self.km < 70 else 1.1 if self.km < 250 else 0.75


CORRIDORS = [
    Corridor("ordos_pit_washery", "150622", "coal", "local", 28, 230, LOCAL, 0.04, "pits to washeries, Jungar"),
    Corridor("ordos_washery_station", "150627", "coal", "local", 48, 120, LOCAL, 0.06, "washeries to stations, Ejin Horo"),
    Corridor("wuhai_washing", "150303", "coal", "local", 30, 45, LOCAL, 0.04, "Wuhai and Qipanjing washing"),
    Corridor("hulunbuir_local", "150700", "coal", "local", 60, 25, LOCAL, 0.0, "Hulunbuir mines to power and heat"),
    Corridor("ordos_power", "150600", "coal", "local", 95, 50, SHORT, 0.08, "Ordos power and coal chemicals"),
    Corridor("ordos_baotou_hohhot", "150621", "coal", "local", 210, 45, SHORT, 0.15, "Ordos to Baotou and Hohhot power"),
    Corridor("bayan_obo_baotou", "150206", "iron_ore", "local", 150, 8, SHORT, 0.05, "Bayan Obo ore to Baotou steel"),
    Corridor("ordos_bohai", "150600", "coal", "out", 820, 26, LONG, 0.12, "Ordos to Bohai ports beside Daqin and Shuohuang"),
    Corridor("ordos_shanxi_hebei", "150622", "coal", "out", 420, 40, LONG, 0.12, "Ordos to Shanxi and Hebei plants"),
    Corridor("ordos_shaanxi_ningxia", "150625", "coal", "out", 200, 35, SHORT, 0.10, "Ordos to Shaanxi and Ningxia"),
    Corridor("ordos_chemicals", "150600", "chemicals", "out", 900, 10, LONG, 0.10, "methanol, olefins, PVC to the east"),
    Corridor("wuhai_hebei", "150300", "coke", "out", 950, 9, LONG, 0.10, "Wuhai and Qipanjing coke to Hebei"),
    Corridor("wuhai_ningxia", "150300", "coal", "in", 130, 15, SHORT, 0.08, "coking coal from and to Ningxia"),
    Corridor("xilinhot_liaoning", "152500", "coal", "out", 620, 8, LONG, 0.05, "Xilinhot to Jinzhou and Liaoning"),
    Corridor("xilinhot_chifeng", "152500", "coal", "local", 380, 10, LONG, 0.05, "Xilinhot to Chifeng and Tongliao heat"),
    Corridor("huolinhe_jilin", "150500", "coal", "out", 310, 12, LONG, 0.03, "Huolinhe to Tongliao and Jilin"),
    Corridor("hulunbuir_heilongjiang", "150700", "coal", "out", 560, 5, LONG, 0.02, "Hulunbuir to Heilongjiang"),
    Corridor("ganqimaodu_bayannur", "150825", "coal", "in", 190, 11.5, BORDER, 0.06, "Mongolian coking coal to washing"),
    Corridor("ganqimaodu_baotou", "150825", "coal", "in", 330, 6, BORDER, 0.06, "Mongolian coking coal to Baotou"),
    Corridor("ceke_wuhai", "152923", "coal", "in", 600, 5, BORDER, 0.06, "Ceke coking coal to Wuhai"),
    Corridor("mandula_baotou", "150223", "iron_ore", "in", 250, 2, BORDER, 0.04, "Mandula ore and coal to Baotou"),
    Corridor("erenhot_ulanqab", "152501", "iron_ore", "in", 330, 3, BORDER, 0.03, "Erenhot ore and coal to Jining"),
    Corridor("huolinhe_alumina", "150500", "alumina", "in", 420, 3.5, LONG, 0.03, "alumina from Liaoning ports"),
    Corridor("baotou_steel", "150200", "steel", "out", 780, 6, LONG, 0.08, "steel and aluminium to Tianjin and Hebei"),
    Corridor("east_grain", "150500", "grain", "out", 430, 9, LONG, 0.02, "maize to Liaoning ports"),
    Corridor("visitors_coal", "150600", "coal", "out", 160, 100, NONE, 0.08, "trucks registered elsewhere, inside", True),
    Corridor("through_west", "150900", "general", "through", 900, 22, NONE, 0.08, "through traffic on G6 and G7", True),
]

TONNES_PER_KM = 15.5
"""Mean load over loaded and empty kilometres, t (31 t of load, empty back)."""
KM_PER_TRUCK = 100_000.0


def vkm(outside: bool) -> float:
    """Vehicle-km a year of the corridors of registered trucks, or of those outside the account."""
    return sum(c.tkm for c in CORRIDORS if c.outside == outside) / TONNES_PER_KM


def registered_trucks() -> dict[str, float]:
    """Trucks of the region at work on the corridors by fuel: they are taken out of the fleet (counted once)."""
    inside = [c for c in CORRIDORS if not c.outside]
    per_truck = TONNES_PER_KM * KM_PER_TRUCK
    gas = sum(c.tkm * c.lng for c in inside) / per_truck
    return {"lng": gas, "diesel": sum(c.tkm for c in inside) / per_truck - gas}
