"""How quickly tag labels are made, and in how much memory, beside reportlab's own QR widget.

    python bench/labels.py [--labels 20000]

Needs no Odoo and no database.  Prints one row of a Markdown table for each case.  Every case
runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import BinaryIO

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "addons" / "ttcs_assets"))

from reportlab.graphics import renderPDF  # noqa: E402
from reportlab.graphics.barcode.qr import QrCodeWidget  # noqa: E402
from reportlab.graphics.shapes import Drawing  # noqa: E402
from reportlab.lib.units import mm  # noqa: E402
from reportlab.pdfbase import pdfmetrics  # noqa: E402
from reportlab.pdfbase.ttfonts import TTFont  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402
from tagging import (  # noqa: E402
    STANDARD_STOCKS,
    KeyRing,
    Label,
    encode_qr,
    format_spoken_code,
    grouped_code,
    new_identifier,
    new_spoken_code,
    render_labels,
    tag_address,
)

HOST = "ttcs.dongthap.gov.vn"
# Slow and linear in the number of labels, so a sample is enough.
WIDGET_SAMPLE = 500
TITLES = (
    "Cụm loa Ấp Tân Thuận 3",
    "Bộ thu phát thanh IP",
    "Bảng tin điện tử công cộng Quảng trường Văn Miếu",
    "Trụ anten Đài truyền thanh xã Mỹ An Hưng B",
)


def make_labels(count: int) -> Iterator[Label]:
    random = Random(count)
    ring = KeyRing.generate()
    for number in range(count):
        code = ring.sign(new_identifier(random))
        yield Label(
            url=tag_address(HOST, code),
            host_text=HOST,
            code_text=grouped_code(code),
            spoken_code=format_spoken_code(new_spoken_code(random)),
            title=TITLES[number % len(TITLES)],
            line_1=f"Số hiệu CL-{number:05d}",
            line_2=f"Trụ điện số {number % 97}, đường Nguyễn Trãi, khóm Mỹ Thượng",
            owner="Ủy ban nhân dân xã Tân Khánh Trung",
        )


def find_fonts() -> SimpleNamespace:
    """The fonts that set-up unpacked, else those of the machine."""
    for root in (REPOSITORY / ".odoo", Path("/")):
        folder = root / "usr/share/fonts/truetype/croscore"
        if folder.exists():
            return SimpleNamespace(
                regular=folder / "Tinos-Regular.ttf", bold=folder / "Tinos-Bold.ttf"
            )
    raise SystemExit("Tinos is missing: run make run once, or install fonts-croscore.")


def draw_with_the_suite(count: int, output: BinaryIO) -> None:
    render_labels(make_labels(count), STANDARD_STOCKS["a4_3x8"], output, fonts=find_fonts())


def draw_with_the_widget(count: int, output: BinaryIO) -> None:
    """The same labels as one would write them with reportlab alone; texts are not fitted."""
    stock, fonts = STANDARD_STOCKS["a4_3x8"], find_fonts()
    pdfmetrics.registerFont(TTFont("Regular", str(fonts.regular)))
    pdfmetrics.registerFont(TTFont("Bold", str(fonts.bold)))
    canvas = Canvas(
        output, pagesize=(stock.page_width * mm, stock.page_height * mm), pageCompression=1
    )
    for number, label in enumerate(make_labels(count)):
        if number and number % stock.per_page == 0:
            canvas.showPage()
        left, top = stock.position(number % stock.per_page)
        bottom = stock.page_height - top - stock.label_height
        drawing = Drawing(22 * mm, 22 * mm)
        drawing.add(QrCodeWidget(label.url, barLevel="Q", barWidth=22 * mm, barHeight=22 * mm))
        renderPDF.draw(drawing, canvas, (left + 4) * mm, (bottom + 10) * mm)
        texts = (label.owner, label.title, label.line_1, label.line_2, "Quét mã để báo hỏng")
        texts += (f"Mã gọi: {label.spoken_code}", label.host_text)
        for line, text in enumerate(texts):
            canvas.setFont("Bold" if text == label.title else "Regular", 7)
            canvas.drawString((left + 28) * mm, (bottom + 31 - 4 * line) * mm, text)
        canvas.setFont("Regular", 6)
        canvas.drawString((left + 4) * mm, (bottom + 6) * mm, label.code_text)
    canvas.save()


def encode_only(count: int, output: BinaryIO) -> None:
    for label in make_labels(count):
        encode_qr(label.url)


CASES = {
    "suite": ("tagging.render_labels", draw_with_the_suite),
    "encode": ("of which codes, encoder and mask alone", encode_only),
    "widget": ("reportlab QrCodeWidget, texts unfitted", draw_with_the_widget),
}


def measure(case: str, count: int) -> None:
    """Run one case in this process and print its row."""
    title, draw = CASES[case]
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        draw(count, output)
        seconds = time.perf_counter() - started
        size = output.seek(0, os.SEEK_END)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    per_label = f"{size / count:,.0f}" if size else "–"
    print(
        f"| {title} | {count:,} | {seconds:.1f} | {count / seconds:,.0f} | {peak:,.0f} "
        f"| {per_label} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--labels", type=int, default=20_000)
    parser.add_argument("--case", choices=CASES, help="only this case, in this process")
    arguments = parser.parse_args()
    if arguments.case:
        measure(arguments.case, arguments.labels)
        return
    print("## Labels\n")
    print("| case | labels | seconds | labels/s | peak RSS, MB | bytes/label |")
    print("|---|---|---|---|---|---|", flush=True)
    for case in CASES:
        count = min(arguments.labels, WIDGET_SAMPLE) if case == "widget" else arguments.labels
        command = [sys.executable, __file__, "--case", case, "--labels", str(count)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
