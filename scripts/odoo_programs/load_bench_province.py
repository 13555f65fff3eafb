"""A province of 20,000 register items for the benchmarks; fed to ``odoo shell``."""

from odoo.addons.ttcs_assets.demo.province import build_demo_province

env["ttcs.province.load"].with_user(2)._load("82")  # noqa: F821
build_demo_province(env, scale=20_000)  # noqa: F821
env.cr.commit()  # noqa: F821
env.cr.execute("ANALYZE")  # noqa: F821
env.cr.commit()  # noqa: F821
