"""QR tags without Odoo: codes and keys, spoken codes, QR symbols, stocks, label sheets."""

from .code import (
    KeyRing,
    KeyRingError,
    ScannedText,
    fold_symbols,
    grouped_code,
    new_identifier,
    scanned_code,
    tag_address,
)
from .labels import Fonts, Label, PrintRun, Wording, render_labels
from .layout import LabelError
from .qr import QrMatrix, encode_qr
from .spoken import format_spoken_code, new_spoken_code, parse_spoken_code
from .stock import STANDARD_STOCKS, LabelPosition, LabelStock, StockError
