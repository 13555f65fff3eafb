"""The form of an administrative document: its fixed words and measures.

Source: Phụ lục I of Nghị định 30/2020/NĐ-CP.  The words are Vietnamese in the code on
purpose: official documents are Vietnamese whatever the user's language.
"""

from __future__ import annotations

from dataclasses import dataclass

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
NUMBER_LABEL = "Số:"
SUBJECT_LABEL = "V/v"
ADDRESSEES_LABEL = "Kính gửi:"
RECIPIENTS_LABEL = "Nơi nhận:"
ANNEX_LABEL = "Phụ lục"
DEFINITIONS_LABEL = "Khái niệm, phương pháp tính"
NO_DATA = "Chưa có số liệu"
ROUNDING_NOTE = "Ghi chú: tổng có thể khác tổng các số hạng do làm tròn."
END_MARK = "./."


@dataclass(frozen=True)
class Layout:
    """The measures of Phụ lục I, Nghị định 30/2020/NĐ-CP; millimetres and points of type."""

    page: tuple[float, float] = (210, 297)
    top: float = 20
    bottom: float = 20
    left: float = 30
    right: float = 15
    page_number_from_top: float = 10
    first_line_indent: float = 10
    nation_size: float = 12
    motto_size: float = 13
    body_size: float = 14
    page_number_size: float = 13
    recipients_label_size: float = 12
    recipients_size: float = 11
    table_sizes: tuple[float, ...] = (12, 11, 10, 9, 8)
    paragraph_gap: float = 6
    line_spacing: float = 1.15
    issuing_body_share: float = 0.41
    # Rules are one third to one half as long as the line above them.
    rule_share: float = 0.4
    signing_space: float = 70

    def text_width(self, landscape: bool) -> float:
        """Width between the margins in millimetres."""
        return self.page[1 if landscape else 0] - self.left - self.right

    def text_height(self, landscape: bool) -> float:
        """Height between the margins in millimetres."""
        return self.page[0 if landscape else 1] - self.top - self.bottom


LAYOUT = Layout()
