"""What each operator offers by SMS is what domain.md 1.2 says."""

import pytest

from gateway.core.numbers import Msisdn, Nik
from gateway.core.registration.profiles import DEFAULT_PROFILES
from gateway.core.registration.services import About, AskForm, offer, read_form

BY_NAME = {profile.name: profile for profile in DEFAULT_PROFILES}

TABLE = [
    ("telkomsel", "", "UNREG#NIK UNREG#NIK#"),
    ("indosat", "INFO#NIK INFO#MSISDN", "UNPAIR#MSISDN# UNREG#MSISDN"),
    ("xl", "", "UNREG#MSISDN# UNREG#MSISDN"),
    ("axis", "", "UNREG#MSISDN# UNREG#MSISDN"),
    ("tri", "STATUS", ""),
    ("smartfren", "CEK", "UNREG#NIK#"),
]


@pytest.mark.parametrize(("name", "check", "unregister"), TABLE)
def test_forms_are_those_of_the_table(name: str, check: str, unregister: str) -> None:
    for made, forms in ((BY_NAME[name].check, check), (BY_NAME[name].unregister, unregister)):
        assert [form.text for form in made.forms] == forms.split()
        assert "domain.md 1.2 [S" in made.source
        # Whoever cannot do it by SMS is told where else.
        assert bool(made.elsewhere) is not bool(forms)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("CEK", AskForm("CEK", "CEK", About.SENDER)),
        ("INFO#NIK", AskForm("INFO#NIK", "INFO", About.NIK)),
        ("UNPAIR#MSISDN#", AskForm("UNPAIR#MSISDN#", "UNPAIR", About.MSISDN)),
        ("UNREG NIK", AskForm("UNREG NIK", "UNREG", About.NIK)),
        ("UNREG#", None),
        ("REG NIK", None),
        ("INFO#KK", None),
    ],
)
def test_a_form_is_read_as_it_is_printed(text: str, form: AskForm | None) -> None:
    assert read_form(text) == form


def test_a_request_is_taken_by_its_keyword_and_by_what_it_names() -> None:
    made = offer("INFO#NIK STATUS", "", "here")
    assert made.takes("INFO", Nik("3201060401139001"))
    assert not made.takes("INFO", Msisdn("6281234567890"))
    assert not made.takes("INFO", None)
    assert made.takes("STATUS", None)
    assert not made.takes("CEK", None)
