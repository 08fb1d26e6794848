"""What is to be inverted: parameters, elements that they multiply, observations of sums of these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Inversion:
    """J parameters, N elements, M observations; logarithms are natural.

    log_sd [J]: prior standard deviation, 0 for what is known. emission [N]: of each element at theta = 0, in
    the unit of the observations that count it, >= 0. elasticity [N, J]: d log emission / d theta. weight
    [M, N]: 1 where an observation counts an element, or what its averaging operator says. value [M] > 0.
    sd [M] > 0: standard deviation of the error of log value. group [M]: observations with the same group
    >= 0 share an error, of standard deviation common [M]; -1 for none.
    """

    log_sd: Floats
    emission: Floats
    elasticity: sparse.csr_array
    weight: sparse.csr_array
    value: Floats
    sd: Floats
    group: Ints
    common: Floats

    def __post_init__(self) -> None:
        """Raises ValueError with the positions of what can not be used."""
        wrong = {
            "observations without an element": np.diff(self.counted.indptr) == 0,
            "values not above 0": ~(self.value > 0),
            "observation errors not above 0": ~(self.sd > 0),
            "parameters without a standard deviation": ~(self.log_sd >= 0),
        }
        said = [f"{what}: {np.flatnonzero(where).tolist()}" for what, where in wrong.items() if where.any()]
        if said:
            raise ValueError("; ".join(said))

    @cached_property
    def counted(self) -> sparse.csr_array:
        """What each element has in each observation at theta = 0, [M, N], nothing stored that is 0."""
        return counted(self.weight, self.emission)

    @cached_property
    def error(self) -> Floats:
        """R [M, M], the covariance of the observations' errors."""
        shared = (self.group[:, None] == self.group[None, :]) & (self.group[:, None] >= 0)
        out: Floats = np.where(shared, np.outer(self.common, self.common), 0.0) + np.diag(self.sd**2)
        return out

    def log_model(self, theta: Floats) -> Floats:
        """h(theta) [M]; theta [J]."""
        return self.sums(theta)[0]

    def sums(self, theta: Floats) -> tuple[Floats, sparse.csr_array]:
        """h(theta) [M], and the share of each element in the sums, [M, N]; theta [J]."""
        return log_sums(self.counted, self.elasticity @ theta)


def counted(weight: sparse.csr_array, emission: Floats) -> sparse.csr_array:
    """weight [M, N] x emission [N] at theta = 0, nothing stored that is 0."""
    out = sparse.csr_array(weight.multiply(emission[None, :]))
    out.sum_duplicates()
    out.eliminate_zeros()
    return out


def log_sums(counted: sparse.csr_array, exponent: Floats) -> tuple[Floats, sparse.csr_array]:
    """Logarithm of each row of counted [M, N] x exp(exponent [N]), [M], and each element's share, [M, N].

    No row may be empty.
    """
    first = counted.indptr[:-1]
    number = np.diff(counted.indptr)
    moved = exponent[counted.indices]
    top = np.maximum.reduceat(moved, first)  # taken out, so that nothing overflows
    part = counted.data * np.exp(moved - np.repeat(top, number))
    whole = np.add.reduceat(part, first)
    share = sparse.csr_array(
        (part / np.repeat(whole, number), counted.indices, counted.indptr), counted.shape
    )
    return np.log(whole) + top, share
