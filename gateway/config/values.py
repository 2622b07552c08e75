"""The values of config.toml: one Struct a section, their defaults, and the rules they make.

reading.py reads and checks them; config.toml explains every key.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from msgspec import Struct, field

from gateway.config.campaigns import CampaignConfig
from gateway.config.delays import DelayConfig
from gateway.config.fault_profiles import profile_rows
from gateway.config.faults import FaultConfig, FaultingConfig
from gateway.config.operators import DEFAULT_OPERATORS, OperatorConfig, profiles
from gateway.config.outlets import OutletsConfig
from gateway.config.registry import RegistryConfig as RegistryConfig
from gateway.config.retention import RetentionConfig
from gateway.config.schedules import (
    LifetimeConfig,
    OwnScheduleConfig,
    ScheduleConfig,
    schedule_of,
)
from gateway.config.short_codes import ShortCodeConfig, served_codes
from gateway.config.smpp_values import AccountConfig, SmppConfig, SmscConfig
from gateway.config.telemetry import TelemetryConfig
from gateway.config.webhooks import WebhookConfig
from gateway.core.ageing import (
    milliseconds,
)
from gateway.core.chance import Delay
from gateway.core.fault_aim import Faults, arm
from gateway.core.ledger import Rules, Unknown
from gateway.core.registration.profiles import Reading


class ClockMode(Enum):
    """Which calendar the network lives by."""

    SIMULATED = "simulated"
    SYSTEM = "system"


class BrokerKind(Enum):
    """Whose MQTT broker the phones use; none: only phones in this process can connect."""

    EMBEDDED = "embedded"
    EXTERNAL = "external"
    NONE = "none"


class Durability(Enum):
    """What a commit waits for: the disk (full), or the operating system (normal)."""

    FULL = "full"
    NORMAL = "normal"


class ClockConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[clock]; now and speed are the simulated calendar's only."""

    mode: ClockMode = ClockMode.SIMULATED
    now: str = "2018-02-26T08:00:00+07:00"
    speed: float = 1.0


class StoreConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[store]; path ":memory:" keeps nothing."""

    path: str = "gateway.sqlite3"
    durability: Durability = Durability.FULL


class MqttTlsConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[mqtt.tls]: how the gateway speaks to an external broker; files in PEM form.

    `ca` is whom it trusts (empty: whom the system trusts), `certificate` and `key` (empty: in the
    same file) are what it shows of itself.
    """

    enabled: bool = False
    ca: str = ""
    certificate: str = ""
    key: str = ""
    insecure: bool = False


class MqttConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[mqtt]"""

    broker: BrokerKind = BrokerKind.EMBEDDED
    host: str = "127.0.0.1"
    port: int = 1883
    username: str = ""
    password: str = ""
    qos: int = 0
    tls: MqttTlsConfig = MqttTlsConfig()


class HttpConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[http]; an empty token is none."""

    host: str = "127.0.0.1"
    port: int = 8080
    read_token: str = ""
    act_token: str = ""


class DeskReading(Enum):
    """How strictly all desks read: each as its operator's row says, or all alike."""

    PROFILE = "profile"
    STRICT = "strict"
    LENIENT = "lenient"


class RegistrationConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[registration]; numbers_per_nik counts by operator, 0 means no limit."""

    code: str = "4444"
    numbers_per_nik: int = 3
    reading: DeskReading = DeskReading.PROFILE
    verdict_delay: DelayConfig = DelayConfig()


class SubscribersConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[subscribers]"""

    unknown: Unknown = Unknown.OLD


class ReportConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[report]; counts from 1 below smallest_cell are hidden."""

    smallest_cell: int = 5


class MessagesConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[messages]; on the simulated clock, but for `retry_seconds`, which are real ones."""

    validity_hours: float = 24.0
    parts_seconds: float = 300.0
    transaction_seconds: float = 10.0
    ring_seconds: float = 45.0
    retry_seconds: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


class LogLevel(Enum):
    """The least important line that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(Enum):
    """How log lines on stderr look: for eyes, or one JSON object a line."""

    CONSOLE = "console"
    JSON = "json"


class LogConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[log]; `pdu_hex` shows the octets of logged PDUs too, in the API only, in clear."""

    level: LogLevel = LogLevel.INFO
    format: LogFormat = LogFormat.CONSOLE
    pdu_hex: bool = False


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole configuration; without arguments the defaults, which config.toml shows.

    Values read by gateway.config.reading.load are checked. Values that code puts together are
    not: then `rules` raises ValueError for what cannot be.
    """

    clock: ClockConfig = ClockConfig()
    store: StoreConfig = StoreConfig()
    smpp: SmppConfig = SmppConfig()
    smsc: tuple[SmscConfig, ...] = ()
    mqtt: MqttConfig = MqttConfig()
    http: HttpConfig = HttpConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    schedules: tuple[OwnScheduleConfig, ...] = ()
    lifetime: LifetimeConfig = LifetimeConfig()
    campaigns: tuple[CampaignConfig, ...] = ()
    webhooks: tuple[WebhookConfig, ...] = ()
    registration: RegistrationConfig = RegistrationConfig()
    short_codes: tuple[ShortCodeConfig, ...] = ()
    registry: RegistryConfig = RegistryConfig()
    subscribers: SubscribersConfig = SubscribersConfig()
    report: ReportConfig = ReportConfig()
    outlets: OutletsConfig = OutletsConfig()
    messages: MessagesConfig = MessagesConfig()
    retention: RetentionConfig = RetentionConfig()
    log: LogConfig = LogConfig()
    telemetry: TelemetryConfig = TelemetryConfig()
    faulting: FaultingConfig = FaultingConfig()
    faults: tuple[FaultConfig, ...] = ()
    operators: dict[str, OperatorConfig] = field(default_factory=lambda: dict(DEFAULT_OPERATORS))

    def clock_now(self) -> int:
        """Give where the simulated calendar starts, in milliseconds since 1970 UTC."""
        return milliseconds(datetime.fromisoformat(self.clock.now))

    def rules(self) -> Rules:
        """Build what the decisions go by."""
        chosen, verdict = self.registration.reading, self.registration.verdict_delay
        reading = None if chosen is DeskReading.PROFILE else Reading(chosen.value)
        people = self.registry.population_of()
        return Rules(
            schedule=schedule_of(self.schedule, self.schedules, self.lifetime),
            profiles=profiles(self.operators, reading),
            registry=people,
            records=self.registry.records(people),
            outages=self.registry.outage_times(),
            lost_success=self.registry.lost_success,
            registration_code=self.registration.code,
            numbers_per_nik=self.registration.numbers_per_nik,
            unknown=self.subscribers.unknown,
            validity_ms=round(self.messages.validity_hours * 3_600_000),
            ring_ms=round(self.messages.ring_seconds * 1000),
            faults=self.armed_faults(),
            parts_ms=round(self.messages.parts_seconds * 1000),
            transaction_ms=round(self.messages.transaction_seconds * 1000),
            queues=self._queues(),
            receipt_delays=self._receipt_delays(),
            verdict_delay=None if verdict.is_none else verdict.delay(),
            seed=self.faulting.seed,
            short_codes=served_codes(self.short_codes),
            report_above=self.outlets.report_above,
            suspicion=self.outlets.suspicion(),
        )

    def account_names(self) -> tuple[str, ...]:
        """Name every ESME account as it is known everywhere: another SMSC's with its name."""
        return (
            *(account.system_id for account in self.smpp.accounts),
            *(f"{row.name}/{account.system_id}" for row in self.smsc for account in row.accounts),
        )

    def armed_faults(self) -> Faults:
        """Make ready what goes wrong from the start: the profiles' rules, then the rows'."""
        rows = (*profile_rows(self.faulting.profiles), *self.faults)
        return arm((row.rule() for row in rows), self.faulting.seed)

    def accounts(self) -> dict[str, AccountConfig]:
        """Give every account of every SMSC by its key in the gateway."""
        keys = self.account_names()
        rows = (*self.smpp.accounts, *(one for row in self.smsc for one in row.accounts))
        return dict(zip(keys, rows, strict=True))

    def _queues(self) -> dict[str, int]:
        """Give each account's limit of undelivered messages, where it has one."""
        accounts = self.accounts().items()
        return {key: one.limits.queue for key, one in accounts if one.limits.queue}

    def _receipt_delays(self) -> dict[str, Delay]:
        """Give how long each account's receipts are held back, where they are."""
        accounts = self.accounts().items()
        return {
            key: one.receipt_delay.delay() for key, one in accounts if not one.receipt_delay.is_none
        }
