from . import light
from . import activation
