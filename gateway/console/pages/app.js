// Starts the page: what there is, then what changes, as server-sent events.
import { ask } from "./api.js";
import * as calendar from "./calendar.js";
import * as charts from "./charts.js";
import { h, text } from "./dom.js";
import * as faults from "./faults.js";
import * as lessons from "./lessons.js";
import * as login from "./login.js";
import * as network from "./network.js";
import * as phones from "./phones.js";
import * as registry from "./registry.js";
import * as search from "./search.js";
import * as smpp from "./smpp.js";
import * as webhooks from "./webhooks.js";
import { language, speak, t, whenSpoken } from "./words.js";

const TABS = { charts, registry, faults, smpp, search, webhooks };
let shown = "charts";
let up = null;
let mayAct = true;

function remembered(key, otherwise) {
  try { return localStorage.getItem(key) ?? otherwise; } catch { return otherwise; }
}
function remember(key, value) {
  try { localStorage.setItem(key, value); } catch { /* private windows remember nothing */ }
}

// ---- settings

function settings() {
  const root = document.documentElement;
  const dark = () => root.dataset.theme === "dark";
  const language_ = h("button", { type: "button", id: "language", onclick: () => {
    speak(language() === "id" ? "en" : "id");
    remember("language", language());
  } });
  const theme = h("button", { type: "button", id: "theme", onclick: () => {
    root.dataset.theme = dark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
    write();
  } });
  const size = h("button", { type: "button", id: "size", onclick: () => {
    root.dataset.size = root.dataset.size === "big" ? "" : "big";
    remember("size", root.dataset.size);
    write();
  } });
  const write = () => {
    text(language_, language() === "id" ? "English" : "Bahasa Indonesia");
    language_.lang = language() === "id" ? "en" : "id";
    text(theme, dark() ? t("light") : t("dark"));
    text(size, t("big"));
    size.setAttribute("aria-pressed", String(root.dataset.size === "big"));
  };
  root.dataset.theme = remembered("theme", matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.dataset.size = remembered("size", "");
  document.getElementById("settings").append(language_, theme, size);
  whenSpoken(write);
}

// ---- tabs

function tabs() {
  const list = document.getElementById("tabs");
  const panels = document.getElementById("panels");
  const names = Object.keys(TABS);
  for (const name of names) {
    const tab = h("button", {
      type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, "data-t": name,
      onclick: () => choose(name),
      onkeydown: (event) => {
        const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!move) return;
        const next = names[(names.indexOf(name) + move + names.length) % names.length];
        choose(next);
        document.getElementById(`tab-${next}`).focus();
      },
    });
    const panel = h("div", { role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}`, tabindex: "0" });
    list.append(tab);
    panels.append(panel);
    TABS[name].make(panel);
  }
  choose(shown);
}

function choose(name) {
  shown = name;
  for (const one of Object.keys(TABS)) {
    const tab = document.getElementById(`tab-${one}`);
    tab.setAttribute("aria-selected", String(one === name));
    tab.tabIndex = one === name ? 0 : -1;
    document.getElementById(`panel-${one}`).hidden = one !== name;
  }
  const [tab, list] = [document.getElementById(`tab-${name}`), document.getElementById("tabs")];
  const left = tab.offsetLeft - list.offsetLeft;
  if (left < list.scrollLeft || left + tab.offsetWidth > list.scrollLeft + list.clientWidth) list.scrollLeft = left - 8;
  TABS[name].refresh();
}

// ---- what happens

function write() {
  const state = document.getElementById("state");
  state.classList.toggle("bad", up === false);
  text(state, (up === null ? t("connecting") : up ? t("connected") : t("unreachable")) + (mayAct ? "" : ` · ${t("viewer")}`));
}

/** After which tick each phone was last told: an answer from before it is older. */
const ticks = new Map();

async function everything() {
  const all = await ask("GET", "/console", undefined, true);
  if (all === null) return;
  mayAct = all.may_act;
  document.body.classList.toggle("viewer", !mayAct);
  calendar.put(all.clock, all.schedule);
  phones.putAll(all.phones, (number) => (ticks.get(number) ?? 0) <= all.tick);
  lessons.put(all.lesson);
  write();
}

function follow() {
  const source = new EventSource("/api/v1/console/stream");
  source.addEventListener("open", () => {
    up = true;
    ticks.clear();
    write();
    everything();
  });
  source.addEventListener("error", () => {
    up = false;
    write();
    if (source.readyState !== EventSource.CLOSED) return;
    everything();
    setTimeout(follow, 2000);
  });
  source.addEventListener("lost", everything);
  source.addEventListener("tick", (event) => {
    const tick = JSON.parse(event.data);
    network.put(tick);
    for (const [number, phone] of Object.entries(tick.phones)) {
      ticks.set(number, tick.tick);
      phones.put(number, phone);
    }
    if (tick.clock) {
      calendar.put(tick.clock);
      everything();
    }
    if (tick.lesson) lessons.put(tick.lesson);
    if (tick.faults && shown === "faults") faults.refresh();
  });
}

async function start() {
  settings();
  speak(remembered("language", navigator.language.startsWith("en") ? "en" : "id"));
  document.addEventListener("token-wanted", () => login.wanted());
  const who = await login.session();
  if (who && !who.may_read) {
    text(document.getElementById("state"), t("locked"));
    login.wanted(who.refused);
    return;
  }
  if (who) login.tell(who, document.getElementById("settings"), document.getElementById("viewer"));
  calendar.make(document.getElementById("calendar"));
  phones.make(document.getElementById("phones"), document.getElementById("phones-tools"));
  network.make(document.getElementById("network"), document.getElementById("sample"));
  lessons.make(document.getElementById("lessons"));
  tabs();
  whenSpoken(write);
  speak(language());
  document.body.classList.remove("closed");
  follow();
  setInterval(() => { if (!document.hidden && (shown === "charts" || shown === "smpp")) TABS[shown].refresh(); }, 3000);
}

start();
