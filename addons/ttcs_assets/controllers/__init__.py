from . import resolver
from . import field_api
from . import field_app
from . import survey_report
