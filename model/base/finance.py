"""Time value of money."""

from __future__ import annotations


def annuity(rate: float, lifetime: float) -> float:
    """Yearly payment that repays 1 over `lifetime` years at `rate`, r / (1 - (1 + r)^-n); 1 / n at rate 0.

    Textbook capital recovery factor, e.g. EPA Air Pollution Control Cost Manual, section 1, chapter 2.

    Raises:
        ValueError: lifetime not positive, or rate at or below -1.
    """
    if lifetime <= 0 or rate <= -1:
        raise ValueError(f"annuity needs lifetime > 0 and rate > -1, not {lifetime} and {rate}")
    return 1 / lifetime if rate == 0 else rate / (1 - (1 + rate) ** -lifetime)


def discount(rate: float, years_after_start: int) -> float:
    """Present value of 1 paid `years_after_start` years after the start year."""
    return float((1 + rate) ** -years_after_start)
