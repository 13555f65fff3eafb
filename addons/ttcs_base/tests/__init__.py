from . import test_amount_in_words
from . import test_unit
from . import test_unit_data
