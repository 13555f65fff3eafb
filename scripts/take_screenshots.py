"""Takes the pictures of README.md and docs/vi from a running instance with the demo province.

    make run                                    # in one terminal
    .venv/bin/python scripts/take_screenshots.py [picture ...]

Reads ``instance.env`` of ``TTCS_STATE_DIR`` (``.run`` unless told) for address and accounts, and
writes ``docs/images/<picture>.png``.  It prepares what the pictures show (one import that is
never applied, one survey of one commune) and takes the import back; the survey stays, so point
it at a demo instance only.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from ttcs_setup import chromium
from ttcs_setup.locations import Locations

REPOSITORY = Path(__file__).resolve().parent.parent
IMAGES = REPOSITORY / "docs" / "images"
HEIGHTS = {1300: 760, 360: 720}
LARGEST = 150_000
ROWS = ".o_list_view :is(.o_data_row, .o_group_header)"
READY = "document.fonts.status === 'loaded' && [...document.images].every((i) => i.complete)"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
OLD_LIST = (
    ("STT", "Tên cụm loa", "Ấp", "Số loa", "Năm lắp đặt", "Tình trạng", "Nguyên giá (đồng)"),
    (1, "Cụm loa chợ xã", "", 4, 2019, "Hoạt động tốt", 18_500_000),
    (2, "Cụm loa đầu cầu", "", 2, 2021, "Hư", 12_000_000),
    (3, "Cụm loa nhà văn hóa", "", 2, 2022, "Bình thường", 12_000_000),
)


class Session:
    """One signed-in person: a browser page, and calls to the models as that person."""

    def __init__(self, page: Page, address: str, account: tuple[str, str]):
        self.page = page
        self.address = address
        self.account = account

    def sign_in(self) -> None:
        login, password = self.account
        self.page.goto(f"{self.address}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click("form.oe_login_form button[type=submit]")
        # The first page of a fresh instance waits for its style sheets to be built.
        self.page.wait_for_selector(".o_main_navbar", timeout=90_000)

    def call(self, model: str, method: str, *arguments, **keywords):
        """Call a public method of a model.

        :raises RuntimeError: with the server's own words when it refuses
        """
        answer = self.page.request.post(
            f"{self.address}/web/dataset/call_kw/{model}/{method}",
            data={
                "jsonrpc": "2.0",
                "params": {
                    "model": model,
                    "method": method,
                    "args": arguments,
                    "kwargs": {"context": {"lang": "vi_VN"}, **keywords},
                },
            },
        ).json()
        if "error" in answer:
            raise RuntimeError(f"{model}.{method}: {answer['error']['data']['message']}")
        return answer.get("result")

    def open(self, path: str, ready: str) -> None:
        """Open a page and wait until what it is about is there."""
        self.page.goto(f"{self.address}/{path}")
        self.page.wait_for_selector(ready)

    def open_action(self, action: str, ready: str, record: int | str = "") -> None:
        self.open(f"odoo/action-{action}/{record}".rstrip("/"), ready)


def show_today(session: Session) -> None:
    session.open_action("ttcs_base.ttcs_today_action", ".o_ttcs_today header")


def show_map(session: Session) -> None:
    marks = ".o_ttcs_map_canvas :is(canvas, .marker-cluster, .leaflet-marker-icon)"
    session.open_action("ttcs_assets.ttcs_asset_map_action", marks)


def show_silent_hamlets(session: Session) -> None:
    session.open_action("ttcs_assets.ttcs_unit_action_without_sound", ROWS)


def show_asset(session: Session) -> None:
    action = "ttcs_assets.maintenance_equipment_action_clusters"
    session.open_action(action, ".o_form_view .nav-tabs", _cluster(session)["id"])
    session.page.click(".o_notebook .nav-link[name=book]")
    session.page.wait_for_selector(".o_notebook .nav-link[name=book].active")


def show_overview(session: Session) -> None:
    session.open_action("ttcs_assets.ttcs_maintenance_overview_action", "canvas >> nth=2")


def show_checklist(session: Session) -> None:
    """A closed order of which a line of the checklist failed."""
    orders = session.call(
        "maintenance.request",
        "search",
        [("answer_ids.verdict", "=", "failed"), ("closed_at", "!=", False)],
        limit=1,
    )
    action = "ttcs_assets.maintenance_request_action"
    session.open_action(action, ".o_form_view .nav-tabs", orders[0])
    session.page.click(".o_notebook .nav-link[name=checklist]")
    session.page.wait_for_selector(".o_notebook .o_data_row")


def show_labels(session: Session) -> None:
    clusters = session.call(
        "maintenance.equipment", "search", [("family", "=", "cluster")], limit=8
    )
    printing = session.call("ttcs.label.print", "create", [{"equipment_ids": [(6, 0, clusters)]}])
    session.open_action("ttcs_assets.ttcs_label_print_action", ".o_data_row", printing[0])


@contextmanager
def _import(session: Session) -> Iterator[int]:
    """An import of the old list whose columns have been recognised, taken back afterwards."""
    session.open_action("ttcs_base.ttcs_import_batch_action", ".o_form_view .o_ttcs_step", "new")
    page = session.page
    page.set_input_files(
        ".o_ttcs_step input[type=file]",
        {
            "name": "Danh sach cum loa.xlsx",
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": _old_list(session),
        },
    )
    page.wait_for_selector(".o_form_status_indicator_buttons:not(.invisible)")
    page.click("button[name=action_read]:visible")
    page.wait_for_selector("button[name=action_check]:visible")
    batch = session.call("ttcs.import.batch", "search", [], limit=1, order="id desc")
    try:
        yield batch[0]
    finally:
        session.call("ttcs.import.batch", "unlink", batch)


@contextmanager
def show_columns(session: Session) -> Iterator[None]:
    with _import(session):
        session.page.wait_for_selector(".o_data_row")
        yield


@contextmanager
def show_preview(session: Session) -> Iterator[None]:
    with _import(session):
        session.page.click("button[name=action_check]:visible")
        session.page.wait_for_selector(".o_ttcs_verdicts button:visible")
        yield


def _old_list(session: Session) -> bytes:
    """A list as an office keeps it: a title, headings, a hamlet for each cluster."""
    hamlets = session.call(
        "ttcs.unit",
        "search_read",
        [("level", "=", 4), ("in_force", "=", True), ("in_reach", "=", True)],
        ["name"],
        limit=len(OLD_LIST) - 1,
    )
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Cụm loa")
        sheet.write(0, 0, "DANH SÁCH CỤM LOA ĐÀI TRUYỀN THANH XÃ")
        sheet.write_row(2, 0, OLD_LIST[0])
        for row, (values, hamlet) in enumerate(zip(OLD_LIST[1:], hamlets, strict=True), 3):
            sheet.write_row(row, 0, (*values[:2], hamlet["name"], *values[3:]))
    return content.getvalue()


def show_survey_sheet(session: Session) -> None:
    sheets = session.call("ttcs.survey.sheet", "search", [], limit=1, order="id desc")
    session.open_action(
        "ttcs_assets.ttcs_survey_sheet_action", ".o_notebook .o_data_row", sheets[0]
    )


def prepare_survey(manager: Session, commune: Session) -> None:
    """Open a survey of the commune's own area unless it has a sheet already."""
    if commune.call("ttcs.survey.sheet", "search_count", []):
        return
    area = commune.call("ttcs.unit", "search", [("level", "=", 3), ("in_reach", "=", True)])
    current = commune.call(
        "ttcs.unit", "search", [("id", "in", area), ("in_force", "=", True)], limit=1
    )
    today = date.today()
    survey = manager.call(
        "ttcs.survey",
        "create",
        [
            {
                "name": f"Rà soát đài truyền thanh, bảng tin năm {today.year}",
                "unit_id": current[0],
                "map_date": today.isoformat(),
                "due_date": (today + timedelta(days=14)).isoformat(),
            }
        ],
    )
    manager.call("ttcs.survey", "action_open", survey)


def show_fleet(session: Session) -> None:
    session.open_action("ttcs_devices.ttcs_device_last_action", ROWS)


def show_order(session: Session) -> None:
    """An order that waits for its second person, or the newest."""
    orders = session.call(
        "ttcs.device.order",
        "search",
        [("is_emergency", "=", False), ("submitted_at", "!=", False)],
        limit=1,
        order="state desc, id desc",
    )
    action = "ttcs_devices.ttcs_device_order_action"
    session.open_action(action, ".o_ttcs_order_progress", orders[0])


def show_emergency(session: Session) -> None:
    action = "ttcs_devices.ttcs_device_order_action_emergency"
    session.open_action(action, ".o_ttcs_drill_band", "new")


def show_alarms(session: Session) -> None:
    session.open_action("ttcs_devices.ttcs_alarm_action", ROWS)


def show_roll_call(session: Session) -> None:
    session.open_action("ttcs_devices.ttcs_roll_call_action", ROWS)
    session.page.click(f"{ROWS} >> nth=0")
    session.page.wait_for_selector(".o_field_x2many_list .o_data_row")


def show_network_map(session: Session) -> None:
    session.open_action("ttcs_devices.ttcs_network_map_action", ".o_ttcs_map_group >> nth=0")


def show_sign_in(session: Session) -> None:
    session.open("kt/", "input[type=password]")


def _sign_in_on_phone(session: Session) -> None:
    show_sign_in(session)
    login, password = session.account
    session.page.fill("input[autocomplete=username]", login)
    session.page.fill("input[type=password]", password)
    session.page.click("button[type=submit]")
    session.page.wait_for_selector("nav.bar:visible")
    _take_commune_along(session)


def _take_commune_along(session: Session) -> None:
    """Load the commune beside whose cluster the phone stands."""
    commune = _cluster(session)["commune_id"][0]
    session.open("kt/#communes", "main form input[type=checkbox]")
    session.page.check(f"main form input[value='{commune}']")
    session.page.click("main form button[type=submit]")
    session.page.wait_for_selector("main h2")


def show_phone_work(session: Session) -> None:
    _sign_in_on_phone(session)
    session.page.wait_for_selector("main a[href^='#order/']")


def show_phone_near(session: Session) -> None:
    _sign_in_on_phone(session)
    session.page.click("nav.bar a[href='#near']")
    session.page.wait_for_selector("main a[href^='#asset/']")


def show_phone_asset(session: Session) -> None:
    _sign_in_on_phone(session)
    session.open(f"kt/#asset/{_cluster(session)['id']}", "main a[href^='#fault/']")
    session.page.click("main summary >> nth=-1")


def show_phone_fault(session: Session) -> None:
    _sign_in_on_phone(session)
    session.open(f"kt/#fault/{_cluster(session)['id']}", "main form textarea")


def show_phone_order(session: Session) -> None:
    show_phone_work(session)
    session.page.click("main a[href^='#order/'] >> nth=0")
    session.page.wait_for_selector("main form textarea")


def show_phone_queue(session: Session) -> None:
    show_phone_fault(session)
    session.page.fill("main form textarea", "Loa rè, lúc nghe lúc không")
    session.page.context.set_offline(True)
    session.page.click("main form button[type=submit]")
    session.page.wait_for_selector("nav.bar .count:not([hidden])")
    session.page.click("nav.bar a[href='#queue']")
    session.page.wait_for_selector("main button")


def _cluster(session: Session) -> dict:
    """A cluster of the person's reach that stands on the map and carries a tag."""
    return session.call(
        "maintenance.equipment",
        "search_read",
        [
            ("family", "=", "cluster"),
            ("latitude", "!=", 0),
            ("tag_ids.state", "=", "assigned"),
            ("original_cost", ">", 0),
        ],
        ["latitude", "longitude", "commune_id"],
        limit=1,
    )[0]


@dataclass(frozen=True)
class Picture:
    """What to open, as whom, how wide (CSS pixels), and the name of the file."""

    file: str
    role: str
    width: int
    show: Callable


PICTURES = (
    Picture("viec-hom-nay", "COMMUNE", 1300, show_today),
    Picture("viec-hom-nay-dien-thoai", "COMMUNE", 360, show_today),
    Picture("ban-do", "COMMUNE", 1300, show_map),
    Picture("ap-khom-chua-nghe", "COMMUNE", 1300, show_silent_hamlets),
    Picture("nhap-excel-cot", "COMMUNE", 1300, show_columns),
    Picture("nhap-excel-xem-truoc", "COMMUNE", 1300, show_preview),
    Picture("ra-soat", "COMMUNE", 1300, show_survey_sheet),
    Picture("tem", "ASSETS", 1300, show_labels),
    Picture("so-sach", "ASSETS", 1300, show_asset),
    Picture("tong-quan-bao-tri", "ASSETS", 1300, show_overview),
    Picture("bang-kiem-tra", "ASSETS", 1300, show_checklist),
    Picture("toan-mang", "DEVICES", 1300, show_fleet),
    Picture("lenh", "DEVICES", 1300, show_order),
    Picture("khan-cap", "DEVICES", 1300, show_emergency),
    Picture("canh-bao", "DEVICES", 1300, show_alarms),
    Picture("diem-danh", "DEVICES", 1300, show_roll_call),
    Picture("ban-do-mang", "DEVICES", 1300, show_network_map),
    Picture("dien-thoai-cong-viec", "TECHNICIAN", 360, show_phone_work),
    Picture("dien-thoai-gan-toi", "TECHNICIAN", 360, show_phone_near),
    Picture("dien-thoai-thiet-bi", "TECHNICIAN", 360, show_phone_asset),
    Picture("dien-thoai-dong-phieu", "TECHNICIAN", 360, show_phone_order),
    Picture("dien-thoai-cho-gui", "TECHNICIAN", 360, show_phone_queue),
)


class Studio:
    """Opens a signed-in page for each picture and keeps what it shows."""

    def __init__(self, browser: Browser, values: dict[str, str]):
        self.browser = browser
        self.values = values
        self.place: dict | None = None
        # What the browser keeps of each role that has signed in.
        self.kept: dict[str, dict] = {}

    def account(self, role: str) -> tuple[str, str]:
        return self.values[f"TTCS_USER_{role}"], self.values[f"TTCS_PASSWORD_{role}"]

    @contextmanager
    def session(self, role: str, width: int) -> Iterator[Session]:
        context = self._context(width, self.kept.get(role))
        try:
            session = Session(context.new_page(), self.values["TTCS_URL"], self.account(role))
            if role not in self.kept:
                session.sign_in()
                self.kept[role] = context.storage_state()
            yield session
        finally:
            context.close()

    def _context(self, width: int, kept: dict | None) -> BrowserContext:
        options = {"geolocation": self.place, "permissions": ["geolocation"]} if self.place else {}
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
            storage_state=kept,
            **options,
        )
        context.set_default_timeout(15_000)
        return context

    def prepare(self) -> None:
        """Have a survey to show, and stand the phones beside a cluster."""
        with self.session("ASSETS", 1300) as manager, self.session("COMMUNE", 1300) as commune:
            prepare_survey(manager, commune)
        with self.session("TECHNICIAN", 1300) as technician:
            cluster = _cluster(technician)
        self.place = {
            "latitude": cluster["latitude"],
            "longitude": cluster["longitude"],
            "accuracy": 8,
        }

    def take(self, picture: Picture) -> int:
        """Write one picture. :returns: its size in bytes"""
        with self.session(picture.role, picture.width) as session:
            shown = picture.show(session)
            if shown is None:
                return _keep(session.page, picture.file)
            with shown:
                return _keep(session.page, picture.file)


def _keep(page: Page, name: str) -> int:
    """Photograph the page once its letters and pictures are there, in 256 colours."""
    page.wait_for_function(READY)
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
    path = IMAGES / f"{name}.png"
    shot.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    if size > LARGEST:
        raise RuntimeError(f"{path.name} has {size} bytes; {LARGEST} are the most.")
    return size


def main(names: list[str]) -> int:
    locations = Locations.from_environment()
    lines = locations.instance_file.read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines)
    IMAGES.mkdir(parents=True, exist_ok=True)
    failures = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium.prepare(locations)), args=list(ARGUMENTS)
        )
        studio = Studio(browser, values)
        studio.prepare()
        for picture in PICTURES:
            if names and picture.file not in names:
                continue
            try:
                print(f"{picture.file}.png  {studio.take(picture):,} bytes", flush=True)
            except Exception as error:
                # One screen that fails does not cost the pictures of the others.
                failures += 1
                print(f"{picture.file}: {error}", file=sys.stderr)
        browser.close()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
