"""What happens without the plan: growth, turnover, new capacity, changes, the rest of the balance."""

from model.baseline.baseline import Baseline, build_baseline, grow, with_changes

__all__ = ["Baseline", "build_baseline", "grow", "with_changes"]
