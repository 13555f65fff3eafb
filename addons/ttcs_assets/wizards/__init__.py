from . import ttcs_as_of
from . import ttcs_as_of_line
from . import ttcs_maintenance_postpone
from . import ttcs_reform_minutes
from . import ttcs_survey_reason
from . import ttcs_tag_revoke
from . import ttcs_inventory_reason
from . import ttcs_inventory_unexpected
