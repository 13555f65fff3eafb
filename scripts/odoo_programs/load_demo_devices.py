"""Registers the demo devices; fed to ``odoo shell`` by ``make run``.

Writes the simulator's accounts into the instance's folder, for its owner alone, and prints, as
its last line, the operator's account as JSON.
"""

import json
import os
from pathlib import Path

from odoo.addons.ttcs_devices.demo import (
    build_demo_devices,
    call_demo_rolls,
    enrol_demo_devices,
    order_demo_devices,
)
from odoo.addons.ttcs_devices.demo.devices import as_lines

accounts = build_demo_devices(env)  # noqa: F821
simulated = Path(os.environ["TTCS_STATE_DIR"]) / "wire" / "simulated-devices.jsonl"
simulated.touch(mode=0o600)
simulated.write_text(as_lines(enrol_demo_devices(env)))  # noqa: F821
order_demo_devices(env)  # noqa: F821
call_demo_rolls(env)  # noqa: F821
env.cr.commit()  # noqa: F821
print(json.dumps(accounts, ensure_ascii=False))
