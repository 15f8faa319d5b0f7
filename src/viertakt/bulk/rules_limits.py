"""How far somebody goes alone with a bulk job: everybody's limits, and those of their roles. Pure."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from viertakt.access.model import Actor
from viertakt.bulk.model import Bounds, Limits, RoleLimit
from viertakt.errors import Invalid


def read_role_limits(text: str) -> dict[str, RoleLimit]:
    """The limits by role of the setting. Raises `Invalid`."""
    try:
        found = msgspec.json.decode(text or "{}", type=dict[str, RoleLimit])
    except (msgspec.DecodeError, UnicodeError) as fault:
        raise Invalid(f"VIERTAKT_BULK_ROLES does not read: {fault}.") from None
    for role, limit in found.items():
        if not all(value.is_finite() and value >= 0 for value in limit.sums.values()):
            raise Invalid(f"VIERTAKT_BULK_ROLES gives {role} a sum below zero.")
    return found


def limits_of(limits: Limits, actor: Actor) -> Limits:
    """The limits for this actor: of the roles that have some of their own the widest, else everybody's."""
    own = [limits.roles[role] for role in sorted(actor.roles) if role in limits.roles]
    if not own:
        return limits
    currencies = {currency for one in own for currency in one.sums}
    rates = [one.rate or limits.rate for one in own]
    return msgspec.structs.replace(
        limits,
        consent_above=max(limits.consent_above if one.operations is None else one.operations for one in own),
        consent_sums={
            currency: max(one.sums.get(currency, limits.consent_sum) for one in own)
            for currency in sorted(currencies)
        },
        rate=None if None in rates else max(rate for rate in rates if rate is not None),
    )


def bounds_of(limits: Limits, sums: Mapping[str, Decimal]) -> Bounds:
    """What these limits say about a job with these sums."""
    return Bounds(limits.consent_above, {currency: limits.sum_in(currency) for currency in sums}, limits.rate)
