from . import resolver
from . import field_api
from . import field_app
