"""The day that decides it: from two old lists to map, silent hamlets, labels and survey report.

A commune officer who has never seen the system signs in with an Excel list of 16 clusters (wrong
headings, two fonts of the nineties, two rows twice, one hamlet that is on no list) and a list of
hamlets.  The test does what the guide says, counts the clicks, and reads what comes out as the
officer would: on the map, on the sheet of labels, in the report.
"""

from __future__ import annotations

import io
import re
import subprocess
import zipfile

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from odoo.addons.ttcs_base.text.legacy_encoding import TCVN3_LETTERS

from conftest import watch

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TCVN3_CODES = {letter: code for code, letter in TCVN3_LETTERS.items()}
HAMLETS = ("Bình An", "Bình Chánh", "Bình Hưng", "Bình Lợi", "Bình Phú", "Bình Tân")
# Clicks, fields and files: a few seconds each, far below the ten minutes that the day allows.
MOST_STEPS = 30


def old_font(text: str) -> str:
    """The text as a typist of the nineties stored it, for the font ``.VnTime``."""
    # It has no capitals with a tone.
    return "".join(letter if letter.isascii() else TCVN3_CODES[letter] for letter in text)


def workbook(rows: list[tuple], old_font_columns: tuple[int, ...] = ()) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        fonts = {True: book.add_format({"font_name": ".VnTime"}), False: None}
        sheet = book.add_worksheet("Sheet1")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                old = column in old_font_columns and isinstance(value, str)
                sheet.write(number, column, old_font(value) if old else value, fonts[old])
    return content.getvalue()


def hamlet_list() -> bytes:
    rows = [(number, f"ấp {name}", 180 + number) for number, name in enumerate(HAMLETS, 1)]
    return workbook(
        [("DANH SÁCH CÁC ẤP XÃ BÌNH THỬ",), (), ("TT", "Tên ấp", "Số hộ"), *rows],
        old_font_columns=(1,),
    )


def cluster(number: int, hamlet: str, condition: str = "Tốt", year: int = 2021) -> tuple:
    position = f"{10.38 + number / 1000:.5f}, {105.62 + number / 1000:.5f}"
    place = f"Trụ điện số {number}"
    return number, f"Cụm loa số {number}", place, hamlet, 2, year, condition, position


def cluster_list() -> bytes:
    """Bình Phú has one cluster, broken; Bình Tân has none; Tân Hòa is on no list of hamlets."""
    places = ["Bình An"] * 5 + ["ấp Bình Chánh"] * 4 + ["Bình Hưng"] * 3 + ["B. Lợi"]
    rows = [cluster(number, place) for number, place in enumerate(places, 1)]
    rows[4] = cluster(5, "Bình An", "hư")
    rows[12] = cluster(13, "Bình Lợi", "rè")
    rows += [cluster(14, "ấp Bình Phú", "Hỏng"), cluster(15, "ấp Tân Hòa"), cluster(16, "Bình An")]
    headings = ("TT", "Tên", "Chỗ đặt", "Địa bàn", "SL loa", "Năm SD", "Hiện trạng", "Toạ độ")
    title = ("DANH SÁCH CỤM LOA TRUYỀN THANH XÃ BÌNH THỬ",)
    total = (None, "Tổng cộng", None, None, 32)
    return workbook(
        [title, (), headings, *rows[:9], rows[1], *rows[9:], rows[7], total],
        old_font_columns=(1, 3),
    )


class Officer:
    """The officer at the computer; counts every click and every field that is filled."""

    def __init__(self, page: Page, server):
        self.page = page
        self.root = server.root
        self.password = server.known["password"]
        self.steps = 0

    def sign_in(self) -> None:
        self.page.goto(f"{self.root}/web/login")
        self.fill(self.page.locator("input[name=login]"), "can-bo-xa")
        self.fill(self.page.locator("input[name=password]"), self.password)
        self.click(self.page.locator("form.oe_login_form button[type=submit]"))
        # The first page waits for its style sheets to be built.
        expect(self.page.locator(".o_ttcs_today header")).to_be_visible(timeout=90_000)

    def click(self, place) -> None:
        self.steps += 1
        place.click()

    def fill(self, place, value: str) -> None:
        self.steps += 1
        place.fill(value)

    def press(self, name: str) -> None:
        # An icon is a letter of a font to those who read names aloud.
        whole = re.compile(rf"^\W*{re.escape(name)}\W*$")
        self.click(self.page.get_by_role("button", name=whole).first)

    def drop(self, name: str, content: bytes) -> None:
        self.steps += 1
        drop = self.page.locator(".o_ttcs_step input[type=file]")
        drop.set_input_files({"name": name, "mimeType": EXCEL, "buffer": content})
        expect(self.page.get_by_text(name)).to_be_visible()

    def home(self) -> None:
        """To "Việc hôm nay" by the menu of the application."""
        self.click(self.page.locator(".o_menu_brand"))
        expect(self.page.locator(".o_ttcs_today header")).to_be_visible()

    def download(self, name: str) -> bytes:
        with self.page.expect_download() as download:
            self.press(name)
        return download.value.path().read_bytes()


@pytest.fixture
def officer(browser, field_server):
    context = browser.new_context(viewport={"width": 1300, "height": 900}, locale="vi-VN")
    complaints = watch(context)
    field_server.start()
    person = Officer(context.new_page(), field_server)
    person.page.set_default_timeout(30_000)
    person.sign_in()
    yield person
    context.close()
    assert complaints == []


def test_old_lists_become_map_silent_hamlets_labels_and_report(officer, tmp_path):
    page = officer.page
    bring(officer, "Ấp, khóm, cụm dân cư", "Danh sach ap.xlsx", hamlet_list())
    officer.press("Tiếp: xem trước")
    officer.press("Nhập ngay")
    expect(page.get_by_text("Đã nhập: 6")).to_be_visible()
    officer.home()

    bring(officer, "Danh sách tài sản", "Danh sach cum loa.xlsx", cluster_list())
    officer.press("Tiếp: xem trước")
    expect(page.locator(".o_ttcs_verdicts")).to_contain_text("2 Trùng")
    officer.press("Thêm ấp, khóm mới: Ấp Tân Hòa")
    officer.press("Nhập ngay")
    expect(page.get_by_text("Đã nhập: 16")).to_be_visible()

    officer.press("Xem trên bản đồ")
    expect(page.locator(".o_ttcs_map_bar")).to_contain_text("16 ")
    page.go_back()

    officer.press("Ấp, khóm chưa nghe được loa")
    silent = page.locator(".o_data_row")
    expect(silent.filter(has_text="Bình Phú")).to_be_visible()
    expect(silent.filter(has_text="Bình Tân")).to_be_visible()
    expect(silent).to_have_count(2)
    page.go_back()

    officer.press("In tem QR cho các tài sản này")
    labels = officer.download("Tạo tệp PDF")
    assert printed_names(labels, tmp_path) == {f"Cụm loa số {number}" for number in range(1, 17)}

    officer.home()
    officer.click(page.get_by_role("button", name="Phiếu rà soát hạn ngày"))
    officer.press("Cập nhật theo sổ")
    officer.press("Gửi phiếu")
    officer.click(page.get_by_role("dialog").get_by_role("button", name="Gửi phiếu"))
    expect(page.get_by_role("radio", name="Đã xác nhận", checked=True)).to_be_visible()
    report = officer.download("Báo cáo Word")
    words = words_of(report)
    assert "ỦY BAN NHÂN DÂN XÃ BÌNH THỬ" in words
    for figure in ("Tổng số cụm loa cụm 16 16", "Tổng số ấp, khóm ấp, khóm 7 7"):
        assert figure in words, words
    for figure in ("nghe được loa ấp, khóm 5 5", "chưa có cụm loa ấp, khóm 1 1"):
        assert figure in words, words
    assert officer.steps <= MOST_STEPS, officer.steps


def bring(officer: Officer, kind: str, name: str, content: bytes) -> None:
    """From "Việc hôm nay": a new import, its kind, the file, its columns."""
    officer.press("Nhập danh sách Excel")
    officer.press("Mới")
    officer.click(officer.page.get_by_label(kind))
    officer.drop(name, content)
    officer.press("Tiếp: ghép cột")


def printed_names(labels: bytes, folder) -> set[str]:
    """The names that stand on the labels of a PDF."""
    path = folder / "tem.pdf"
    path.write_bytes(labels)
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    return set(re.findall(r"Cụm loa số \d+", text))


def words_of(document: bytes) -> str:
    """The text of a DOCX file."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        text = re.sub(r"<[^>]+>", " ", package.read("word/document.xml").decode())
    return " ".join(text.split())
