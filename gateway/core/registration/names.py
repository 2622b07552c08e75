"""Given and second names for synthetic citizens.

Common Indonesian names, combined at random: nobody in particular, and not a sample of anything.
"""

from typing import Final

_MALE = """
Adi Agus Ahmad Andi Arif Bagus Bambang Bayu Budi Dani Dedi Dimas Edi Eko Fajar Galih Gede
Hadi Hendra Heru Indra Irfan Joko Ketut Lukman Made Muhammad Nanda Putu Rahmat Rizky Rudi
Slamet Sugeng Surya Taufik Teguh Wahyu Yohanes Yusuf Zainal
"""
_FEMALE = """
Aisyah Ani Ayu Citra Desi Dewi Dian Dwi Eka Endang Fitri Hana Indah Intan Kartika Komang
Lestari Lina Maria Maya Mega Nia Ningsih Novi Nur Putri Ratna Rina Rini Ririn Sari Siti Sri
Sulastri Tari Tri Utami Wati Wulan Yanti Yuni
"""
_SECOND = """
Anggraini Anwar Ardiansyah Aritonang Basri Daulay Effendi Firmansyah Ginting Gunawan Hakim
Halim Handayani Harahap Hasan Hidayat Iskandar Kurnia Lubis Maharani Mulyani Mustofa
Nasution Nugroho Pangaribuan Permata Pertiwi Pratama Prasetyo Purnama Rahayu Ramadhan Rumbiak
Saputra Saragih Setiawan Siregar Sitompul Suhendra Suryani Susanto Wibowo Widodo
"""

MALE: Final[tuple[str, ...]] = tuple(_MALE.split())
FEMALE: Final[tuple[str, ...]] = tuple(_FEMALE.split())
SECOND: Final[tuple[str, ...]] = tuple(_SECOND.split())


def name_of(number: int, *, female: bool) -> str:
    """Draw the name of the person with this number: always the same."""
    drawn = number * 2_654_435_761 % 2**32
    given = FEMALE if female else MALE
    return f"{given[drawn % len(given)]} {SECOND[drawn // 64 % len(SECOND)]}"
