"""The vendor's side of each adapter, real: a broker, an HTTP client, a console, files."""

from __future__ import annotations

import json
import os
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from wire_line import Gateway, Process, eventually, free_port

from ttcs_wire.contract import up

SECRET = "bí-mật-của-kết-nối"
START = datetime(1970, 1, 1)


class Side:
    """How one kind of vendor's end says how its devices are.

    ``carries``: the operations that it can be asked.  ``says`` is a measurement at a moment;
    ``delivered`` is true once everything said so far was acknowledged by our end.
    """

    kind = ""
    carries: frozenset[str] = frozenset()
    interval = 1

    def __init__(self, line: Gateway) -> None:
        self.line = line

    def settings(self) -> dict[str, Any]:
        return {"interval": self.interval}

    def secret(self) -> str | None:
        return None

    def says(self, name: str, moment: datetime, volume: int, playing: bool = True) -> None:
        raise NotImplementedError

    def says_nonsense(self, name: str) -> None:
        raise NotImplementedError

    def delivered(self) -> bool:
        raise NotImplementedError

    def close(self) -> None:
        pass


class MqttSide(Side):
    """A device that speaks MQTT with our own broker: no connection at all."""

    kind = "mqtt"
    carries = frozenset({"volume"})

    def __init__(self, line: Gateway) -> None:
        super().__init__(line)
        self.clients: dict[str, Client] = {}
        self.numbers: dict[str, dict[datetime, int]] = {}
        self.waiting: set[tuple[str, int]] = set()

    def _client(self, name: str) -> Client:
        if name not in self.clients:
            client = Client(
                CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5
            )
            client.username_pw_set(name, self.line.passwords.get(name, "x"))
            client.on_publish = lambda _c, _d, mid, _r, _p: self.waiting.discard((name, mid))
            client.connect("127.0.0.1", self.line.wire.port)
            client.loop_start()
            eventually(client.is_connected)
            self.clients[name] = client
        return self.clients[name]

    def _publish(self, name: str, kind: str, payload: bytes) -> None:
        told = self._client(name).publish(up(name, kind), payload, qos=1)
        self.waiting.add((name, told.mid))
        told.wait_for_publish(10)
        self.waiting.discard((name, told.mid))

    def says(self, name, moment, volume, playing=True):
        numbers = self.numbers.setdefault(name, {})
        number = numbers.setdefault(moment, len(numbers) + 1)
        self._publish(
            name,
            "state",
            json.dumps({"on": True, "boot": 1, "link": 1, "seq": number + 1}).encode(),
        )
        sample = {"boot": 1, "seq": number, "ts": _ms(moment), "vol": volume, "on_air": playing}
        self._publish(name, "tele", json.dumps(sample).encode())

    def says_nonsense(self, name):
        self._publish(name, "tele", b"{nonsense")

    def delivered(self):
        return not self.waiting

    def close(self):
        for client in self.clients.values():
            client.disconnect()
            client.loop_stop()


class PushSide(Side):
    """A vendor's server that sends our messages by HTTP and tries again until it may forget."""

    kind = "push"
    carries = frozenset({"volume"})

    def __init__(self, line: Gateway) -> None:
        super().__init__(line)
        self.unsent: list[dict] = []
        self.numbers: dict[str, dict[datetime, int]] = {}
        self.lock = threading.Lock()

    def secret(self):
        return SECRET

    def says(self, name, moment, volume, playing=True):
        numbers = self.numbers.setdefault(name, {})
        number = numbers.setdefault(moment, len(numbers) + 1)
        sample = {"boot": 1, "seq": number, "ts": _ms(moment), "vol": volume, "on_air": playing}
        state = {"on": True, "boot": 1, "link": 1, "seq": number + 1}
        self.unsent.append({"dev": name, "kind": "state", "body": state})
        self.unsent.append({"dev": name, "kind": "tele", "body": sample})
        self.delivered()

    def says_nonsense(self, name):
        self.unsent.append({"dev": name, "kind": "tele", "body": {"seq": "x"}})
        self.delivered()

    def delivered(self):
        with self.lock:
            sending = self.unsent[:1_000]
            if not sending:
                return True
            status, _ = self.request("POST", "/v1/up", json.dumps(sending).encode())
            if status == 200:
                del self.unsent[: len(sending)]
            return not self.unsent

    def request(self, method, path, body=None, secret=SECRET, timeout=40):
        """Status and answer; 0 where nobody listens."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.line.port}{path}", data=body, method=method
        )
        request.add_header("Authorization", "Bearer " + secret.encode().decode("latin-1"))
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                content = answer.read()
                return answer.status, json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            content = error.read()
            return error.code, json.loads(content) if content else None
        except OSError:
            return 0, None

    def answers(self, name: str, volume: int) -> None:
        """A device that takes its commands, does them and says so."""
        _, told = self.request("GET", f"/v1/{name}/down?wait=5")
        for envelope in (told or {}).get("cmd", []):
            body = json.loads(envelope["body"])
            answer = json.dumps({"id": body["id"], "st": "done"}).encode()
            self.request("POST", f"/v1/{name}/up/ack", answer)


class PollSide(Side):
    """A vendor's console, as the public station manager answers."""

    kind = "poll"
    carries = frozenset({"volume", "stop"})

    def __init__(self, line: Gateway) -> None:
        super().__init__(line)
        self.devices: dict[str, Any] = {}
        self.asked = 0
        self.orders: list[tuple[str, dict]] = []
        self.obeys = True
        side = self

        class Console(BaseHTTPRequestHandler):
            def do_GET(self):
                self._answer({"data": {"devices": list(side.devices.values())}})
                side.asked += 1

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                name = self.path.split("/")[3]
                side.orders.append((name, body))
                if side.obeys and name in side.devices:
                    moment = datetime.fromtimestamp(time.time()).astimezone().isoformat()
                    side.devices[name] |= {"volume": body["volume"], "updated_at": moment}
                self._answer({"ok": True})

            def _answer(self, value):
                content = json.dumps(value).encode()
                is_allowed = self.headers["Authorization"] == "Bearer bi-mat"
                self.send_response(200 if is_allowed else 401)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", free_port()), Console)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def secret(self):
        return "bi-mat"

    def settings(self):
        host, port = self.server.server_address[:2]
        return {
            "url": f"http://{host}:{port}/api/devices",
            "interval": self.interval,
            "mapping": {
                "items": "data.devices",
                "code": "deviceCode",
                "fields": {
                    "time": {"path": "updated_at"},
                    "online": {"path": "status"},
                    "playing": {"path": "is_playing"},
                    "volume": {"path": "volume", "scale": 6.6667},
                    "firmware": {"path": "version"},
                },
            },
            "orders": {
                "volume": {
                    "path": "/api/devices/{code}/volume",
                    "body": {"volume": "{level}"},
                    "scale": 0.15,
                }
            },
        }

    def says(self, name, moment, volume, playing=True):
        self.devices[name] = {
            "deviceCode": name,
            "status": "online",
            "is_playing": playing,
            "volume": round(volume * 0.15),
            "version": "1.2",
            "updated_at": f"{moment.isoformat()}+00:00",
        }
        self._looked_at()

    def says_nonsense(self, name):
        self.devices["nonsense"] = {"deviceCode": name, "status": "dancing"}
        self._looked_at()
        del self.devices["nonsense"]

    def _looked_at(self):
        """A console shows the present only: what nobody looked at was never said."""
        before = self.asked
        eventually(lambda: self.asked > before + 1, 60)

    def delivered(self):
        return True

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class FileSide(Side):
    """Files left in a folder, a new one for each word."""

    kind = "file"

    def __init__(self, line: Gateway) -> None:
        super().__init__(line)
        self.folder = line.folder / "vendor"
        self.count = 0

    def settings(self):
        return {
            "folder": "vendor",
            "format": "csv",
            "interval": self.interval,
            "mapping": {
                "code": "Mã thiết bị",
                "fields": {
                    "time": {"path": "Thời điểm"},
                    "volume": {"path": "Âm lượng"},
                    "playing": {"path": "Đang phát"},
                },
            },
        }

    def says(self, name, moment, volume, playing=True):
        self._write(f"{name},{moment.isoformat()},{volume},{'có' if playing else 'không'}")

    def says_nonsense(self, name):
        self._write(f"{name},hôm qua,rất to,có")

    def _write(self, line: str) -> None:
        self.folder.mkdir(exist_ok=True)
        self.count += 1
        path = self.folder / f"{self.count:04}.csv"
        hidden = path.with_name(f".{path.name}")
        hidden.write_text(f"Mã thiết bị,Thời điểm,Âm lượng,Đang phát\n{line}\n", encoding="utf-8")
        # As a vendor's transfer that ended a while ago.
        os.utime(hidden, (time.time() - 60,) * 2)
        hidden.rename(path)

    def delivered(self):
        return not list(self.folder.glob("*.csv"))


class HeartbeatSide(Side):
    """A board that sends heartbeats to its vendor's broker."""

    kind = "heartbeat"

    def __init__(self, line: Gateway) -> None:
        super().__init__(line)
        self.port = free_port()
        folder = line.wire.folder / "vendor-broker"
        folder.mkdir()
        (folder / "broker.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"
            f"persistence true\npersistence_location {folder}/\nuser root\n"
        )
        program = [line.wire.broker.command[0], "-c", str(folder / "broker.conf")]
        self.broker = Process(program, line.wire.broker.environment, folder / "log")
        self.broker.start()
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        eventually(self._connects)
        self.client.loop_start()

    def _connects(self) -> bool:
        try:
            self.client.connect("127.0.0.1", self.port)
        except OSError:
            return False
        return True

    def settings(self):
        return {
            "url": f"mqtt://127.0.0.1:{self.port}",
            "topic": "boards/heartbeat",
            "interval": self.interval,
        }

    def says(self, name, moment, volume, playing=True):
        message = {"Ver": "3.1", "Type": 2, "Sn": name, "Vl1": volume, "Scf": "tin.mp3"}
        if not playing:
            del message["Scf"]
        self._publish({"Id": 1, "Time": _ms(moment) / 1000, "Message": json.dumps(message)})

    def says_nonsense(self, name):
        self._publish({"Id": 1, "Time": "hôm qua", "Message": {"Sn": name}})

    def _publish(self, value) -> None:
        self.client.publish("boards/heartbeat", json.dumps(value), qos=1).wait_for_publish(10)

    def delivered(self):
        return True

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()
        self.broker.stop()


SIDES = {side.kind: side for side in (MqttSide, PushSide, PollSide, FileSide, HeartbeatSide)}


def utc_now(ago: float = 0) -> datetime:
    """A moment some seconds ago, in whole seconds."""
    moment = datetime(1970, 1, 1) + timedelta(seconds=int(time.time() - ago))
    return moment


def _ms(moment: datetime) -> int:
    return int((moment - START).total_seconds() * 1000)
