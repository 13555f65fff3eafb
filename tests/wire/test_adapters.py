"""One contract over all adapters: what a vendor's end says is kept once, or told to be refused."""

from __future__ import annotations

import json
import os
import random
import socket
import time
from datetime import timedelta

import psycopg
import pytest
from vendor_sides import SECRET, HeartbeatSide, MqttSide, PollSide, PushSide, Side, utc_now
from wire_line import dsn, eventually

from ttcs_wire.signing import Verifier, public_key

KILLS = int(os.environ.get("TTCS_WIRE_KILLS", "2"))


class Scene:
    """A vendor's end with its connection and two devices."""

    def __init__(self, gateway, side: Side) -> None:
        self.gateway = gateway
        self.wire = gateway.wire
        self.side = side
        self.connection = None
        if isinstance(side, MqttSide):
            accounts = self.wire.enrol(2)
            gateway.passwords |= {account.code: account.password for account in accounts}
            self.names = [account.code for account in accounts]
        else:
            self.connection = gateway.connect(side.kind, side.settings(), side.secret())
            self.names = ["LOA-01", "LOA-02"]
            gateway.register(self.connection, *self.names)
            eventually(self._is_up, 30)

    def _is_up(self) -> bool:
        if isinstance(self.side, PushSide):
            return self.side.request("GET", "/v1/LOA-01/down")[0] == 200
        if isinstance(self.side, HeartbeatSide):
            query = "SELECT ok_at FROM ttcs_tele.connection WHERE id = %s"
            return self.wire.one(query, self.connection) is not None
        return True

    def device(self, name: str) -> int:
        return self.wire.one(
            "SELECT id FROM ttcs_tele.device WHERE coalesce(external_code, code) = %s", name
        )

    def code(self, name: str) -> str:
        return self.wire.one("SELECT code FROM ttcs_tele.device WHERE id = %s", self.device(name))

    def samples(self, name: str) -> list[tuple]:
        return self.wire.books.execute(
            "SELECT ts, volume FROM ttcs_tele.sample WHERE device_id = %s ORDER BY ts",
            [self.device(name)],
        ).fetchall()

    def last(self, name: str, column: str):
        row = self.wire.books.execute(
            f"SELECT {column} FROM ttcs_tele.last WHERE device_id = %s", [self.device(name)]
        ).fetchone()
        return row and row[0]


@pytest.fixture
def scene(gateway, side) -> Scene:
    return Scene(gateway, side)


def test_what_is_said_once_or_again_or_late_is_kept_once(scene):
    name, moments = scene.names[0], [utc_now(ago) for ago in (40, 20, 30)]
    for volume, moment in zip((40, 60, 53), moments, strict=True):
        scene.side.says(name, moment, volume)
    scene.side.says(name, moments[1], 60)
    eventually(scene.side.delivered, 30)
    eventually(lambda: len(scene.samples(name)) == 3, 30)
    assert [moment for moment, _ in scene.samples(name)] == sorted(moments)
    # The newest by its own time, not by when it came.
    assert abs(scene.last(name, "volume") - 60) <= 3
    assert scene.last(name, "online") is True
    assert scene.samples(scene.names[1]) == []


def test_nonsense_is_set_apart_and_holds_up_nobody(scene):
    name, other = scene.names
    scene.side.says_nonsense(name)
    scene.side.says(other, utc_now(5), 40)
    eventually(lambda: scene.samples(other), 30)
    assert scene.wire.quarantine().keys() <= {"malformed"}
    eventually(lambda: scene.wire.quarantine().get("malformed"), 30)
    assert scene.samples(name) == []


def test_impossible_times_are_set_apart(scene):
    name = scene.names[0]
    scene.side.says(name, utc_now() + timedelta(hours=2), 40)
    eventually(lambda: scene.wire.quarantine().get("future"), 30)
    assert scene.samples(name) == []


# Our own broker lets no stranger in at all.
@pytest.mark.parametrize("side", ["file", "heartbeat", "poll", "push"], indirect=True)
def test_strangers_and_those_shut_out_leave_no_row(scene, side):
    side.says("LẠ-99", utc_now(5), 40)
    eventually(lambda: scene.wire.quarantine().get("unknown-device"), 30)
    other = scene.gateway.connect("push", {}, "another secret")
    scene.gateway.register(other, "CỦA-NGƯỜI-KHÁC")
    side.says("CỦA-NGƯỜI-KHÁC", utc_now(5), 40)
    eventually(lambda: scene.wire.quarantine()["unknown-device"] >= 2, 30)
    scene.wire.books.execute(
        "UPDATE ttcs_tele.device SET active = false WHERE id = %s", [scene.device(scene.names[0])]
    )
    eventually(lambda: _is_refused(scene), 40)
    assert scene.samples("CỦA-NGƯỜI-KHÁC") == []


def _is_refused(scene) -> bool:
    """The gateway reads the list of devices now and then; from then on it refuses."""
    scene.side.says(scene.names[0], utc_now(random.randint(5, 600)), 40)
    return bool(scene.wire.quarantine().get("shut-out"))


def test_a_gateway_killed_in_mid_load_loses_and_doubles_nothing(scene, side):
    said = set()
    for kill in range(KILLS):
        for number in range(6):
            moment = utc_now(60 * (kill + 1) + number)
            if isinstance(side, PollSide):
                side.devices.clear()
            side_says_without_waiting(scene, moment, number)
            said.add(moment)
        scene.gateway.process.kill()
        scene.gateway.process.start()
        if isinstance(side, PollSide):
            break
    eventually(scene.side.delivered, 60)
    if isinstance(side, PollSide):
        # Nobody but the console knows what nobody looked at: the last is there, once.
        eventually(lambda: scene.samples(scene.names[0]), 60)
    else:
        eventually(lambda: len(scene.samples(scene.names[0])) >= len(said), 60)
    moments = [moment for moment, _ in scene.samples(scene.names[0])]
    assert len(moments) == len(set(moments))
    assert set(moments) <= said
    if not isinstance(side, PollSide):
        assert set(moments) == said


def side_says_without_waiting(scene, moment, number):
    side = scene.side
    if isinstance(side, PollSide):
        side._looked_at, kept = (lambda: None), side._looked_at
        side.says(scene.names[0], moment, 40 + number)
        side._looked_at = kept
    else:
        side.says(scene.names[0], moment, 40 + number)


def test_a_database_that_is_away_loses_nothing_acknowledged(scene, side, server):
    name = scene.names[0]
    side.says(name, utc_now(90), 40)
    eventually(lambda: scene.samples(name), 30)
    said = {utc_now(80 - number) for number in range(5)}
    for number, moment in enumerate(sorted(said)):
        with psycopg.connect(dsn(server, "ttcs_bridge"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = 'ttcs_bridge' AND pid <> pg_backend_pid()"
            )
        side.says(name, moment, 40 + number)
    eventually(side.delivered, 60)
    # A console shows the present only, and acknowledges nothing: its newest word is kept.
    wanted = {max(said)} if isinstance(side, PollSide) else said
    eventually(lambda: wanted <= {moment for moment, _ in scene.samples(name)}, 60)
    moments = [moment for moment, _ in scene.samples(name)]
    assert len(moments) == len(set(moments))


def test_a_device_that_falls_silent_is_shown_so(scene, side):
    name = scene.names[0]
    side.says(name, utc_now(5), 40)
    eventually(lambda: scene.last(name, "online"), 30)
    if isinstance(side, PollSide):
        side.devices.clear()
    scene.wire.books.execute(
        "UPDATE ttcs_tele.last SET seen_at = seen_at - interval '1 hour' WHERE device_id = %s",
        [scene.device(name)],
    )
    eventually(lambda: scene.last(name, "online") is False, 30)


def test_a_command_ends_truthfully_or_is_never_taken(scene, side):
    name = scene.names[0]
    side.says(name, utc_now(5), 20)
    eventually(lambda: scene.last(name, "online"), 30)
    command = scene.wire.command(scene.code(name), arguments='{"level": 80}', seconds=90)
    if "volume" in side.carries and not isinstance(side, MqttSide):
        if isinstance(side, PushSide):
            side.answers(name, 80)
        eventually(lambda: scene.wire.state(command) == "done", 60)
        assert scene.wire.states(command)[:2] == ["queued", "sent"]
    elif not isinstance(side, MqttSide):
        impossible = scene.wire.command(scene.code(name), operation="reboot", seconds=2)
        eventually(lambda: scene.wire.state(impossible) == "expired", 30)
        assert scene.wire.states(impossible) == ["queued", "expired"]
        assert scene.wire.state(command) == "queued"


# Of one kind each --------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["poll"], indirect=True)
def test_a_console_that_takes_a_command_and_does_nothing_has_not_done_it(scene, side):
    name = scene.names[0]
    side.says(name, utc_now(5), 20)
    side.obeys = False
    command = scene.wire.command(scene.code(name), arguments='{"level": 80}', seconds=8)
    eventually(lambda: side.orders, 30)
    assert side.orders[0] == (name, {"volume": 12})
    eventually(lambda: scene.wire.state(command) == "expired", 40)
    assert scene.wire.states(command) == ["queued", "sent", "expired"]


@pytest.mark.parametrize("side", ["poll"], indirect=True)
def test_a_console_that_does_not_answer_is_told_in_the_books(scene, side):
    side.close()
    error = "SELECT error FROM ttcs_tele.connection WHERE id = %s"
    scene.wire.books.execute(
        "UPDATE ttcs_tele.connection SET version = 2 WHERE id = %s", [scene.connection]
    )
    eventually(lambda: "does not answer" in (scene.wire.one(error, scene.connection) or ""), 30)


@pytest.mark.parametrize("side", ["push"], indirect=True)
def test_who_has_not_the_secret_gets_and_gives_nothing(scene, side):
    for secret in ("", "falsch", SECRET[:-1]):
        assert side.request("GET", "/v1/LOA-01/down", secret=secret)[0] == 401
        assert side.request("POST", "/v1/LOA-01/up/tele", b"{}", secret=secret)[0] == 401
    scene.wire.books.execute(
        "UPDATE ttcs_tele.connection SET active = false WHERE id = %s", [scene.connection]
    )
    eventually(lambda: side.request("GET", "/v1/LOA-01/down")[0] == 401, 30)


@pytest.mark.parametrize("side", ["push"], indirect=True)
def test_a_pushed_message_is_answered_by_its_verdict(scene, side):
    good = {"boot": 1, "seq": 1, "ts": int(time.time() * 1000), "vol": 30}
    assert side.request("POST", "/v1/LOA-01/up/tele", json.dumps(good).encode()) == (204, None)
    cases = {
        b"{": 422,
        b"x" * 70_000: 413,
        json.dumps({**good, "vol": 101}).encode(): 422,
        json.dumps({**good, "ts": 1}).encode(): 422,
    }
    for body, status in cases.items():
        assert side.request("POST", "/v1/LOA-01/up/tele", body)[0] == status, body[:40]
    assert side.request("POST", "/v1/LOA-01/up/nothing", b"{}")[0] == 404
    batch = [
        {"dev": "LOA-02", "kind": "tele", "body": good},
        {"dev": "LOA-02", "kind": "tele", "body": {"seq": 1}},
        "nonsense",
        {"dev": "LẠ", "kind": "tele", "body": good},
    ]
    assert side.request("POST", "/v1/up", json.dumps(batch).encode()) == (
        200,
        {
            "kept": 1,
            "refused": [
                {"index": 1, "reason": "malformed"},
                {"index": 2, "reason": "malformed"},
                {"index": 3, "reason": "unknown-device"},
            ],
        },
    )


@pytest.mark.parametrize("side", ["push"], indirect=True)
def test_what_is_pulled_is_signed_and_waited_for(scene, side):
    code = scene.code("LOA-01")
    keys = scene.wire.keys.told()["keys"]
    verifier = Verifier(code, {name: public_key(text) for name, text in keys.items()})
    scene.wire.books.execute(
        "INSERT INTO ttcs_tele.desired (device_id, kind, version, body)"
        ' VALUES (%s, \'cfg\', 1, \'{"test": true, "interval": 60, "max_volume": 90}\')',
        [scene.device("LOA-01")],
    )
    _, told = side.request("GET", "/v1/LOA-01/down")
    body = verifier.body("cfg", json.dumps(told["cfg"]).encode())
    assert (body["dev"], body["test"]) == (code, True)
    assert "cfg" not in side.request("GET", f"/v1/LOA-01/down?cfg={body['ver']}")[1]
    command = scene.wire.command(code, after=2)
    started = time.monotonic()
    _, told = side.request("GET", f"/v1/LOA-01/down?wait=20&cfg={body['ver']}")
    assert 0.5 < time.monotonic() - started < 15
    now = int(time.time() * 1000)
    taken = verifier.command(json.dumps(told["cmd"][0]).encode(), now)
    assert taken["id"] == command
    eventually(lambda: scene.wire.state(command) == "sent")


@pytest.mark.parametrize("side", ["push"], indirect=True)
def test_a_caller_that_hangs_stops_nobody(scene, side):
    hanging = [socket.create_connection(("127.0.0.1", scene.gateway.port)) for _ in range(20)]
    for one in hanging:
        one.sendall(b"POST /v1/LOA-01/up/tele HTTP/1.1\r\nContent-Length: 50\r\n")
    side.says("LOA-01", utc_now(5), 40)
    eventually(side.delivered, 20)
    for one in hanging:
        one.close()


@pytest.mark.parametrize("side", ["file"], indirect=True)
def test_bad_lines_are_listed_for_whoever_sent_them(scene, side):
    side.folder.mkdir(exist_ok=True)
    good = f"LOA-01,{utc_now(30).isoformat()},40,có"
    path = side.folder / ".bảng.csv"
    lines = ["Mã thiết bị,Thời điểm,Âm lượng,Đang phát", good, "LOA-01,x,1,có", "LẠ,,1,có", good]
    path.write_text("\n".join(lines), encoding="utf-8")
    os.utime(path, (time.time() - 60,) * 2)
    path.rename(side.folder / "bảng.csv")
    report = side.folder / "refused" / "bảng.csv.txt"
    eventually(report.exists, 30)
    eventually(lambda: (side.folder / "done" / "bảng.csv").exists(), 30)
    text = report.read_text(encoding="utf-8")
    assert "Dòng 3:" in text and "Dòng 4:" in text and "Dòng 2:" not in text
    assert len(scene.samples("LOA-01")) == 1


@pytest.mark.parametrize("side", ["file"], indirect=True)
def test_a_file_that_cannot_be_read_is_put_aside_whole(scene, side):
    side.folder.mkdir(exist_ok=True)
    path = side.folder / "hỏng.csv"
    path.write_bytes(b"\xff\xfe\x00 not UTF-8 \xff")
    os.utime(path, (time.time() - 60,) * 2)
    eventually(lambda: (side.folder / "refused" / "hỏng.csv").exists(), 30)
    assert "UTF-8" in (side.folder / "refused" / "hỏng.csv.txt").read_text(encoding="utf-8")


def test_a_connection_that_cannot_work_says_why(gateway):
    broken = gateway.connect("poll", {"url": "ftp://x"})
    eventually(
        lambda: gateway.wire.one("SELECT error FROM ttcs_tele.connection WHERE id = %s", broken),
        30,
    )
