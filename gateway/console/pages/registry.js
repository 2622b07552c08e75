// Synthetic people of the civil registry, to be copied into a phone.
import { ask } from "./api.js";
import { fill, h, toast } from "./dom.js";
import { all, compose, registration } from "./phones.js";
import { t, whenSpoken } from "./words.js";

const COUNT = 8;
let place;
let start = 100;
let people = [];

export function make(panel) {
  place = panel;
  whenSpoken(write);
}

export async function refresh() {
  if (!people.length) people = (await ask("GET", `/citizens?count=${COUNT}&start=${start}`)) ?? [];
  write();
}

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    toast(`${t("copied")}: ${words}`);
  } catch {
    toast(words);
  }
}

function into(person) {
  const select = h("select", { "aria-label": `${t("into")}: ${person.name}`, onchange: () => {
    const phone = all().get(select.value);
    if (phone) compose(select.value, registration(phone, person.nik, person.valid_kk));
    select.value = "";
  } }, h("option", { value: "" }, `${t("into")} …`), ...[...all()].map(([number, phone]) => h("option", { value: number }, `${phone.name} · ${phone.number}`)));
  return select;
}

function write() {
  const head = ["name", "born", "place"].map((key) => h("th", { scope: "col" }, t(key)));
  const rows = people.map((person) => h("tr", {},
    h("td", {}, person.name), h("td", {}, person.birth_date), h("td", {}, person.regency),
    ...[person.nik, person.valid_kk].map((digits) => h("td", {}, h("button", { type: "button", class: "mono", "aria-label": `${t("copy")} ${digits}`, onclick: () => copy(digits) }, digits))),
    h("td", {}, h("span", { class: `tag ${person.standing === "sound" ? "good" : "warn"}` }, person.standing)),
    h("td", {}, into(person))));
  fill(place, h("p", { class: "soft" }, t("people_note")),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("registry") }, h("table", {},
      h("thead", {}, h("tr", {}, ...head, h("th", { scope: "col" }, "NIK"), h("th", { scope: "col" }, "KK"), h("th", { scope: "col" }, t("standing")), h("th", { scope: "col" }, t("into")))),
      h("tbody", {}, ...rows))),
    h("p", {}, h("button", { type: "button", onclick: () => { start += COUNT; people = []; refresh(); } }, t("more_people"))));
}
