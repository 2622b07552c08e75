// One message: its PDUs by fields and as octets, tags, and sending it again.
import { ask, tell } from "./api.js";
import { fill, h, toast, viewer } from "./dom.js";
import { t } from "./words.js";

const AGAIN = new Set(["mo", "mt"]);

/** Make the view of a message; `changed` is called with it when its tags are others. */
export function view(message, changed) {
  const pdus = h("div", { class: "pdus", role: "status" }, t("loading"));
  show(message.id, pdus);
  return h("div", { class: "message", role: "region", "aria-label": `${t("message")} ${message.id}` },
    h("p", { class: "said" }, message.text), acts(message, changed), h("h3", {}, "PDU"), pdus);
}

function acts(message, changed) {
  const input = h("input", { id: `tags-${message.id}`, value: message.tags.join(" "), size: "18", autocomplete: "off", spellcheck: "false", disabled: viewer() });
  const save = async (event) => {
    event.preventDefault();
    const tagged = await ask("PUT", `/messages/${message.id}/tags`, { tags: input.value.split(/\s+/).filter(Boolean) });
    if (tagged) {
      toast(t("tags_saved"));
      changed(tagged);
    }
  };
  const resend = async () => {
    const told = await tell("POST", `/messages/${message.id}/resend`);
    if (told?.accepted) toast(`${t("resent")}: ${told.ids.join(", ")}`);
  };
  return h("form", { class: "tools acts", onsubmit: save },
    h("button", { type: "button", class: "resend", disabled: viewer() || !AGAIN.has(message.kind), title: AGAIN.has(message.kind) ? null : t("network_own"), onclick: resend }, t("resend")),
    h("label", { for: input.id }, t("tags")), input, h("button", { disabled: viewer() }, t("save_tags")));
}

async function show(id, place) {
  const answer = await ask("GET", `/messages/${id}/pdu`);
  if (!answer) return fill(place);
  const words = answer.pdus.length ? `${t("rebuilt")} ${answer.masked ? t("pdus_masked") : ""}` : t("no_pdu");
  return fill(place, h("p", { class: "soft" }, words), ...answer.pdus.map(shown));
}

function shown(pdu, index) {
  const rows = Object.entries(pdu.fields).flatMap(([name, value]) => row(name, value));
  const when = pdu.at ? `${pdu.at.slice(0, 10)} ${pdu.at.slice(11, 23)} UTC` : t("not_sent");
  return h("details", { class: "rebuilt", open: index === 0 },
    h("summary", {}, h("strong", { class: "mono" }, `${pdu.direction === "received" ? "→" : "←"} ${pdu.fields.command}`),
      h("span", { class: "soft" }, ` ${pdu.account} · ${t("session")} ${pdu.session || "–"} · ${when}`)),
    h("div", { class: "pair" },
      h("table", { class: "fields" }, h("tbody", {}, ...rows)),
      h("pre", { class: "pdu hex", tabindex: "0", role: "region", "aria-label": t("octets"), "data-octets": pdu.octets }, dump(pdu.octets))));
}

function row(name, value) {
  if (value && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).map(([key, one]) => field(`${name}.${key}`, one));
  }
  return [field(name, Array.isArray(value) ? value.join(", ") : String(value))];
}
const field = (name, value) => h("tr", {}, h("th", { scope: "row", class: "mono" }, name), h("td", { class: "mono" }, value));

const narrow = matchMedia("(max-width: 900px)");
narrow.addEventListener("change", () => {
  for (const place of document.querySelectorAll("pre.hex")) place.textContent = dump(place.dataset.octets);
});

/** Octets as a dump: place, octets, what is printable of them. */
export function dump(hex) {
  const width = narrow.matches ? 8 : 16;
  const octets = hex.match(/../g) ?? [];
  const lines = [];
  for (let at = 0; at < octets.length; at += width) {
    const part = octets.slice(at, at + width);
    const seen = part.map((one) => parseInt(one, 16)).map((code) => (code >= 32 && code < 127 ? String.fromCharCode(code) : ".")).join("");
    lines.push(`${at.toString(16).padStart(4, "0")}  ${part.join(" ").padEnd(3 * width - 1)}  ${seen}`);
  }
  return lines.join("\n");
}
