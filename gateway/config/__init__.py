"""config.toml -> frozen values.

values.py has one Struct a section, with the defaults (smpp_values.py: those of SMPP,
operators.py: the operators' rows);
reading.py turns a file and --set options into them, or into every mistake at once: fields.py
reads one table, scalars.py one value, places.py knows where each value was written, checks.py,
smpp_checks.py, network_checks.py and operator_checks.py know what types cannot say; notes.py and
words.py are how mistakes are collected and told.
schedules.py has [schedule], [[schedules]] and [lifetime]; short_codes.py has the rows of
[[short_codes]] and campaigns.py those of [[campaigns]], both with what they must keep to.
webhooks.py has the rows of [[webhooks]]; retention.py is [retention],
telemetry.py [telemetry].
outlets.py is [outlets]; registry.py is [registry], citizens_file.py the file of people that it
may name, parquet_file.py how that is read where it is Parquet.
faults.py has the rows of [[faults]], fault_profiles.py useful sets of them, fault_checks.py what
they must keep to. delays.py is the table of a length of time that is drawn, wherever one stands;
receipts.py and receipt_checks.py are how an account's receipts look.
tls.py loads the certificates that [smpp.tls] and [mqtt.tls] name.
config.toml at the top level explains every key.
"""

from gateway.config.campaigns import CampaignConfig, check_campaign
from gateway.config.delays import DelayConfig, DelayKind, check_delay
from gateway.config.fault_checks import check_fault, check_faults
from gateway.config.fault_profiles import PROFILES, FaultProfile
from gateway.config.faults import FaultConfig, FaultingConfig, FaultKind, row_of
from gateway.config.operators import DEFAULT_OPERATORS, FormatConfig, OperatorConfig
from gateway.config.reading import Mistake, Mistakes, default_path, load
from gateway.config.receipts import RECEIPT_PRESETS, ExtraTlvConfig, IdFormConfig, ReceiptConfig
from gateway.config.schedules import LifetimeConfig, OwnScheduleConfig, ScheduleConfig, StepConfig
from gateway.config.short_codes import ShortCodeConfig, served_codes, with_codes
from gateway.config.smpp_values import (
    DEFAULT_ACCOUNTS,
    AccountConfig,
    LimitsConfig,
    OnLimit,
    OutbindConfig,
    OutbindWhen,
    SmppConfig,
    SmscConfig,
    TlsConfig,
    TlsDemand,
)
from gateway.config.telemetry import TelemetryConfig
from gateway.config.tls import WrongFile, client_context, server_context
from gateway.config.values import (
    BrokerKind,
    ClockConfig,
    ClockMode,
    Config,
    DeskReading,
    Durability,
    HttpConfig,
    LogConfig,
    LogFormat,
    LogLevel,
    MessagesConfig,
    MqttConfig,
    RegistrationConfig,
    RegistryConfig,
    StoreConfig,
    SubscribersConfig,
)

__all__ = [
    "DEFAULT_ACCOUNTS",
    "DEFAULT_OPERATORS",
    "PROFILES",
    "RECEIPT_PRESETS",
    "AccountConfig",
    "BrokerKind",
    "CampaignConfig",
    "ClockConfig",
    "ClockMode",
    "Config",
    "DelayConfig",
    "DelayKind",
    "DeskReading",
    "Durability",
    "ExtraTlvConfig",
    "FaultConfig",
    "FaultKind",
    "FaultProfile",
    "FaultingConfig",
    "FormatConfig",
    "HttpConfig",
    "IdFormConfig",
    "LifetimeConfig",
    "LimitsConfig",
    "LogConfig",
    "LogFormat",
    "LogLevel",
    "MessagesConfig",
    "Mistake",
    "Mistakes",
    "MqttConfig",
    "OnLimit",
    "OperatorConfig",
    "OutbindConfig",
    "OutbindWhen",
    "OwnScheduleConfig",
    "ReceiptConfig",
    "RegistrationConfig",
    "RegistryConfig",
    "ScheduleConfig",
    "ShortCodeConfig",
    "SmppConfig",
    "SmscConfig",
    "StepConfig",
    "StoreConfig",
    "SubscribersConfig",
    "TelemetryConfig",
    "TlsConfig",
    "TlsDemand",
    "WrongFile",
    "check_campaign",
    "check_delay",
    "check_fault",
    "check_faults",
    "client_context",
    "default_path",
    "load",
    "row_of",
    "served_codes",
    "server_context",
    "with_codes",
]
