"""What is wrong with input, as it is told."""

from __future__ import annotations

import pickle

from model.base.faults import Fault, InputError


def test_faults_come_back_whole_from_another_process() -> None:
    error = InputError([Fault("a.csv", 2, "x", "1", "is wrong", "mend it")])
    back = pickle.loads(pickle.dumps(error))
    assert isinstance(back, InputError)
    assert back.faults == error.faults
    assert str(back) == "a.csv, row 2, x: '1' is wrong; mend it"
