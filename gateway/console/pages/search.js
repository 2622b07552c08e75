// A search over all messages, in the inbox's search language; one of them is opened below its row.
import { ask } from "./api.js";
import { fill, h, national } from "./dom.js";
import { view } from "./message.js";
import { t, whenSpoken } from "./words.js";

const FILES = { CSV: "export/messages?format=csv&", JSON: "export/messages?format=jsonl&", pcap: "messages.pcap?" };
let query, list, files;
let found = [];
let before = null;
let deleted = null;
let asked = false;
let open = null;

export function make(panel) {
  query = h("input", { id: "query", type: "search", size: "40", autocomplete: "off", spellcheck: "false" });
  list = h("div", {});
  files = h("p", { class: "tools files" });
  panel.append(
    h("form", { class: "tools", role: "search", onsubmit: (event) => { event.preventDefault(); find(true); } },
      h("label", { for: "query", "data-t": "query" }), query, h("button", { class: "main", "data-t": "find" })),
    h("p", { class: "soft", "data-t": "query_help" }), files, list);
  whenSpoken(write);
}

/** Search anew, unless somebody reads a message. */
export const refresh = () => (open === null ? find(true) : undefined);

async function find(anew) {
  const more = !anew && before ? `&before=${before}` : "";
  const answer = await ask("GET", `/messages/search?limit=30&q=${encodeURIComponent(query.value)}${more}`);
  if (!answer) return;
  asked = true;
  if (anew) open = null;
  found = anew ? answer.messages : [...found, ...answer.messages];
  before = answer.before;
  deleted = answer.deleted_up_to;
  write();
}

function changed(message) {
  found = found.map((one) => (one.id === message.id ? message : one));
  write();
}

function write() {
  if (!asked) return;
  const q = `q=${encodeURIComponent(query.value)}`;
  fill(files, h("span", { class: "soft" }, t("save_as")), ...Object.entries(FILES).map(([name, path]) =>
    h("a", { class: "file", href: `/api/v1/${path}${q}`, download: `messages.${name === "JSON" ? "jsonl" : name.toLowerCase()}` }, name)));
  const focused = document.activeElement?.id;
  const head = ["when", "from", "to", "message", "state"].map((key) => h("th", { scope: "col" }, t(key)));
  fill(list, found.length ? h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("search") },
    h("table", { class: "found" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("span", { class: "hidden" }, t("open"))), ...head)), h("tbody", {}, ...found.flatMap(rows))))
    : h("p", { class: "soft" }, t("nothing_found")),
    before ? h("p", {}, h("button", { type: "button", onclick: () => find(false) }, t("older"))) : null,
    !before && deleted ? h("p", { class: "soft" }, t("deleted_up_to", "", { id: deleted })) : null);
  if (focused) document.getElementById(focused)?.focus();
}

function rows(one) {
  const opened = one.id === open;
  const turn = () => {
    open = opened ? null : one.id;
    write();
  };
  const button = h("button", { type: "button", id: `message-${one.id}`, class: "turn", "aria-expanded": String(opened), "aria-label": `${t("open")} ${one.id}`, onclick: turn }, opened ? "▾" : "▸");
  const row = h("tr", {}, h("td", {}, button),
    h("td", { class: "mono" }, `${one.at.slice(0, 10)} ${one.at.slice(11, 16)}`), h("td", {}, national(one.from)), h("td", {}, national(one.to)),
    h("td", {}, one.text || (one.receipt_of ? `DLR ${one.receipt_of}` : ""), ...one.tags.flatMap((tag) => [" ", h("span", { class: "tag" }, `#${tag}`)])),
    h("td", {}, h("span", { class: `tag ${one.state === "DELIVERED" ? "good" : one.state === "ENROUTE" ? "warn" : "bad"}` }, one.state)));
  return opened ? [row, h("tr", { class: "opened" }, h("td", { colspan: "6" }, view(one, changed)))] : [row];
}
