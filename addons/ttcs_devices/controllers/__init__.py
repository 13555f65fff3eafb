from . import device_enrolment
