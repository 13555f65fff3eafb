from . import test_device
from . import test_device_dialogs
from . import test_device_enrolment
from . import test_reform_devices
from . import test_telemetry
