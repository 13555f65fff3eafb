from . import test_device
from . import test_device_dialogs
from . import test_device_enrolment
from . import test_device_order
from . import test_device_order_parallel
from . import test_device_recording
from . import test_reform_devices
from . import test_telemetry
