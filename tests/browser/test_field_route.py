"""The way from one work order to the next: its arithmetic, and its list without a network."""

from __future__ import annotations

import itertools
import math
import random
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from test_field_app import HERE, Phone, phone, phone_context, server  # noqa: F401

# Straight distances on a plane, so that the test can do the same sums.
PLAN = """async ([visits, start]) => {
    const address = performance.getEntriesByType("resource")
        .map(({ name }) => name).find((name) => name.endsWith("/kt-route.js"));
    const { planRoute, lengthOf } = await import(address);
    const plane = (one, other) =>
        Math.hypot(one.latitude - other.latitude, one.longitude - other.longitude);
    const began = performance.now();
    const stops = planRoute(visits, start, plane);
    return { stops, length: lengthOf(stops), took: performance.now() - began };
}"""
START = {"latitude": 0.0, "longitude": 0.0}
KILOMETRE = 1_000


def visits_at(points):
    return [
        {"order": number, "point": {"latitude": y, "longitude": x}, "place": f"{x} {y}"}
        for number, (x, y) in enumerate(points)
    ]


def scattered(count, seed):
    """Points kilometres apart, so that none is the place of another."""
    chance = random.Random(seed)
    cells = chance.sample(range(60 * 60), count)
    return [(cell % 60 * KILOMETRE, cell // 60 * KILOMETRE) for cell in cells]


def walked(points):
    return sum(math.dist(one, other) for one, other in itertools.pairwise([(0.0, 0.0), *points]))


def nearest_first(points):
    here, left, way = (0.0, 0.0), list(points), []
    while left:
        here = min(left, key=lambda point: math.dist(here, point))
        left.remove(here)
        way.append(here)
    return way


def planned(page, visits, start=START):
    return page.evaluate(PLAN, [visits, start])


def points_of(stops):
    return [(stop["point"]["longitude"], stop["point"]["latitude"]) for stop in stops]


@pytest.mark.parametrize("seed", range(12))
def test_a_short_way_is_nearly_as_short_as_any(phone, seed):  # noqa: F811
    points = scattered(7, seed)
    answer = planned(phone.page, visits_at(points))
    way = points_of(answer["stops"])
    assert sorted(way) == sorted(points)
    assert answer["length"] == pytest.approx(walked(way))
    shortest = min(walked(way) for way in itertools.permutations(points))
    assert answer["length"] <= 1.15 * shortest


def test_two_hundred_orders_are_sorted_at_once_and_better_than_nearest_first(phone):  # noqa: F811
    points = scattered(200, 1)
    answer = planned(phone.page, visits_at(points))
    way = points_of(answer["stops"])
    assert sorted(way) == sorted(points)
    assert answer["length"] < 0.95 * walked(nearest_first(points))
    # No piece of it is shorter the other way round.
    for first, last in itertools.combinations(range(len(way)), 2):
        turned = way[:first] + way[first : last + 1][::-1] + way[last + 1 :]
        assert walked(turned) >= answer["length"] - 0.01
    assert answer["took"] < 500


def test_orders_at_one_place_are_one_stop_and_those_without_a_position_come_last(phone):  # noqa: F811
    visits = visits_at([(5_000, 0), (1_000, 0), (1_030, 0)])
    lost = [
        {"order": 3, "point": None, "place": "Ấp 2"},
        {"order": 4, "point": None, "place": "Ấp 1"},
        {"order": 5, "point": None, "place": "Ấp 2"},
    ]
    stops = planned(phone.page, [*lost, *visits])["stops"]
    assert [stop["orders"] for stop in stops] == [[1, 2], [0], [4], [3, 5]]
    assert [stop["metres"] for stop in stops] == [1_000, 4_000, None, None]


def test_nothing_to_visit_and_nowhere_to_start(phone):  # noqa: F811
    assert planned(phone.page, [], None)["stops"] == []
    lost = [{"order": 1, "point": None, "place": "Ấp 1"}]
    assert [stop["orders"] for stop in planned(phone.page, lost, None)["stops"]] == [[1]]


def test_numbers_and_days_are_written_as_the_language_writes_them(phone):  # noqa: F811
    differing = phone.page.evaluate(
        """async () => {
            const address = performance.getEntriesByType("resource")
                .map(({ name }) => name).find((name) => name.endsWith("/text.js"));
            const { formatNumber, formatTime, formatDay } = await import(address);
            const day = { day: "2-digit", month: "2-digit", year: "numeric" };
            const time = { ...day, hour: "2-digit", minute: "2-digit" };
            const pairs = [];
            for (const value of [0, 7, 0.04, 0.95, 12.34, 999, 1000, 1234.56, 9_876_543.21]) {
                for (const digits of [0, 1, 2]) {
                    const options = { maximumFractionDigits: digits };
                    const official = new Intl.NumberFormat("vi", options);
                    pairs.push([formatNumber(value, digits), official.format(value)]);
                }
            }
            for (const moment of ["2026-01-02T03:04:05", "2026-11-23T00:00", "2027-12-31T23:59"]) {
                const official = (options) =>
                    new Intl.DateTimeFormat("vi", options).format(new Date(moment));
                pairs.push([formatTime(moment), official(time)]);
                pairs.push([formatDay(new Date(moment)), official(day)]);
            }
            return pairs.filter(([ours, official]) => ours !== official);
        }"""
    )
    assert differing == []


@pytest.fixture
def unmeasured(server):  # noqa: F811
    """The asset of the last order was never measured; it stands in the hamlet of the others."""
    asset = server.known["clusters"][4]
    [(latitude, longitude)] = server.query(
        "SELECT latitude, longitude FROM maintenance_equipment WHERE id = %s", asset
    )
    place = "UPDATE maintenance_equipment SET latitude = %s, longitude = %s WHERE id = %s"
    server.query(place, None, None, asset)
    yield asset
    server.query(place, latitude, longitude, asset)


@pytest.fixture
def late(server):  # noqa: F811
    """An order that is past its day; the one that was so at first others may have closed."""
    name = "Phiếu số 4"
    find = "SELECT id, due_date FROM maintenance_request WHERE name = %s"
    [(order, due_date)] = server.query(find, name)
    due = "UPDATE maintenance_request SET due_date = %s WHERE id = %s"
    server.query(due, due_date - timedelta(days=30), order)
    yield name
    server.query(due, due_date, order)


def test_work_is_listed_by_the_way_to_go_also_without_a_network(
    phone,  # noqa: F811
    server,  # noqa: F811
    unmeasured,
    late,
):
    page = phone.page
    phone.open("#phone")
    phone.press("Load the area again")
    phone.see("The area is loaded.")
    phone.wait_until_kept_offline()
    phone.context.set_geolocation({**HERE, "latitude": 10.418})
    server.kill()
    phone.open("#work")
    stops = page.locator(".stops > li")
    open_orders = page.locator(".stops .item")
    # A little south of cluster 4, which is the nearest.
    expect(stops.first).to_contain_text("Phiếu số 4")
    expect(stops.first).to_contain_text("220 m")
    names = open_orders.locator("strong").all_inner_texts()
    assert names.index("Phiếu số 4") < names.index("Phiếu số 3")
    expect(stops.filter(has_text="Phiếu số 5")).to_contain_text(
        phone.text("position not measured")
    )
    way = stops.first.get_by_role("link", name=phone.text("Show the way"))
    assert way.get_attribute("href").startswith("geo:10.42,105.62")
    assert way.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    phone.press("Due day")
    expect(stops).to_have_count(0)
    days = page.locator(".items .item").all_inner_texts()
    assert late in days[0]
    assert phone.text("Late, due %(day)s", day="")[:6] in days[0]

    # Opened again with the position switched off, it starts where the person stood last.
    phone.context.clear_permissions()
    page.close()
    again = Phone(phone.context, server)
    again.open("#work")
    expect(again.page.locator(".stops > li").first).to_contain_text("Phiếu số 4")


def test_without_any_position_the_way_starts_in_the_middle(phone_context, server):  # noqa: F811
    phone_context.clear_permissions()
    phone = Phone(phone_context, server)  # noqa: F811
    phone.sign_in("thu-mot")
    phone.see("The way starts in the middle of your orders.")
    expect(phone.page.locator(".stops > li").first).to_be_visible()
    phone_context.grant_permissions(["geolocation"])
    phone.press("Start from where I stand")
    expect(
        phone.page.get_by_text(phone.text("The way starts in the middle of your orders."))
    ).to_have_count(0)
