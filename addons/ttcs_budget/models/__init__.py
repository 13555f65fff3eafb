from . import ttcs_funding_programme
from . import ttcs_funding_source
from . import ttcs_invariant
