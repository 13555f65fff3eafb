"""An operator orders a commune's loudspeakers; a leader is called, agrees; both watch it end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conftest import eventually, watch

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def operator_data(field_server) -> dict:
    return field_server.run(HERE / "operator_data.py")


@pytest.fixture
def sign_in(browser, field_server, operator_data):
    """Opens the backend as somebody, on a screen of a width."""
    opened = []

    def open_as(login: str, width: int = 1300) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN")
        opened.append((context, watch(context)))
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{field_server.root}/web/login")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill(operator_data["password"])
        page.locator("form.oe_login_form button[type=submit]").click()
        expect(page.locator(".o_ttcs_today header")).to_be_visible(timeout=90_000)
        return page

    field_server.start()
    yield open_as
    for context, complaints in opened:
        context.close()
        assert complaints == []


def go(page: Page, menu: str) -> None:
    page.locator(".o_menu_sections").get_by_role("button", name="Thiết bị", exact=True).click()
    page.get_by_role("menuitem", name=menu, exact=True).click()
    expect(page.locator(".o_view_controller")).to_be_visible()


def choose(page: Page, field: str, value: str) -> None:
    place = page.locator(f".o_field_widget[name={field}]").first
    place.locator("input").fill(value)
    page.locator(".o-autocomplete--dropdown-item").filter(has_text=value).first.click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(rf"^\W*{re.escape(name)}\W*$")).first.click()


def write_order(page: Page) -> None:
    press(page, "Mới")
    choose(page, "recording_id", "Còi báo bão")
    places = page.locator(".o_field_widget[name=place_ids]")
    if not places.is_visible():
        page.get_by_label("Mọi thiết bị của địa bàn").click()
    choose(page, "place_ids", "Mỹ Thử")
    page.locator(".o_field_widget[name=reason] textarea").fill("Bão số 9 đang vào")


def end_commands(server, devices: list[int], *states: str) -> None:
    """What the bridge writes when the devices have answered."""
    for device, state in zip(devices, states, strict=True):
        server.query(
            "UPDATE ttcs_tele.command SET state = %s WHERE device_id = %s AND state = 'queued'",
            state,
            device,
        )


def test_a_leader_is_called_agrees_and_both_see_how_it_ended(sign_in, field_server, operator_data):
    leader = sign_in("lanh-dao")
    operator = sign_in("van-hanh")
    go(operator, "Lệnh điều khiển")
    write_order(operator)
    press(operator, "Xem thử, chưa gửi")
    expect(operator.locator(".o_field_widget[name=target_ids] .o_data_row")).to_have_count(2)
    assert field_server.query("SELECT count(*) FROM ttcs_tele.command") == [(0,)]
    press(operator, "Gửi lệnh")
    operator.get_by_role("dialog").get_by_role("button", name="Ok").click()
    progress = operator.locator(".o_ttcs_order_progress")
    expect(progress).to_contain_text("Đang chờ người thứ hai đồng ý")

    called = leader.locator(".o_notification").filter(has_text="Có lệnh chờ anh/chị đồng ý")
    expect(called).to_contain_text("Còi báo bão")
    called.get_by_role("button", name="Xem và quyết định").click()
    press(leader, "Đồng ý và phát")
    leader.get_by_role("dialog").get_by_role("button", name="Ok").click()
    expect(leader.locator(".o_ttcs_order_progress")).to_contain_text("0/2 thiết bị")

    # The operator's page finds out by itself.
    expect(progress).to_contain_text("0/2 thiết bị")
    end_commands(field_server, operator_data["devices"], "done", "refused")
    expect(progress).to_contain_text("2/2 thiết bị")
    expect(progress).to_contain_text("Thiết bị từ chối: 1")
    press(operator, "Thiết bị từ chối: 1")
    expect(operator.locator(".o_data_row")).to_have_count(1)


def test_an_emergency_has_its_own_screen_and_is_cancelled_by_one_tap(
    sign_in, field_server, operator_data
):
    page = sign_in("van-hanh")
    go(page, "PHÁT KHẨN CẤP")
    write_order(page)
    expect(page.locator(".o_ttcs_drill_band")).to_be_visible()
    page.locator(".o_field_widget[name=mode] input").click()
    page.locator(".o_select_menu_item").filter(has_text="Phát thật").click()
    expect(page.locator(".o_ttcs_emergency_band")).to_be_visible()
    press(page, "PHÁT LỆNH KHẨN CẤP")
    page.get_by_role("dialog").get_by_role("button", name="Ok").click()
    expect(page.locator(".o_ttcs_order_progress")).to_contain_text("0/2 thiết bị")
    lanes = "SELECT DISTINCT lane FROM ttcs_tele.command WHERE operation = 'play' AND lane = 0"
    assert field_server.query(lanes) == [(0,)]
    press(page, "HỦY, DỪNG TẤT CẢ")
    page.get_by_role("dialog").get_by_role("button", name="Ok").click()
    expect(page.locator(".o_ttcs_cancel_band")).to_be_visible()
    stops = "SELECT count(*) FROM ttcs_tele.command WHERE operation = 'stop' AND lane = 0"
    eventually(lambda: field_server.query(stops) == [(2,)], "the stops are on their way")


def test_the_fleet_shows_a_silent_device_without_a_touch(sign_in, field_server, operator_data):
    first, second = operator_data["devices"]
    field_server.query(
        "INSERT INTO ttcs_tele.last (device_id, seen_at, online) VALUES (%s, now(), true),"
        " (%s, now(), true)",
        first,
        second,
    )
    page = sign_in("van-hanh")
    go(page, "Toàn mạng thiết bị")
    expect(page.locator(".o_data_row").filter(has_text="Đang kết nối")).to_have_count(2)
    field_server.query("UPDATE ttcs_tele.last SET online = false WHERE device_id = %s", second)
    silent = page.locator(".o_data_row").filter(has_text="Mất liên lạc")
    expect(silent).to_have_count(1, timeout=25_000)
    silent.click()
    expect(page.locator(".o_form_view .o_field_widget[name=code]")).to_be_visible()
    page.get_by_role("tab", name="Thiết lập").click()
    expect(page.locator(".o_field_widget[name=max_volume] input")).to_have_value("100")
