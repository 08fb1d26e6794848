"""Lantian: least-cost clean-air plans, unit by unit and year by year."""

import os

# Before numpy is met. Arrays here are short: threads of the linear algebra cost more than they save, take the
# cores of other workers, and make the last digit of a sum depend on how many cores there are.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
