from . import telemetry
