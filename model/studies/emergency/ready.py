"""What the lists of a scenario are made from, looked up before anything is solved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.inventory.emissions import Inventory
from model.scenario.scenario import Alert, Scenario
from model.studies.emergency.day import Day, make_day
from model.studies.emergency.orders import Orders, match_orders
from model.tables.read import Tables


@dataclass(frozen=True)
class Ready:
    """Alerts, what can be ordered, and the day of the months of each alert."""

    alerts: tuple[Alert, ...]
    orders: Orders
    days: Mapping[tuple[int, ...], Day]

    def day(self, alert: Alert) -> Day:
        """The day of an alert."""
        return self.days[alert.months]


def make_ready(scenario: Scenario, tables: Tables, inventory: Inventory, alerts: Sequence[Alert]) -> Ready:
    """Look up options and days on the inventory of the start year.

    Raises:
        InputError: a class without a profile, or an option that can not be read.
    """
    orders = match_orders(inventory.sources, tables, scenario.price_year)
    months = dict.fromkeys(alert.months for alert in alerts)
    days = {each: make_day(inventory, tables, scenario.start, each) for each in months}
    return Ready(tuple(alerts), orders, days)
