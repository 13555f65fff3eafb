from . import ttcs_province_load
