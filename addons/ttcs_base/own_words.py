"""The suite's words in place of core's, from the first day.

Where an add-on gives a field of core another label, core's translation of the old label stays in
the database: loading translations leaves what is there already.
"""

from __future__ import annotations


def prefer_own_words(env, module: str) -> None:
    """Load the translations of an add-on over those of the add-ons below it."""
    languages = [code for code, _name in env["res.lang"].get_installed()]
    env["ir.module.module"]._load_module_terms([module], languages, overwrite=True)


def post_init_hook(env) -> None:
    prefer_own_words(env, "ttcs_base")
