"""The field app over a network that fails, on a phone that is killed, full, or signed out."""

from __future__ import annotations

from field_soak import assert_it_failed_enough, soak
from test_field_app import server  # noqa: F401

SEED = 20261123


def test_fifty_actions_over_a_failing_network_have_fifty_effects(browser, server):  # noqa: F811
    met = soak(browser, server, count=50, seed=SEED, photo_every=2)
    assert_it_failed_enough(met, requests=30)
