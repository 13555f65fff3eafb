"""A connection to the broker that comes back by itself and whose session outlives it."""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

_log = logging.getLogger(__name__)

SESSION_SECONDS = 86_400
RECEIVE_MAXIMUM = 4_000
# A broker that is gone without a word is noticed within twice that.
KEEP_ALIVE = 15


@dataclass(frozen=True)
class BrokerAddress:
    """Where the broker is and who asks.

    >>> BrokerAddress.parse("mqtt://bridge:s%40fe@broker:1883")
    BrokerAddress(host='broker', port=1883, user='bridge', password='s@fe', tls=False)
    """

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    tls: bool = False

    @classmethod
    def parse(cls, url: str) -> BrokerAddress:
        """Read ``mqtt://user:password@host:port`` or ``mqtts://…``.

        :raises ValueError: for anything else
        """
        parts = urlsplit(url)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise ValueError("The broker's address reads mqtt://user:password@host:port.")
        tls = parts.scheme == "mqtts"
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        return cls(parts.hostname, parts.port or (8883 if tls else 1883), user, password, tls)


class Session:
    """One client of the broker, MQTT 5, with acknowledgements in our own hands.

    :param receive: called on the network's thread for each message; while it waits, nothing more
        is read, which is how a stalled database holds back the broker
    :param published: called on the network's thread with a message's number and whether anybody
        may have it, once the broker has taken it
    """

    def __init__(
        self,
        address: BrokerAddress,
        name: str,
        subscriptions: list[str],
        receive: Callable[[MQTTMessage, int], None] = lambda message, link: None,
        published: Callable[[int, bool], None] = lambda number, subscribed: None,
    ) -> None:
        self.address = address
        self.subscriptions = subscriptions
        # The number of the connection: what came over an earlier one is not acknowledged.
        self.link = 0
        self.connected = threading.Event()
        self.client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=name,
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=True,
        )
        self.client.username_pw_set(address.user, address.password)
        if address.tls:
            self.client.tls_set(tls_version=ssl.PROTOCOL_TLS_CLIENT)
        self.client.reconnect_delay_set(min_delay=1, max_delay=30)
        self.client.max_inflight_messages_set(RECEIVE_MAXIMUM)
        self.client.on_connect = self._on_connect
        self.client.on_disconnect = self._on_disconnect
        self.client.on_message = lambda _client, _data, message: receive(message, self.link)
        self.client.on_publish = lambda _client, _data, number, reason, _properties: published(
            number, reason.getName() != "No matching subscribers" and not reason.is_failure
        )

    def start(self) -> None:
        """Connect in the background and stay connected."""
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = SESSION_SECONDS
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        self.client.connect_async(
            self.address.host,
            self.address.port,
            keepalive=KEEP_ALIVE,
            clean_start=False,
            properties=properties,
        )
        self.client.loop_start()

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def acknowledge(self, number: int, link: int) -> None:
        """Tell the broker that a message is kept, if the connection is still the same."""
        if link == self.link:
            self.client.ack(number, 1)

    def publish(
        self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False, expiry: int = 0
    ) -> int | None:
        """Hand a message over; gives its number, or None while there is no connection.

        :param expiry: seconds after which the broker drops it; 0 keeps it
        """
        properties = Properties(PacketTypes.PUBLISH)
        if expiry:
            properties.MessageExpiryInterval = expiry
        if not self.connected.is_set():
            return None
        handed = self.client.publish(topic, payload, qos, retain, properties)
        return handed.mid if handed.rc == MQTTErrorCode.MQTT_ERR_SUCCESS else None

    def _on_connect(self, client: Client, _data, _flags, reason, _properties) -> None:
        if reason.is_failure:
            _log.error("The broker refuses %s: %s", self.address.user, reason)
            return
        self.link += 1
        for topic in self.subscriptions:
            client.subscribe(topic, qos=1)
        self.connected.set()
        _log.info("Connected to the broker (link %s)", self.link)

    def _on_disconnect(self, _client, _data, _flags, reason, _properties) -> None:
        self.connected.clear()
        if reason.is_failure:
            _log.warning("Lost the broker: %s", reason)
