// A search over all messages, in the inbox's search language.
import { ask } from "./api.js";
import { fill, h, national } from "./dom.js";
import { t, whenSpoken } from "./words.js";

let query, list;
let found = [];
let before = null;
let asked = false;

export function make(panel) {
  query = h("input", { id: "query", type: "search", size: "40", autocomplete: "off", spellcheck: "false" });
  list = h("div", {});
  panel.append(
    h("form", { class: "tools", role: "search", onsubmit: (event) => { event.preventDefault(); find(true); } },
      h("label", { for: "query", "data-t": "query" }), query, h("button", { class: "main", "data-t": "find" })),
    h("p", { class: "soft", "data-t": "query_help" }), list);
  whenSpoken(write);
}

export const refresh = () => find(true);

async function find(anew) {
  const more = !anew && before ? `&before=${before}` : "";
  const answer = await ask("GET", `/messages/search?limit=30&q=${encodeURIComponent(query.value)}${more}`);
  if (!answer) return;
  asked = true;
  found = anew ? answer.messages : [...found, ...answer.messages];
  before = answer.before;
  write();
}

function write() {
  if (!asked) return;
  const head = ["when", "from", "to", "message", "state"].map((key) => h("th", { scope: "col" }, t(key)));
  const rows = found.map((one) => h("tr", {},
    h("td", { class: "mono" }, `${one.at.slice(0, 10)} ${one.at.slice(11, 16)}`), h("td", {}, national(one.from)), h("td", {}, national(one.to)),
    h("td", {}, one.text || (one.receipt_of ? `DLR ${one.receipt_of}` : "")),
    h("td", {}, h("span", { class: `tag ${one.state === "DELIVERED" ? "good" : one.state === "ENROUTE" ? "warn" : "bad"}` }, one.state))));
  fill(list, found.length ? h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("search") }, h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)))
    : h("p", { class: "soft" }, t("nothing_found")),
    before ? h("p", {}, h("button", { type: "button", onclick: () => find(false) }, t("older"))) : null);
}
