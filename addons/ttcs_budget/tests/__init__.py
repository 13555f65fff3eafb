from . import test_funding_source
