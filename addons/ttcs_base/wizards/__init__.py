from . import base_import_import
from . import ttcs_province_load
