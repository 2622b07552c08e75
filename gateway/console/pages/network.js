// The network view: where events pass, and each of a sample with its why.
import { h, fill, national, text } from "./dom.js";
import { t, whenSpoken } from "./words.js";

const NODES = ["phone", "smsc", "4444", "registry", "reply"];
const TROUBLE = new Set(["bad_format", "nik_unknown", "kk_mismatch", "over_limit", "statement_due", "locked", "busy", "lost"]);
const LISTED_MOST = 60;
const WINDOW_MS = 2000;
const nodes = new Map();
const counts = new Map();
let list, sample, hold;
let events = [];
let ticks = [];

export function make(place, sample_) {
  sample = sample_;
  const row = h("div", { class: "nodes" });
  for (const name of NODES) {
    const word = h("span", {});
    const count = h("b", {}, "0");
    const node = h("div", { class: "node" }, word, count);
    nodes.set(name, { node, word, count });
    counts.set(name, 0);
    row.append(node);
  }
  hold = h("input", { type: "checkbox", id: "hold" });
  list = h("ol", { class: "events", tabindex: "0", "data-label": "network" });
  place.append(row, h("label", { class: "switch", for: "hold" }, hold, h("span", { "data-t": "freeze" })), list);
  whenSpoken(() => {
    for (const [name, { word }] of nodes) text(word, name === "4444" ? "4444" : t(`node_${name}`, t(name)));
    fill(list, ...(events.length ? events.map(line) : [h("li", { class: "soft" }, t("no_events"))]));
    rate();
  });
  setInterval(rate, 1000);
}

/** Take what passed since the last tick. */
export function put(tick) {
  ticks.push({ at: performance.now(), passed: tick.passed, shown: tick.events.length });
  for (const event of tick.events) {
    for (const step of event.way) {
      const name = step === "esme" ? "phone" : step;
      if (nodes.has(name)) light(name);
    }
  }
  if (tick.events.length && !hold.checked) {
    if (!events.length) fill(list);
    events = [...tick.events.toReversed(), ...events].slice(0, LISTED_MOST);
    list.prepend(...tick.events.toReversed().map(line));
    while (list.children.length > LISTED_MOST) list.lastElementChild.remove();
  }
  rate();
}

function light(name) {
  const { node, count } = nodes.get(name);
  counts.set(name, counts.get(name) + 1);
  text(count, counts.get(name).toLocaleString());
  node.classList.add("lit");
  clearTimeout(node.dimmer);
  node.dimmer = setTimeout(() => node.classList.remove("lit"), 700);
}

function rate() {
  const since = performance.now() - WINDOW_MS;
  ticks = ticks.filter((tick) => tick.at > since);
  const passed = ticks.reduce((sum, tick) => sum + tick.passed, 0);
  const shown = ticks.reduce((sum, tick) => sum + tick.shown, 0);
  const second = Math.round((passed * 1000) / WINDOW_MS);
  // Acknowledgements are never shown: few missing are no sample.
  const some = passed > 50 && shown < passed / 2;
  sample.classList.toggle("some", some);
  text(sample, `${second.toLocaleString()} ${t("per_second")} · ${some
    ? t("sampled", "", { shown: shown.toLocaleString(), passed: passed.toLocaleString() }) : t("all_shown")}`);
}

function line(event) {
  const bad = event.cause || event.way.includes("refused");
  const who = [national(event.from), event.to ? `→ ${national(event.to)}` : ""].join(" ").trim();
  const way = event.way.map((step) => t(`node_${step}`, t(step))).join(" → ");
  return h("li", { class: "event" },
    h("div", { class: "first" },
      h("span", { class: `tag ${bad ? "bad" : event.outcome === "registered" ? "good" : TROUBLE.has(event.outcome) ? "warn" : ""}` }, t(`kind_${event.kind}`, event.kind)),
      h("strong", {}, who), h("span", { class: "soft" }, `${event.at.slice(0, 10)} ${event.at.slice(11, 16)} · ${way}`)),
    event.text ? h("div", { class: "said" }, `“${event.text}”`) : null,
    event.reply ? h("div", { class: "said" }, `↩ ${event.reply}`) : null,
    h("div", { class: "why" }, event.why));
}
