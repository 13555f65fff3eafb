from . import ttcs_device_code
from . import ttcs_device_fit
from . import ttcs_device_step
from . import ttcs_device_order_reason
from . import ttcs_alarm_assign
