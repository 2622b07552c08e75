"""config.toml -> frozen values."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gateway.core.ledger import Unknown


class ClockMode(Enum):
    """Which calendar the network lives by."""

    SIMULATED = "simulated"
    SYSTEM = "system"


class BrokerKind(Enum):
    """Whose MQTT broker the phones use."""

    EMBEDDED = "embedded"
    EXTERNAL = "external"


class Durability(Enum):
    """What a commit waits for: the disk (full), or the operating system (normal)."""

    FULL = "full"
    NORMAL = "normal"


class ClockConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[clock]"""

    mode: ClockMode = ClockMode.SIMULATED
    now: str = "2018-02-26T08:00:00+07:00"
    speed: float = 1.0


class StoreConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[store]; path ":memory:" keeps nothing."""

    path: str = "gateway.sqlite3"
    durability: Durability = Durability.FULL


class AccountConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[smpp.accounts]]

    `speaks_for_handsets`: its submit_sm are MO messages of the source MSISDN (role A).
    `counts_only`: its submit_sm are answered and counted, nothing more (measuring).
    `serves`: short codes that it may use as source address.
    """

    system_id: str
    password: str
    speaks_for_handsets: bool = False
    counts_only: bool = False
    serves: tuple[str, ...] = ()


DEFAULT_ACCOUNTS = (
    AccountConfig(system_id="qa", password="qa", speaks_for_handsets=True),
    AccountConfig(system_id="a2p", password="a2p"),
    AccountConfig(system_id="sink", password="sink", counts_only=True),
    AccountConfig(system_id="reg4444", password="reg4444", serves=("4444",)),
)


class SmppConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[smpp]; times in seconds, 0 switches a timer off (SMPP 3.4 section 7.2)."""

    host: str = "127.0.0.1"
    port: int = 2775
    system_id: str = "SMSC4444"
    session_init_timeout: float = 30.0
    enquire_link_interval: float = 60.0
    inactivity_timeout: float = 0.0
    response_timeout: float = 30.0
    window: int = 100
    max_pdu: int = 65_536
    accounts: tuple[AccountConfig, ...] = DEFAULT_ACCOUNTS


class MqttConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[mqtt]"""

    broker: BrokerKind = BrokerKind.EMBEDDED
    host: str = "127.0.0.1"
    port: int = 1883
    username: str = ""
    password: str = ""
    qos: int = 0


class HttpConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[http]"""

    host: str = "127.0.0.1"
    port: int = 8080


class SubscribersConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[subscribers]"""

    unknown: Unknown = Unknown.OLD
