"""What devices and bridge say to each other, as types and rules without I/O."""

from .commands import COMMAND_STATES, Command, moves_forward
from .identity import DEVICE_CODE, is_device_code, new_device_code
from .instants import CLOCK_AHEAD, OLDEST_SAMPLE, Refused, from_milliseconds, to_milliseconds
from .messages import (
    FAULT_CODES,
    MAX_MESSAGE_BYTES,
    Acknowledgement,
    Configuration,
    DeviceState,
    Event,
    Programme,
    Sample,
    Schedule,
    Seen,
    decode,
)
from .topics import PREFIX, Topic, down, parse, up
