"""What `check` says of the alerts of a scenario. Needs no solver."""

from __future__ import annotations

import numpy as np

from model.inventory.emissions import Inventory
from model.pipeline.prepare import Prepared
from model.studies.emergency.groups import make_groups
from model.studies.emergency.ready import make_ready


def alert_lines(prepared: Prepared, inventory: Inventory) -> list[str]:
    """What `check` says of the alerts: places, and of how many sources something can be ordered."""
    alerts = tuple(prepared.scenario.alerts.values())
    if not alerts:
        return []
    ready = make_ready(prepared.scenario, prepared.tables, inventory, alerts)
    lines = []
    for alert in alerts:
        sources = ready.day(alert).sources
        groups = make_groups(sources, prepared.tables, alert)
        member = np.unique(np.concatenate([group.member for group in groups])).tolist() if groups else []
        levels = ready.orders.levels
        can = sum(any(alert.level in levels[row] for row in ready.orders.open.get(one, ())) for one in member)
        held = sum(one in ready.orders.held for one in member)
        lines.append(
            f"alert {alert.id} ({alert.level}, {alert.reduce:.0%}): {len(groups)} places, "
            f"{len(member)} sources; orders for {can}, {held} protected"
        )
    return lines
