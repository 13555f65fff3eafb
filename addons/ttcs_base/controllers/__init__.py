from . import light
