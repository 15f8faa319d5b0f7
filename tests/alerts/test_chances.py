"""How likely as many or more are, held against sums and mixtures that are added up from their definitions."""

import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viertakt.alerts.rules_chances import at_least, at_most, part_at_least


def test_without_variation_they_are_poisson_s_and_the_binomial_s() -> None:
    """Added up term by term, as the books define them."""
    mean, share, of = 7.5, 0.1, 40
    poisson = [math.exp(-mean) * mean**n / math.factorial(n) for n in range(80)]
    binomial = [math.comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(of + 1)]
    assert math.exp(at_least(15, mean)) == pytest.approx(sum(poisson[15:]))
    assert math.exp(at_most(2, mean)) == pytest.approx(sum(poisson[:3]))
    assert math.exp(part_at_least(11, of, share)) == pytest.approx(sum(binomial[11:]))


def test_counts_are_poisson_s_whose_rate_varies_as_a_gamma_does() -> None:
    """Over the rates, each with its weight."""
    mean, variance, step = 7.5, 15.0, 0.01
    shape, scale = mean**2 / (variance - mean), (variance - mean) / mean
    rates = [(n + 0.5) * step for n in range(8_000)]
    weights = [step * math.exp((shape - 1) * math.log(rate) - rate / scale) for rate in rates]
    whole = math.gamma(shape) * scale**shape

    def mixed(numbers: range) -> float:
        chances = (sum(math.exp(-r) * r**n / math.factorial(n) for n in numbers) for r in rates)
        return math.fsum(map(operator.mul, weights, chances)) / float(whole)

    assert math.exp(at_most(1, mean, variance)) == pytest.approx(mixed(range(2)), rel=1e-4)
    assert math.exp(at_least(16, mean, variance)) == pytest.approx(1 - mixed(range(16)), rel=1e-4)


def test_parts_are_the_binomial_s_whose_share_varies_as_a_beta_does() -> None:
    """With mean a half and a deviation of the square root of a twelfth every share is as likely, and every part too."""
    assert math.exp(part_at_least(16, 20, 0.5, math.sqrt(1 / 12))) == pytest.approx(5 / 21)


@given(st.integers(1, 3_000), st.floats(0.05, 2_000), st.floats(0, 3), st.floats(0.001, 0.6), st.floats(0, 1))
def test_what_is_farther_off_is_rarer(
    count: int, mean: float, apart: float, share: float, beyond: float
) -> None:
    """And what varies more is surprised less; never more likely than certain."""
    variance = mean * (1 + apart)
    if count > mean:
        assert at_least(count + 1, mean, variance) < at_least(count, mean, variance) <= 0
    elif count > 0:
        assert at_most(count - 1, mean, variance) < at_most(count, mean, variance) <= 0
    part = math.ceil(share * count) + 1
    if part < count:
        assert (
            part_at_least(part + 1, count, share, share * beyond)
            < part_at_least(part, count, share, share * beyond)
            <= 0
        )
