"""Set-up of the TTCS suite: from a fresh clone to a running instance, without root.

Only the standard library is imported here, because this package runs before any
virtual environment exists.  ``python3 -m ttcs_setup help`` (or ``make help``) lists the
commands.
"""
