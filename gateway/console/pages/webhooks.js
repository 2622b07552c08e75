// Webhooks: where messages are posted to, and how the newest attempts went.
import { ask } from "./api.js";
import { fill, h } from "./dom.js";
import { t, whenSpoken } from "./words.js";

let place;
let rows = null;

export function make(panel) {
  place = panel;
  whenSpoken(write);
}

export async function refresh() {
  rows = (await ask("GET", "/webhooks", undefined, true))?.webhooks ?? rows;
  write();
}

function write() {
  if (!rows) return;
  const again = h("p", {}, h("button", { type: "button", id: "webhooks-again", onclick: refresh }, t("look_again")));
  if (!rows.length) {
    fill(place, h("p", { class: "soft" }, t("no_webhooks")));
    return;
  }
  const head = ["name", "webhook_to", "webhook_search", "posted", "given_up", "attempts"].map((key) => h("th", { scope: "col" }, t(key)));
  const focused = document.activeElement?.id;
  fill(place, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("webhooks") },
    h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows.map(row)))), again);
  if (focused) document.getElementById(focused)?.focus();
}

function row(one) {
  return h("tr", {}, h("th", { scope: "row" }, one.name), h("td", { class: "mono" }, one.url), h("td", { class: "mono" }, one.search || t("all_messages")),
    h("td", {}, String(one.posted)), h("td", {}, h("span", { class: one.given_up ? "tag bad" : "" }, String(one.given_up))), h("td", {}, ...one.newest.slice(0, 5).map(attempt)));
}

function attempt(one) {
  return h("div", {}, h("span", { class: `tag ${one.why ? "bad" : "good"}` }, one.why || t("taken")), " ",
    h("span", { class: "soft" }, `${one.at.slice(11, 19)} UTC · ${t("message")} ${one.message} · ${t("attempt")} ${one.attempt}`));
}
