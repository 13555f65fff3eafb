from . import device_enrolment
from . import device_recording
from . import roll_call
