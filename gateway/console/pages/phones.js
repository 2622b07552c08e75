// The row of phones. Each is a handset of the gateway; all who look see the same ones.
import { ask, tell } from "./api.js";
import { fill, h, national, text, toast, viewer } from "./dom.js";
import { t, whenSpoken } from "./words.js";

const SERVICES = ["MO_SMS", "MT_SMS", "MO_CALL", "MT_CALL", "DATA"];
const KEYS = [..."123456789*0#"];
const shown = new Map();
const known = new Map();
let row;

/** The phones as they are: number -> phone. */
export const all = () => known;

export function make(row_, tools) {
  row = row_;
  const number = h("input", { id: "new-phone", inputmode: "tel", size: "13" });
  const label = h("label", { for: "new-phone", "data-t": "number" });
  const every = (on) => () => Promise.all([...known.keys()].map((one) => ask("PUT", `/console/phones/${one}`, { on })));
  tools.append(
    h("button", { type: "button", id: "all-on", class: "main", "data-t": "all_on", onclick: every(true) }),
    h("button", { type: "button", "data-t": "all_off", onclick: every(false) }),
    h("form", { class: "tools", onsubmit: async (event) => {
      event.preventDefault();
      const citizen = 700 + Math.floor(Math.random() * 4000);
      if (await ask("PUT", `/console/phones/${encodeURIComponent(number.value.trim() || "-")}`, { on: true, citizen })) number.value = "";
    } }, label, number, h("button", { "data-t": "add_phone" })),
  );
  whenSpoken(() => {
    const phones = [...known];
    row.replaceChildren();
    shown.clear();
    for (const [one, phone] of phones) put(one, phone);
  });
}

/** Take the whole row, but for phones of which newer word has come. */
export function putAll(phones, isNews) {
  for (const number of [...known.keys()]) if (!(number in phones) && isNews(number)) put(number, null);
  for (const [number, phone] of Object.entries(phones)) if (isNews(number)) put(number, phone);
}

/** Take one phone; null takes it out of the row. */
export function put(number, phone) {
  if (phone === null) {
    shown.get(number)?.place.remove();
    shown.delete(number);
    known.delete(number);
  } else {
    known.set(number, phone);
    if (!shown.has(number)) {
      shown.set(number, build(number));
      row.append(shown.get(number).place);
    }
    write(shown.get(number), phone);
  }
  document.dispatchEvent(new Event("phones-changed"));
}

/** Write something into a phone's message. */
export function compose(number, words) {
  const one = shown.get(number);
  if (!one) return;
  one.to.value = "4444";
  one.message.value = words;
  one.place.scrollIntoView({ block: "nearest", inline: "nearest" });
  one.message.focus();
}

/** Bring a phone into the row's view, by its name; the page itself stays where it is. */
export function reveal(name) {
  const number = [...known.keys()].find((one) => known.get(one).name === name);
  const place = shown.get(number)?.place;
  if (!place) return;
  if (place.offsetLeft < row.scrollLeft || place.offsetLeft + place.offsetWidth > row.scrollLeft + row.clientWidth) row.scrollLeft = place.offsetLeft - 8;
}

/** The registration SMS of a phone with these numbers, in its operator's format. */
export const registration = (phone, nik, kk) => phone.hint.replace("NIK", nik).replace("KK", kk);

// ---- one phone

function build(number) {
  const path = `/console/phones/${number}`;
  const id = (part) => `${part}-${number}`;
  const one = { number };
  const act = (what, body) => tell("POST", `${path}/${what}`, body);
  one.brand = h("span", { class: "brand" });
  one.power = h("input", { type: "checkbox", role: "switch", id: id("power"), onchange: (event) => ask("PUT", path, { on: event.target.checked }) });
  one.data = h("input", { type: "checkbox", role: "switch", id: id("data"), onchange: async (event) => {
    const told = await act("data", { on: event.target.checked });
    if (!told?.accepted) event.target.checked = known.get(number)?.data ?? false;
  } });
  one.name = h("strong");
  one.digits = h("span", { class: "mono soft" });
  one.status = h("div", { class: "status" });
  one.bars = h("ul", { class: "bars" }, ...SERVICES.map(() => h("li")));
  one.screen = h("div", { class: "screen", tabindex: "0", role: "log", "aria-label": t("message") });
  one.call = h("div", { class: "call", hidden: true });
  one.to = h("input", { id: id("to"), value: "4444", inputmode: "tel" });
  one.message = h("textarea", { id: id("message"), rows: "2" });
  one.send = h("button", { class: "main" }, t("send"));
  one.dial = h("button", { type: "button", onclick: async () => {
    const to = one.to.value.trim();
    if (!/^[*#]/.test(to)) return act("call", { to });
    const told = await act("ussd", { code: to });
    if (told?.text) toast(told.text);
  } }, t("dial"));
  const pad = h("div", { class: "pad", hidden: true }, ...KEYS.map((key) =>
    h("button", { type: "button", onclick: () => { one.to.value += key; } }, key)));
  const keys = h("button", { type: "button", "aria-expanded": "false", onclick: () => {
    pad.hidden = !pad.hidden;
    keys.setAttribute("aria-expanded", String(!pad.hidden));
    if (!pad.hidden) one.to.value = "";
  } }, t("keys"));
  const format = h("button", { type: "button", onclick: () => {
    const phone = known.get(number);
    compose(number, registration(phone, phone.owner.nik, phone.owner.kk));
  } }, t("format"));
  const form = h("form", { onsubmit: async (event) => {
    event.preventDefault();
    if (!one.message.value.trim()) return one.message.focus();
    if (await act("sms", { to: one.to.value.trim(), text: one.message.value })) one.message.value = "";
  } },
    h("div", { class: "line" }, h("label", { for: id("to") }, t("to")), one.to, keys), pad,
    h("label", { class: "hidden", for: id("message") }, t("message")), one.message,
    h("div", { class: "line" }, one.send, one.dial, format));
  one.form = form;
  one.place = h("article", { class: "phone", "aria-label": number },
    h("div", { class: "bar" }, h("span", { class: "signal", "aria-hidden": "true" }, h("i"), h("i"), h("i"), h("i")), one.brand,
      h("label", { class: "switch", for: id("power") }, one.power, t("power")),
      h("label", { class: "switch", for: id("data") }, one.data, t("data"))),
    h("div", { class: "who" }, one.name, one.digits), one.status, one.bars, one.screen, one.call, form);
  return one;
}

function write(one, phone) {
  one.place.className = `phone${phone.on ? " on" : ""} stage-${phone.stage}`;
  one.place.setAttribute("aria-label", `${phone.name} ${phone.number}`);
  text(one.brand, phone.brand);
  text(one.name, phone.name);
  text(one.digits, phone.number);
  one.power.checked = phone.on;
  one.data.checked = phone.data;
  one.power.disabled = viewer();
  one.data.disabled = !phone.on || viewer();
  for (const control of one.form.querySelectorAll("button, textarea")) control.disabled = !phone.on;
  const registered = phone.status.startsWith("registered");
  fill(one.status, h("span", { class: `tag ${registered ? "good" : "warn"}` }, t(`status_${phone.status}`, phone.status)),
    phone.stage === "OPEN" ? null : h("span", { class: "tag bad" }, t(`stage_${phone.stage}`)),
    phone.ussd ? h("span", { class: "tag" }, phone.ussd) : null);
  SERVICES.forEach((service, index) => {
    const item = one.bars.children[index];
    const no = phone.barred.includes(service);
    item.className = no ? "no" : "";
    text(item, `${no ? "✕ " : ""}${t(service)}`);
    item.setAttribute("aria-label", `${t(service)}: ${t(no ? "barred" : "ok")}`);
  });
  bubbles(one, phone);
  call(one, phone.call);
}

function bubbles(one, phone) {
  const same = JSON.stringify(phone.bubbles);
  if (same === one.same) return;
  one.same = same;
  const list = phone.bubbles.map((bubble) => {
    const refused = bubble.way === "out" && bubble.accepted === false;
    const under = bubble.way === "in" ? national(bubble.other) + (bubble.parts > 1 ? ` · ${bubble.parts} SMS` : "")
      : bubble.way === "note" ? ""
      : `→ ${national(bubble.other)} · ${refused ? `${t("refused")}: ${t(`cause_${bubble.why}`, bubble.why)}` : t(bubble.accepted === null ? "sending" : "sent")}`;
    return h("div", { class: `bubble ${bubble.way}${refused ? " refused" : ""}` },
      bubble.way === "note" ? t(`cause_${bubble.text}`, bubble.text) : bubble.text, under ? h("small", {}, under) : null);
  });
  fill(one.screen, ...(list.length ? list : [h("p", { class: "soft" }, t("nobody"))]));
  one.screen.scrollTop = one.screen.scrollHeight;
}

function call(one, now) {
  const same = JSON.stringify(now);
  if (same === one.sameCall) return;
  one.sameCall = same;
  one.call.hidden = !now;
  if (!now) return;
  const act = (action) => h("button", { type: "button", onclick: () => tell("POST", `/console/phones/${one.number}/call`, { action }) }, t(action));
  const cause = now.cause && now.cause !== "normal_clearing" ? `: ${t(`cause_${now.cause}`, now.cause)}` : "";
  const words = now.state === "ended" ? `${t("call_ended")}${cause}` : `${t(`call_${now.state}`)} ${national(now.other)}`;
  fill(one.call, h("span", {}, `☎ ${words}`),
    now.state === "incoming" ? act("answer") : null, now.state === "incoming" ? act("reject") : null,
    now.state === "ringing" || now.state === "answered" ? act("hangup") : null);
}
