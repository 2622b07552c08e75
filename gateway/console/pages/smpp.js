// SMPP: who is bound, and the PDUs of an account.
import { ask } from "./api.js";
import { fill, h, viewer } from "./dom.js";
import { t, whenSpoken } from "./words.js";

let place;
let sessions = [];
let accounts = [];
let chosen = "";
let pdus = null;

export function make(panel) {
  place = panel;
  whenSpoken(write);
}

export async function refresh() {
  const [bound, known] = await Promise.all([ask("GET", "/smpp/sessions", undefined, true), ask("GET", "/smpp", undefined, true)]);
  sessions = bound?.sessions ?? sessions;
  accounts = known?.accounts ?? accounts;
  if (!chosen && accounts.length) chosen = sessions[0]?.account ?? accounts[0].system_id;
  if (chosen) pdus = await ask("GET", `/smpp/pdus?limit=40&account=${encodeURIComponent(chosen)}`, undefined, true);
  // Who reads a PDU is not disturbed.
  if (place.querySelector("details[open]")) return;
  if (!place.contains(document.activeElement) || document.activeElement.tagName !== "SELECT") write();
}

function write() {
  const head = ["account", "bind", "peer", "requests", "delivers"].map((key) => h("th", { scope: "col" }, t(key)));
  const rows = sessions.map((one) => h("tr", {},
    h("td", {}, one.account), h("td", {}, one.bind), h("td", { class: "mono" }, one.peer), h("td", {}, one.requests), h("td", {}, one.delivers),
    h("td", {}, h("button", { type: "button", disabled: viewer(), onclick: async () => { await ask("DELETE", `/smpp/sessions/${one.id}`); refresh(); } }, t("end")))));
  const select = h("select", { id: "pdu-account", onchange: () => { chosen = select.value; refresh(); } },
    ...accounts.map((one) => h("option", { value: one.system_id }, one.system_id)));
  select.value = chosen;
  const log = h("input", { type: "checkbox", id: "pdu-log", role: "switch", checked: pdus?.logging, disabled: viewer(), onchange: async (event) => {
    await ask("PUT", `/smpp/accounts/${chosen}/pdu-log`, { on: event.target.checked });
    refresh();
  } });
  const seen = pdus?.pdus ?? [];
  fill(place,
    sessions.length ? h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("smpp") }, h("table", {}, h("thead", {}, h("tr", {}, ...head, h("th", { scope: "col" }, t("end")))), h("tbody", {}, ...rows)))
      : h("p", { class: "soft" }, t("no_sessions")),
    h("h3", {}, "PDU"),
    h("p", { class: "tools" }, h("label", { for: "pdu-account" }, t("account")), select, h("label", { class: "switch", for: "pdu-log" }, log, t("pdu_log"))),
    seen.length ? h("div", {}, ...seen.toReversed().map(shown)) : h("p", { class: "soft" }, t("no_pdus")));
}

function shown(pdu) {
  const words = Object.entries(pdu.fields).map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join("\n");
  const octets = pdu.octets ? `\n\n${pdu.octets}` : "";
  return h("details", {}, h("summary", { class: "mono" }, `${pdu.at.slice(11, 23)} ${pdu.direction === "received" ? "→" : "←"} ${pdu.line}`), h("pre", { class: "pdu" }, words + octets));
}
