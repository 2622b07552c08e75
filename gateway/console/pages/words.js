// Indonesian and English. `t(key)` gives the word; elements with data-t and data-label follow.

const WORDS = {
  title: ["Registrasi kartu prabayar", "Prepaid-SIM registration"],
  skip: ["Langsung ke ponsel", "Skip to the phones"],
  calendar: ["Kalender", "Calendar"], phones: ["Ponsel", "Phones"], network: ["Jaringan", "Network"],
  lessons: ["Pelajaran", "Lessons"], more: ["Lainnya", "More"],
  charts: ["Angka", "Figures"], registry: ["Kependudukan", "Civil registry"], faults: ["Gangguan", "Faults"],
  smpp: ["SMPP", "SMPP"], search: ["Cari pesan", "Search messages"], webhooks: ["Webhook", "Webhooks"],
  connected: ["Terhubung", "Connected"], connecting: ["Menghubungkan ...", "Connecting ..."],
  unreachable: ["Gateway tidak menjawab", "The gateway does not answer"],
  language: ["Bahasa", "Language"], dark: ["Gelap", "Dark"], light: ["Terang", "Light"], theme: ["Tema", "Theme"],
  big: ["Presentasi", "Presentation"], viewers: ["penonton", "viewers"],
  play: ["Jalan", "Play"], pause: ["Jeda", "Pause"], speed: ["Kecepatan", "Speed"],
  real_time: ["waktu nyata", "real time"], minute_s: ["1 menit/detik", "a minute a second"],
  hour_s: ["1 jam/detik", "an hour a second"], day_s: ["1 hari/detik", "a day a second"],
  plus_day: ["+1 hari", "+1 day"], plus_week: ["+7 hari", "+7 days"], next_stage: ["Tahap berikut", "Next stage"],
  drag: ["Geser kalender; panah kanan: satu hari", "Drag the calendar; right arrow: one day"],
  only_forward: ["Kalender hanya maju", "The calendar only moves forwards"],
  stage_OPEN: ["Terbuka", "Open"], stage_OUTGOING_BARRED: ["Keluar diblokir", "Outgoing barred"],
  stage_INCOMING_BARRED: ["Masuk diblokir", "Incoming barred"], stage_TOTAL_BARRED: ["Total diblokir", "All barred"],
  status_new: ["kartu perdana", "starter card"], status_unregistered: ["belum terdaftar", "not registered"],
  status_registered: ["terdaftar", "registered"], status_registered_unvalidated: ["terdaftar, belum valid", "registered, not validated"],
  status_expired: ["hangus", "expired"], status_unregistered_dead: ["dilepas", "given up"],
  all_on: ["Nyalakan semua", "All on"], all_off: ["Matikan semua", "All off"], add_phone: ["Tambah ponsel", "Add phone"],
  number: ["Nomor", "Number"], power: ["Nyala", "On"], data: ["Data", "Data"], remove: ["Buang", "Remove"],
  MO_SMS: ["SMS ↑", "SMS ↑"], MT_SMS: ["SMS ↓", "SMS ↓"], MO_CALL: ["Tlp ↑", "Call ↑"], MT_CALL: ["Tlp ↓", "Call ↓"], DATA: ["Data", "Data"],
  ok: ["boleh", "works"], barred: ["diblokir", "barred"],
  to: ["Kepada", "To"], message: ["Pesan", "Message"], send: ["Kirim", "Send"], dial: ["Panggil", "Call"],
  keys: ["Tombol", "Keys"], format: ["Isi format", "Fill in format"], delete: ["Hapus", "Delete"],
  answer: ["Jawab", "Answer"], reject: ["Tolak", "Reject"], hangup: ["Tutup", "Hang up"],
  call_incoming: ["Panggilan dari", "Call from"], call_ringing: ["Memanggil", "Calling"], call_answered: ["Bicara dengan", "Talking to"],
  call_ended: ["Panggilan selesai", "Call ended"],
  sending: ["mengirim ...", "sending ..."], sent: ["terkirim ke jaringan", "taken by the network"], refused: ["Ditolak", "Refused"],
  cause_operator_determined_barring: ["diblokir operator", "barred by the operator"],
  cause_absent_subscriber: ["ponsel mati", "the phone is off"], cause_unassigned_number: ["nomor tidak ada", "no such number"],
  cause_unknown_subscriber: ["nomor tidak dikenal", "unknown number"], cause_user_busy: ["sedang sibuk", "busy"],
  cause_call_rejected: ["ditolak", "rejected"], cause_no_answer: ["tidak dijawab", "no answer"],
  cause_undeliverable: ["tidak sampai", "does not reach the phone"], cause_normal_clearing: ["ditutup", "hung up"], cause_congestion: ["jaringan penuh", "congestion"],
  nobody: ["Belum ada pesan", "No messages yet"],
  phone: ["Ponsel", "Phone"], esme: ["ESME", "ESME"], smsc: ["SMSC", "SMSC"], reply: ["Balasan", "Reply"],
  trainer: ["Pelatih", "Trainer"], node_registry: ["Dukcapil", "Registry"], node_phone: ["Ponsel, ESME", "Phone, ESME"],
  no_events: ["Nyalakan ponsel lalu kirim SMS: tiap kejadian muncul di sini.", "Switch a phone on and send an SMS: each event shows here."],
  sampled: ["Contoh: {shown} dari {passed} kejadian tampil", "A sample: {shown} of {passed} events are shown"],
  all_shown: ["semua kejadian tampil", "all events are shown"], per_second: ["/detik", "/s"],
  freeze: ["Tahan daftar", "Hold the list"],
  kind_sms: ["SMS", "SMS"], kind_call: ["Panggilan", "Call"], kind_data: ["Data", "Data"], kind_ussd: ["USSD", "USSD"],
  kind_phone: ["Ponsel", "Phone"], kind_trainer: ["Pelatih", "Trainer"], kind_stage_due: ["Kalender", "Calendar"],
  kind_outlet_registers: ["Gerai", "Outlet"], kind_registration_told: ["Aplikasi", "Application"], kind_verdict_due: ["Hasil", "Verdict"],
  kind_subscribers_imported: ["Impor", "Import"], node_outlet: ["Gerai", "Outlet"], node_application: ["Aplikasi operator", "Operator's application"],
  numbers: ["Nomor", "Numbers"], registered: ["Terdaftar", "Registered"], share: ["Bagian", "Share"],
  over_time: ["Terdaftar dari waktu ke waktu", "Registered over time"], by_outcome: ["Jawaban 4444", "What 4444 answered"],
  turned_on: ["nyala", "on"], turned_off: ["mati", "off"],
  outcome_registered: ["terdaftar", "registered"], outcome_already_registered: ["sudah terdaftar", "already registered"],
  outcome_bad_format: ["format salah", "bad format"], outcome_nik_unknown: ["NIK tidak ditemukan", "NIK unknown"],
  outcome_kk_mismatch: ["KK salah", "KK mismatch"], outcome_over_limit: ["lebih dari tiga nomor", "over the limit"],
  outcome_statement_due: ["minta pernyataan", "statement due"], outcome_registered_unvalidated: ["terdaftar, belum valid", "registered, not validated"],
  outcome_checked: ["cek", "checked"], outcome_unregistered: ["dilepas", "given up"], outcome_busy: ["sibuk", "busy"],
  by_operator: ["Per operator dan tahap", "By operator and stage"], none_yet: ["Belum ada", "None yet"],
  people_note: ["Orang sintetis: NIK dan KK boleh disalin.", "Synthetic people: their NIK and KK are there to be copied."],
  more_people: ["Orang lain", "Other people"], name: ["Nama", "Name"], born: ["Lahir", "Born"], place: ["Tempat", "Place"],
  copy: ["Salin", "Copy"], copied: ["Disalin", "Copied"], into: ["Ke ponsel", "Into phone"], standing: ["Keadaan", "Standing"],
  invented: ["Semua gangguan ini dikarang.", "All of these faults are invented."],
  all_faults_off: ["Matikan semua", "All off"], struck: ["kena", "struck"],
  no_sessions: ["Tidak ada ESME yang terhubung.", "No ESME is bound."], account: ["Akun", "Account"], bind: ["Bind", "Bind"],
  peer: ["Alamat", "Peer"], requests: ["Permintaan", "Requests"], delivers: ["Kiriman", "Delivers"], end: ["Putuskan", "Unbind"],
  pdu_log: ["Catat PDU", "Log PDUs"], show_pdus: ["Lihat PDU", "Show PDUs"], no_pdus: ["Belum ada PDU yang dicatat.", "No PDUs are logged yet."],
  query: ["Pencarian", "Query"], find: ["Cari", "Search"], older: ["Lebih lama", "Older"], nothing_found: ["Tidak ditemukan", "Nothing found"],
  deleted_up_to: ["Pesan sampai no. {id} sudah dihapus karena umurnya ([retention]).", "Messages up to no. {id} were deleted for their age ([retention])."],
  query_help: ["Contoh: to:4444 since:1d · from:0812… text:salah -state:DELIVERED", "For example: to:4444 since:1d · from:0812… text:salah -state:DELIVERED"],
  when: ["Waktu", "When"], from: ["Dari", "From"], state: ["Status", "State"],
  open: ["Buka pesan", "Open message"], save_as: ["Simpan hasil:", "Save what is found:"], loading: ["Memuat ...", "Loading ..."],
  resend: ["Kirim ulang", "Resend"], resent: ["Dikirim ulang sebagai", "Sent again as"], network_own: ["Pesan jaringan sendiri", "The network's own"],
  tags: ["Tanda", "Tags"], save_tags: ["Simpan tanda", "Save tags"], tags_saved: ["Tanda disimpan", "Tags are saved"],
  rebuilt: ["Disusun ulang dari penyimpanan; oktet di kabel ada di log PDU dan rekaman.", "Rebuilt from the store; the octets on the wire are in the PDU log and the capture."],
  pdus_masked: ["NIK dan KK disamarkan.", "NIK and KK are masked."], octets: ["Oktet", "Octets"], session: ["sesi", "session"],
  no_pdu: ["Tidak ada PDU: pesan ini tidak lewat SMPP.", "No PDU: this message did not pass by SMPP."], not_sent: ["belum terkirim", "not sent yet"],
  no_webhooks: ["Tidak ada webhook. Tulis [[webhooks]] di config.toml: name, url, search.", "There are no webhooks. Write [[webhooks]] into config.toml: name, url, search."],
  webhook_to: ["Tujuan", "Goes to"], webhook_search: ["Pencarian", "Search"], posted: ["Diterima", "Taken"], given_up: ["Gagal", "Given up"], attempts: ["Percobaan terakhir", "Newest attempts"],
  attempt: ["percobaan", "attempt"], taken: ["diterima", "taken"], all_messages: ["semua pesan", "all messages"], look_again: ["Lihat lagi", "Look again"],
  begin: ["Mulai", "Begin"], step: ["Langkah", "Step"], auto: ["Putar", "Play"], hold: ["Jeda", "Pause"], leave: ["Selesai", "Leave"],
  again: ["Ulangi", "Again"], of: ["dari", "of"], too_late: ["Kalender sudah melewati tahap pertama", "The calendar is past the first stage"],
  too_late_how: ["Kalender hanya maju. Untuk pelajaran tentang tahap, jalankan gateway lain yang kalendernya lebih awal:", "The calendar only moves forwards. For lessons about stages run another gateway whose calendar is earlier:"],
  do_on: ["{phone} dinyalakan", "{phone} is switched on"], do_off: ["{phone} dimatikan", "{phone} is switched off"],
  do_sms: ["{phone} → {to}: {text}", "{phone} → {to}: {text}"], do_call: ["{phone} menelepon {to}", "{phone} calls {to}"],
  do_data: ["{phone}: data {text}", "{phone}: data {text}"], do_arrives: ["{phone} menerima: {text}", "{phone} gets: {text}"], do_ussd: ["{phone}: {to}", "{phone}: {to}"],
  do_calendar: ["Kalender → {to}", "Calendar → {to}"], do_faults: ["Gangguan: {to}", "Fault: {to}"], do_hangup: ["{phone} menutup panggilan", "{phone} hangs up"], do_later: ["{to} menit kemudian", "{to} minutes later"],
  do_starter: ["{phone} memakai kartu perdana", "{phone} has a starter card"], do_outlet: ["Gerai mendaftarkan {phone}", "An outlet registers {phone}"],
  do_application: ["Aplikasi operator memberi tahu: {phone} terdaftar", "The operator's application tells: {phone} is registered"],
  do_esme: ["{to} → {phone}: {text}", "{to} → {phone}: {text}"], do_note: ["", ""],
  as_told: ["sesuai", "as told"], other_than_told: ["lain dari cerita", "other than told"],
  read_only: ["Token ini hanya boleh melihat", "This token may only look"],
  viewer: ["hanya melihat", "looking only"],
  token: ["Token", "Token"], token_wanted: ["Gateway ini meminta token", "This gateway asks for a token"], use: ["Masuk", "Log in"],
  locked: ["Belum masuk", "Not logged in"], logout: ["Keluar", "Log out"], other_token: ["Masuk dengan token lain", "Log in with another token"],
  wrong_token: ["Token ini salah. Tanyakan read_token atau act_token gateway.", "This token is wrong. Ask for the gateway's read_token or act_token."],
  too_many_tokens: ["Terlalu banyak token salah: tunggu {seconds} detik.", "Too many wrong tokens: wait {seconds} seconds."],
  viewer_cannot: ["Token ini hanya boleh melihat. Tidak bisa: mengirim, menelepon, menyalakan ponsel, memajukan kalender, memainkan pelajaran, gangguan, tanda, kirim ulang.",
    "This token may only look. It cannot: send, call, switch phones, move the calendar, play lessons, switch faults, tag, resend."],
};
const MONTHS = [
  ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"],
  ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
];
const DAYS = [
  ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"],
  ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
];

let chosen = "id";
const followers = [];

/** The language: "id" or "en". */
export const language = () => chosen;

/** Choose a language; everything that is written changes. */
export function speak(wanted) {
  chosen = wanted === "en" ? "en" : "id";
  document.documentElement.lang = chosen;
  document.title = `${t("title")} · 4444`;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  for (const follow of followers) follow();
}

/** Call this whenever the language changes. */
export const whenSpoken = (follow) => followers.push(follow);

/** The word for a key; `otherwise` for what has none; {name} takes values. */
export function t(key, otherwise, values) {
  const found = WORDS[key];
  let word = found ? found[chosen === "en" ? 1 : 0] : otherwise ?? key;
  for (const [name, value] of Object.entries(values ?? {})) word = word.replace(`{${name}}`, value);
  return word;
}

/** "Senin, 26 Februari 2018". */
export function dated(parts) {
  const place = chosen === "en" ? 1 : 0;
  return `${DAYS[place][parts.weekday]}, ${parts.day} ${MONTHS[place][parts.month]} ${parts.year}`;
}
/** "26 Feb". */
export const shortDate = (parts) => `${parts.day} ${MONTHS[chosen === "en" ? 1 : 0][parts.month].slice(0, 3)}`;
/** A text in both languages, {id, en}, in the one chosen. */
export const said = (words) => (words ? words[chosen] ?? words.id ?? "" : "");
