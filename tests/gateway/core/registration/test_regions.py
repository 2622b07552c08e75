"""The region table is that of 2017-18: 34 provinces, no code twice."""

import re

from lokal import wilayah

from gateway.core.registration.regions import REGENCIES


def test_the_provinces_are_the_34_of_2018() -> None:
    codes = sorted({regency.code[:2] for regency in REGENCIES})
    assert len(codes) == len({regency.province for regency in REGENCIES}) == 34
    assert not {"93", "94", "95", "96"} & set(codes)


def test_codes_rise_and_tell_regencies_from_cities() -> None:
    codes = [regency.code for regency in REGENCIES]
    assert codes == sorted(set(codes))
    assert len(codes) == 488
    for regency in REGENCIES:
        assert re.fullmatch(r"[1-9][0-9](0[1-9]|[1-69][0-9]|7[1-9]|8[0-9])", regency.code)
        assert regency.name.startswith("Kota " if regency.code[2:] > "70" else "Kabupaten ")


def test_names_are_those_of_lokal() -> None:
    for regency in REGENCIES:
        known = wilayah.wilayah_name(f"{regency.code[:2]}.{regency.code[2:]}")
        assert known is not None
        assert known.replace(" Administrasi", "") == regency.name
