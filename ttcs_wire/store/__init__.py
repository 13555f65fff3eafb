"""Where the bridge keeps what it hears: schema ``ttcs_tele``, written in batches."""

from .connecting import connect
from .intake import Intake, Received
from .schema import upgrade
from .writer import Store
