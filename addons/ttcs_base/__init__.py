from . import controllers
from . import models
from . import wizards
from .own_words import post_init_hook
