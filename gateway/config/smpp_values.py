"""[smpp] and [[smsc]] of config.toml: an SMSC's listener, its timers, its accounts.

Every length of time is in seconds, and 0 switches a limit or a timer off.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gateway.config.delays import DelayConfig
from gateway.config.receipts import ReceiptConfig
from gateway.smpp.text import DefaultAlphabet
from gateway.smpp.udh import LongForm


class OnLimit(Enum):
    """What becomes of a bind above max_sessions: it is refused, or the oldest session ends."""

    REFUSE = "refuse"
    REPLACE_OLDEST = "replace-oldest"


class TlsDemand(Enum):
    """Whether an account may bind in the clear."""

    OPTIONAL = "optional"
    REQUIRED = "required"


class LimitsConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[smpp.accounts.limits]; an empty list or 0 limits nothing.

    `allow_from`: addresses or networks in CIDR notation. `source_addresses`: whole, or a
    beginning and a "*". `submits_per_second` counts a long message once; `submit_burst` is how many
    may come at once after a pause, 0 for as many as in a second. `submit_window`: requests of the
    ESME that may be unanswered. `queue`: undelivered messages of the account.
    `certificate_subject`: the common name or a DNS name of the certificate that the ESME must show.
    """

    allow_from: tuple[str, ...] = ()
    tls: TlsDemand = TlsDemand.OPTIONAL
    certificate_subject: str = ""
    source_addresses: tuple[str, ...] = ()
    max_sessions: int = 0
    max_transmitters: int = 0
    max_receivers: int = 0
    max_transceivers: int = 0
    on_limit: OnLimit = OnLimit.REFUSE
    submits_per_second: float = 0.0
    submit_burst: int = 0
    submit_window: int = 0
    queue: int = 0


class AccountConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[smpp.accounts]]

    `speaks_for_handsets`: its submit_sm are MO messages of the source MSISDN (role A).
    `counts_only`: its submit_sm are answered and counted, nothing more (measuring).
    `serves`: short codes that it may use as source address.
    `lint`: what its client does wrong is noted. `pdu_log`: its PDUs are logged, decoded.
    `default_alphabet`: what data_coding 0 means, both ways. `long_messages`: how a text goes to
    the ESME that one short message cannot hold.
    `limits`: from where, how many sessions, how fast.
    `receipt`: how its delivery receipts look; `receipt_delay`: how long after the message's end
    they are sent.
    """

    system_id: str
    password: str
    speaks_for_handsets: bool = False
    counts_only: bool = False
    serves: tuple[str, ...] = ()
    lint: bool = True
    pdu_log: bool = False
    default_alphabet: DefaultAlphabet = DefaultAlphabet.GSM
    long_messages: LongForm = LongForm.PAYLOAD
    limits: LimitsConfig = LimitsConfig()
    receipt: ReceiptConfig = ReceiptConfig()
    receipt_delay: DelayConfig = DelayConfig()


DEFAULT_ACCOUNTS = (
    AccountConfig(system_id="qa", password="qa", speaks_for_handsets=True),
    AccountConfig(system_id="a2p", password="a2p"),
    AccountConfig(system_id="sink", password="sink", counts_only=True, lint=False),
    AccountConfig(system_id="reg4444", password="reg4444", serves=("4444",)),
)


class TlsConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[smpp.tls]: a second listener of the SMSC, open when it has a certificate.

    Files in PEM form: `certificate` with the chain below it, `key` (empty: in the same file),
    `client_ca` that signs the certificates of ESMEs.
    """

    host: str = "127.0.0.1"
    port: int = 3550
    certificate: str = ""
    key: str = ""
    client_ca: str = ""
    require_client_certificate: bool = False


class OutbindWhen(Enum):
    """When the SMSC connects to an ESME by itself."""

    MESSAGES_WAIT = "messages-wait"
    ALWAYS = "always"


class OutbindConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[smpp.outbinds]]: an ESME that listens at host and port for the SMSC's outbind.

    `system_id` and `password` are the SMSC's own, `account` is the ESME's system_id.
    """

    host: str
    port: int
    account: str
    system_id: str = ""
    password: str = ""
    when: OutbindWhen = OutbindWhen.MESSAGES_WAIT


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
    max_connections: int = 10_000
    binds_per_second: float = 0.0
    bind_attempts: int = 5
    enquire_before_bind: bool = True
    error_body: bool = False
    tls: TlsConfig = TlsConfig()
    pcap: str = ""
    accounts: tuple[AccountConfig, ...] = DEFAULT_ACCOUNTS
    outbinds: tuple[OutbindConfig, ...] = ()


class SmscConfig(SmppConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[smsc]]: one more SMSC in the same network, with the keys of [smpp] and a name.

    Its accounts are known elsewhere as "name/system_id".
    """

    name: str
    port: int = 0
    tls: TlsConfig = TlsConfig(port=0)
    accounts: tuple[AccountConfig, ...] = ()
