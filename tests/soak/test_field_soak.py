"""Five hundred actions of a phone over a network that fails three times in ten."""

from __future__ import annotations

from field_soak import assert_it_failed_enough, soak
from test_field_app import server  # noqa: F401

SEED = 500


def test_five_hundred_actions_have_five_hundred_effects(browser, server):  # noqa: F811
    met = soak(browser, server, count=500, seed=SEED, photo_every=5)
    assert_it_failed_enough(met, requests=150)
