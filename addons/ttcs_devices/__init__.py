from . import models
from . import wizards
from . import controllers

from odoo.addons.ttcs_base.own_words import prefer_own_words


def post_init_hook(env):
    prefer_own_words(env, "ttcs_devices")
