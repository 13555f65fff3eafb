"""Draw the icons that Odoo shows for the add-ons: ``python scripts/draw_icons.py``."""

from __future__ import annotations

import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent / "addons" / "ttcs_base"
sys.path.insert(0, str(BASE))

from light.icon import draw_icon  # noqa: E402

SIZE = 256


def main() -> None:
    """Write the icon of ttcs_base, which names the whole suite."""
    (BASE / "static" / "description" / "icon.png").write_bytes(draw_icon(SIZE))


if __name__ == "__main__":
    main()
