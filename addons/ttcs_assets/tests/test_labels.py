"""Label sheets: true to size, readable by people and, above all, by any phone."""

import doctest
import io
import re
import subprocess
import tempfile
import unicodedata
from importlib import import_module
from pathlib import Path
from random import Random
from types import SimpleNamespace
from unittest import TestCase

import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from pypdf import PdfReader

from odoo.addons.ttcs_assets.tagging import (
    STANDARD_STOCKS,
    KeyRing,
    Label,
    LabelError,
    LabelStock,
    StockError,
    encode_qr,
    format_spoken_code,
    grouped_code,
    new_identifier,
    new_spoken_code,
    render_labels,
    tag_address,
)
from odoo.addons.ttcs_assets.tagging.qr import QUIET_ZONE

HOST = "ttcs.dongthap.gov.vn"
RING = KeyRing({1: bytes(range(32))})
MM_PER_INCH = 25.4
LONG = "Trung tâm Cung ứng dịch vụ sự nghiệp công phường Cao Lãnh, tỉnh Đồng Tháp, cơ sở 2 " * 4


def fonts():
    """The fonts of this clone, else of the machine: where set-up puts them."""
    clone = Path(__file__).resolve().parents[3]
    for root in (clone / ".odoo", Path("/")):
        folder = root / "usr/share/fonts/truetype/croscore"
        if folder.exists():
            return SimpleNamespace(
                regular=folder / "Tinos-Regular.ttf", bold=folder / "Tinos-Bold.ttf"
            )
    raise AssertionError("Tinos is missing: install the package fonts-croscore.")


def make_labels(count, host=HOST, **texts):
    random = Random(count)
    for number in range(count):
        code = RING.sign(new_identifier(random))
        yield Label(
            **{
                "url": tag_address(host, code),
                "host_text": host,
                "code_text": grouped_code(code),
                "spoken_code": format_spoken_code(new_spoken_code(random)),
                "title": "Cụm loa Ấp Tân Thuận 3",
                "line_1": f"Số hiệu CL-{number:05d}",
                "line_2": "Trụ điện số 12, khóm Mỹ Thượng",
                "owner": "Ủy ban nhân dân xã Tân Khánh Trung",
                **texts,
            }
        )


def rendered(labels, stock, **options):
    output = io.BytesIO()
    render_labels(labels, stock, output, fonts=fonts(), **options)
    return output.getvalue()


def poppler(program, pdf, *options):
    """Run one of poppler's programs on a PDF; gives what it writes into a folder."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "labels.pdf").write_bytes(pdf)
        subprocess.run([program, *options, "labels.pdf", "out"], cwd=path, check=True)
        return [file.read_bytes() for file in sorted(path.glob("out*"))]


def pictures(pdf, dpi):
    """One grey picture per page, drawn by poppler: not by the library that wrote it."""
    return [
        Image.open(io.BytesIO(page)) for page in poppler("pdftoppm", pdf, "-gray", "-r", str(dpi))
    ]


def words(pdf):
    """Per page, every word and its box in millimetres from the upper left corner."""
    [page_text] = poppler("pdftotext", pdf, "-bbox")
    pattern = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
    return [
        [
            (match[5], *(float(match[index]) * MM_PER_INCH / 72 for index in range(1, 5)))
            for match in pattern.finditer(page)
        ]
        for page in page_text.decode().split("<page ")[1:]
    ]


def cell(picture, stock, place, dpi):
    """The part of a page that is one label."""
    left, top = stock.position(place)
    right, bottom = left + stock.label_width, top + stock.label_height
    box = [round(side * dpi / MM_PER_INCH) for side in (left, top, right, bottom)]
    return picture.crop(box)


def decoded(picture):
    return [barcode.text for barcode in zxingcpp.read_barcodes(picture)]


def tilted(picture):
    return picture.rotate(15, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def blurred(picture, dpi):
    """Out of focus by a fifth of a millimetre (standard deviation)."""
    return picture.filter(ImageFilter.GaussianBlur(0.2 * dpi / MM_PER_INCH))


def dimmed(picture):
    """In the dusk: white paper is a dark grey, and ink is a sixth of the scale darker."""
    return picture.point([40 + value * 42 // 255 for value in range(256)])


def symbol_box(picture):
    """The upper left and lower right corner of the one QR symbol, in pixels."""
    [barcode] = zxingcpp.read_barcodes(picture)
    corner, opposite = barcode.position.top_left, barcode.position.bottom_right
    return corner.x, corner.y, opposite.x, opposite.y


class TestPrintedCodes(TestCase):
    def test_every_code_of_every_stock_is_read_off_its_page(self):
        for name, stock in STANDARD_STOCKS.items():
            labels = list(make_labels(min(stock.per_page, 24) + 2))
            pdf = rendered(labels, stock)
            for dpi in (150, 300):
                with self.subTest(stock=name, dpi=dpi):
                    pages = pictures(pdf, dpi)
                    read = [decoded(page) for page in pages]
                    for page, urls in enumerate(read):
                        printed = labels[page * stock.per_page : (page + 1) * stock.per_page]
                        self.assertCountEqual(urls, [label.url for label in printed])

    def test_every_code_is_read_tilted_blurred_and_dim(self):
        for name, stock in STANDARD_STOCKS.items():
            count = min(stock.per_page, 24) if stock.per_page > 1 else 4
            labels = list(make_labels(count))
            for dpi in (150, 300):
                pages = pictures(rendered(labels, stock), dpi)
                for number, label in enumerate(labels):
                    page, place = divmod(number, stock.per_page)
                    seen = cell(pages[page], stock, place, dpi)
                    views = {
                        "tilted": tilted(seen),
                        "blurred": blurred(seen, dpi),
                        "dim": dimmed(seen),
                        "all three": dimmed(blurred(tilted(seen), dpi)),
                    }
                    for view, picture in views.items():
                        with self.subTest(stock=name, dpi=dpi, number=number, view=view):
                            self.assertEqual(decoded(picture), [label.url])

    def test_modules_are_large_and_the_quiet_zone_is_blank(self):
        dpi = 300
        for name, stock in STANDARD_STOCKS.items():
            with self.subTest(stock=name):
                [label] = make_labels(1)
                [page] = pictures(rendered([label], stock), dpi)
                seen = cell(page, stock, 0, dpi)
                left, top, right, bottom = symbol_box(seen)
                module = (right - left) / encode_qr(label.url).size
                self.assertGreaterEqual(module * MM_PER_INCH / dpi, 0.5)
                margin = round(QUIET_ZONE * module) - 2
                zone = (left - margin, top - margin, right + margin, bottom + margin)
                self.assertTrue(min(zone) >= 0 and zone[2] < seen.width and zone[3] < seen.height)
                quiet = seen.crop(zone)
                quiet.paste(
                    255,
                    (margin - 2, margin - 2, quiet.width - margin + 2, quiet.height - margin + 2),
                )
                self.assertEqual(quiet.getextrema(), (255, 255))

    @given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:/", min_size=1, max_size=120))
    def test_any_address_is_encoded_so_that_another_decoder_reads_it(self, text):
        matrix = encode_qr(text)
        side = matrix.size + 2 * QUIET_ZONE
        picture = Image.new("L", (side, side), 255)
        for row in range(matrix.size):
            for column in range(matrix.size):
                if matrix.is_dark(row, column):
                    picture.putpixel((column + QUIET_ZONE, row + QUIET_ZONE), 0)
        [barcode] = zxingcpp.read_barcodes(picture.resize((side * 4, side * 4), 0))
        self.assertEqual((barcode.text, barcode.ec_level), (text, "Q"))

    def test_capitals_keep_the_symbol_small(self):
        address = tag_address(HOST, RING.sign("7K3QM9XWTA"))
        self.assertEqual(encode_qr(address).size, 33)
        self.assertGreater(encode_qr(address.lower()).size, 33)

    def test_a_text_that_no_symbol_holds_is_refused(self):
        with self.assertRaisesRegex(ValueError, "5000 characters"):
            encode_qr("A" * 5000)


class TestPrintedTexts(TestCase):
    def test_everything_a_citizen_needs_is_in_clear(self):
        for name, stock in STANDARD_STOCKS.items():
            [label] = make_labels(1)
            [page] = words(rendered([label], stock))
            text = " ".join(word[0] for word in page)
            for wanted in (
                "Mã gọi:",
                label.spoken_code,
                "Quét mã để báo hỏng",
                "Cụm loa Ấp Tân Thuận 3",
                label.owner,
                label.host_text,
                label.line_1,
                label.line_2,
            ):
                self.assertIn(wanted, text, name)
            for group in label.code_text.split():
                self.assertIn(group, text, name)

    def test_decomposed_letters_are_printed_composed(self):
        title = "Cụm loa Ấp Tân Thuận 3"
        [label] = make_labels(1, title=unicodedata.normalize("NFD", title))
        [page] = words(rendered([label], STANDARD_STOCKS["a4_2x7"]))
        self.assertIn(title, " ".join(word[0] for word in page))

    def test_every_vietnamese_letter_is_in_the_font(self):
        vowels = "aăâeêioôơuưy"
        marks = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
        letters = [unicodedata.normalize("NFC", v + mark) for v in vowels for mark in marks]
        alphabet = "".join([*letters, "đ"])
        alphabet += alphabet.upper()
        for start in range(0, len(alphabet), 18):
            part = alphabet[start : start + 18]
            [label] = make_labels(1, title=part, owner=part)
            [page] = words(rendered([label], STANDARD_STOCKS["roll_100x50"]))
            self.assertEqual([word[0] for word in page].count(part), 2, part)

    def test_texts_stay_inside_their_label_and_off_the_symbol(self):
        for name, stock in STANDARD_STOCKS.items():
            for texts in ({}, dict.fromkeys(("title", "owner", "line_1", "line_2"), LONG)):
                labels = list(make_labels(stock.per_page, **texts))
                pdf = rendered(labels, stock)
                left, top, right, bottom = symbol_box(cell(pictures(pdf, 150)[0], stock, 0, 150))
                scale = MM_PER_INCH / 150
                quiet = QUIET_ZONE * (right - left) / encode_qr(labels[0].url).size
                with self.subTest(stock=name, long=bool(texts)):
                    for word, x_min, y_min, x_max, y_max in words(pdf)[0]:
                        place = self._place(stock, x_min, y_min)
                        x, y = stock.position(place)
                        self.assertLessEqual(x_max, x + stock.label_width - stock.inset_x + 0.1)
                        self.assertLessEqual(y_max, y + stock.label_height - stock.inset_y + 0.6)
                        self.assertGreaterEqual(x_min, x + stock.inset_x - 0.1, word)
                        beside = x_min - x >= (right + quiet) * scale - 0.3
                        below = (y_max + y_min) / 2 - y >= (bottom + quiet) * scale
                        self.assertTrue(beside or below, word)

    def _place(self, stock, x, y):
        """Which label of the page a point is on."""
        for place in range(stock.per_page):
            left, top = stock.position(place)
            if left <= x < left + stock.label_width and top <= y < top + stock.label_height:
                return place
        raise AssertionError(f"({x:.1f}, {y:.1f}) mm is on no label")

    def test_lines_do_not_overlap(self):
        for name, stock in STANDARD_STOCKS.items():
            for title in ("Ampli", "Bảng tin điện tử công cộng Quảng trường Văn Miếu", LONG):
                [label] = make_labels(1, title=title, line_2=title)
                [page] = words(rendered([label], stock))
                for index, (word, *box) in enumerate(page):
                    for other, *other_box in page[:index]:
                        across = min(box[2], other_box[2]) - max(box[0], other_box[0])
                        shared = min(box[3], other_box[3]) - max(box[1], other_box[1])
                        # Boxes hold ascenders and descenders: a little is no overlap of ink.
                        height = min(box[3] - box[1], other_box[3] - other_box[1])
                        clear = across <= 0.05 or shared <= 0.2 * height
                        self.assertTrue(clear, f"{name}: {word} on {other}")

    def test_long_texts_are_shortened_visibly(self):
        [label] = make_labels(1, title=LONG, owner="Ngắn", line_1="", line_2="")
        [page] = words(rendered([label], STANDARD_STOCKS["a4_3x8"]))
        printed = " ".join(word[0] for word in page)
        self.assertIn("Trung tâm Cung ứng dịch vụ", printed)
        self.assertRegex(printed, r"\w+…")

    def test_a_blank_tag_has_its_codes(self):
        [label] = make_labels(1, title="", owner="", line_1="", line_2="")
        [page] = words(rendered([label], STANDARD_STOCKS["a4_3x8"]))
        self.assertIn(f"Mã gọi: {label.spoken_code}", " ".join(word[0] for word in page))

    def test_missing_texts_leave_their_place_blank(self):
        [label] = make_labels(1, **dict.fromkeys(("host_text", "code_text", "spoken_code"), ""))
        pdf = rendered([label], STANDARD_STOCKS["a4_3x8"])
        printed = " ".join(word[0] for word in words(pdf)[0])
        self.assertIn("Quét mã để báo hỏng", printed)
        self.assertNotIn("Mã gọi", printed)
        self.assertNotIn(b" () Tj", PdfReader(io.BytesIO(pdf)).pages[0].get_contents().get_data())

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_no_text_breaks_a_label(self, title, owner):
        [label] = make_labels(1, title=title, owner=owner)
        pdf = rendered([label], STANDARD_STOCKS["roll_60x40"])
        self.assertEqual(len(PdfReader(io.BytesIO(pdf)).pages), 1)


class TestSheets(TestCase):
    def test_pages_have_the_size_of_the_stock(self):
        for name, stock in STANDARD_STOCKS.items():
            [page] = PdfReader(io.BytesIO(rendered(make_labels(1), stock))).pages
            self.assertAlmostEqual(float(page.mediabox.width), stock.page_width * 72 / 25.4, 2)
            self.assertAlmostEqual(
                float(page.mediabox.height), stock.page_height * 72 / 25.4, 2, name
            )

    def test_viewers_are_told_not_to_scale(self):
        reader = PdfReader(io.BytesIO(rendered(make_labels(1), STANDARD_STOCKS["a4_3x8"])))
        preferences = reader.trailer["/Root"]["/ViewerPreferences"]
        self.assertEqual(preferences["/PrintScaling"], "/None")

    def test_used_labels_are_skipped(self):
        stock = STANDARD_STOCKS["a4_3x8"]
        labels = list(make_labels(20))
        first, second = pictures(rendered(labels, stock, start_offset=5), 150)
        for number, label in enumerate(labels, start=5):
            page = first if number < 24 else second
            self.assertEqual(decoded(cell(page, stock, number % 24, 150)), [label.url])
        for used in range(5):
            self.assertEqual(cell(first, stock, used, 150).getextrema(), (255, 255))
        self.assertEqual(len(decoded(second)), 1)

    def test_a_full_page_is_not_followed_by_an_empty_one(self):
        stock = STANDARD_STOCKS["a4_3x8"]
        for count, offset, pages in ((24, 0, 1), (19, 5, 1), (25, 0, 2), (48, 0, 2), (1, 23, 1)):
            output = io.BytesIO()
            run = render_labels(
                make_labels(count), stock, output, fonts=fonts(), start_offset=offset
            )
            self.assertEqual((run.labels, run.pages), (count, pages))
            self.assertEqual(len(PdfReader(output).pages), pages)

    def test_an_offset_beyond_the_page_is_refused(self):
        for offset in (-1, 24):
            with self.assertRaisesRegex(ValueError, "0 to 23"):
                rendered(make_labels(1), STANDARD_STOCKS["a4_3x8"], start_offset=offset)

    def test_nothing_to_print_is_refused(self):
        with self.assertRaisesRegex(ValueError, "no labels"):
            rendered([], STANDARD_STOCKS["a4_3x8"])

    def test_labels_too_small_to_be_read_are_refused_and_nothing_is_written(self):
        small = LabelStock("Small", 20, 18, 20, 18)
        for stock, host in ((small, HOST), (STANDARD_STOCKS["roll_60x40"], "x" * 400)):
            output = io.BytesIO()
            with self.assertRaisesRegex(LabelError, "larger labels"):
                render_labels(make_labels(1, host), stock, output, fonts=fonts())
            self.assertEqual(output.getvalue(), b"")

    def test_labels_too_low_for_their_text_are_refused(self):
        flat = LabelStock("Flat", 100, 17, 100, 17, unprintable=1)
        with self.assertRaisesRegex(LabelError, "higher labels|larger labels"):
            rendered(make_labels(1), flat)

    def test_modules_of_a_roll_are_whole_printer_dots(self):
        for name in ("roll_60x40", "roll_100x50"):
            pdf = rendered(make_labels(1), STANDARD_STOCKS[name])
            content = PdfReader(io.BytesIO(pdf)).pages[0].get_contents().get_data()
            side = re.search(rb"q ([0-9.]+) 0 0 -\1 ", content)[1]
            dots = float(side) * MM_PER_INCH / 72 / 0.125
            self.assertAlmostEqual(dots, round(dots), 2)


class TestTestPage(TestCase):
    def test_cut_edges_and_numbers_lie_on_the_labels(self):
        dpi = 300
        for name, stock in STANDARD_STOCKS.items():
            pdf = rendered([], stock, test_page=True)
            [page] = pictures(pdf, dpi)
            printed = words(pdf)[0]
            for place in range(stock.per_page):
                left, top = stock.position(place)
                middle = top + stock.label_height / 2
                with self.subTest(stock=name, place=place):
                    for edge in (left, left + stock.label_width):
                        self.assertTrue(self._dark_near(page, edge, middle, dpi))
                    if stock.per_page > 1:
                        numbers = [
                            word
                            for word, x, y, *_ in printed
                            if 0 < x - left < stock.label_width
                            and 0 < y - top < stock.label_height
                        ]
                        self.assertIn(str(place + 1), numbers)

    def _dark_near(self, page, x, y, dpi):
        column, row = round(x * dpi / MM_PER_INCH), round(y * dpi / MM_PER_INCH)
        return page.crop((column - 3, row, column + 4, row + 1)).getextrema()[0] < 128

    def test_ten_millimetres_on_the_ruler_are_ten_millimetres(self):
        dpi = 600
        for stock in STANDARD_STOCKS.values():
            [page] = pictures(rendered([], stock, test_page=True), dpi)
            corner = stock.unprintable + 3
            # A row that only the long ticks, one every ten millimetres, reach.
            row = round((stock.page_height - corner - 3.5) * dpi / MM_PER_INCH)
            length = (stock.page_width - 2 * corner) // 10 * 10
            first, last = (round(x * dpi / MM_PER_INCH) for x in (corner + 5, corner + length + 5))
            ticks = [column for column in range(first, last) if page.getpixel((column, row)) < 128]
            for distance in range(10, int(length), 10):
                expected = (corner + distance) * dpi / MM_PER_INCH
                self.assertTrue(any(abs(tick - expected) <= 2 for tick in ticks), distance)

    def test_it_comes_before_the_labels(self):
        stock = STANDARD_STOCKS["a4_3x8"]
        labels = list(make_labels(3))
        pages = pictures(rendered(labels, stock, test_page=True), 150)
        self.assertEqual([len(decoded(page)) for page in pages], [0, 3])


class TestStock(TestCase):
    def test_standard_stocks_have_their_published_geometry(self):
        # Labels per sheet, label in millimetres; the last label ends inside the page.
        published = {
            "a4_3x8": (24, 70, 37),
            "a4_2x7": (14, 99.1, 38.1),
            "avery_l7160": (21, 63.5, 38.1),
            "avery_l7163": (14, 99.1, 38.1),
            "roll_60x40": (1, 60, 40),
            "roll_100x50": (1, 100, 50),
        }
        self.assertEqual(set(published), set(STANDARD_STOCKS))
        for name, stock in STANDARD_STOCKS.items():
            found = (stock.per_page, stock.label_width, stock.label_height)
            self.assertEqual(found, published[name])
            # Sheets are symmetrical: what is free on the left is free on the right.
            last = stock.position(stock.per_page - 1)
            right = stock.page_width - last.left - stock.label_width
            bottom = stock.page_height - last.top - stock.label_height
            self.assertAlmostEqual(right, stock.position(0).left, delta=0.1)
            self.assertAlmostEqual(bottom, stock.position(0).top, delta=0.6)

    def test_printing_keeps_off_the_rim_of_the_page(self):
        for stock in STANDARD_STOCKS.values():
            first, last = stock.position(0), stock.position(stock.per_page - 1)
            free = min(
                first.left + stock.inset_x,
                first.top + stock.inset_y,
                stock.page_width - last.left - stock.label_width + stock.inset_x,
                stock.page_height - last.top - stock.label_height + stock.inset_y,
            )
            self.assertGreaterEqual(free, stock.unprintable - 1e-9)

    def test_labels_never_overlap(self):
        for stock in STANDARD_STOCKS.values():
            places = [stock.position(index) for index in range(stock.per_page)]
            for index, one in enumerate(places):
                for other in places[:index]:
                    beside = abs(one.left - other.left) >= stock.label_width - 1e-9
                    below = abs(one.top - other.top) >= stock.label_height - 1e-9
                    self.assertTrue(beside or below)

    def test_what_is_wrong_with_a_stock_is_said(self):
        right = {
            "name": "Mine",
            "page_width": 210.0,
            "page_height": 297.0,
            "label_width": 70.0,
            "label_height": 37.0,
            "columns": 3,
            "rows": 8,
        }
        LabelStock(**right)
        for wrong, complaint in (
            ({"columns": 4}, "4 columns need 280 mm .* 210 mm"),
            ({"rows": 9}, "9 rows need 333 mm .* 297 mm"),
            ({"margin_left": 5}, "3 columns need 215 mm"),
            ({"gap_y": 1}, "8 rows need 303 mm"),
            ({"gap_x": -2}, "gap between columns"),
            ({"label_width": float("nan")}, "label width"),
            ({"page_height": 5000}, "page height"),
            ({"columns": 0}, "0 columns and 8 rows"),
            ({"label_height": 12}, "70 × 12 mm is too small"),
            ({"printer_dot": 0}, "dot"),
            ({"columns": 4, "rows": 9}, "4 columns.*9 rows"),
        ):
            with self.subTest(wrong=wrong), self.assertRaisesRegex(StockError, complaint):
                LabelStock(**{**right, **wrong})

    def test_the_examples_of_the_documentation_hold(self):
        for name in ("qr", "stock", "typesetting"):
            module = import_module(f"odoo.addons.ttcs_assets.tagging.{name}")
            failed, tried = doctest.testmod(module)
            self.assertEqual(failed, 0)
            self.assertGreater(tried, 0)
