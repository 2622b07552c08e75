// The calendar: the schedule's stages as a band, a handle that jumps the clock, play and pause.
import { tell } from "./api.js";
import { fill, h, text, toast, wib } from "./dom.js";
import { dated, shortDate, t, whenSpoken } from "./words.js";

const DAY = 86_400_000;
const SPEEDS = [[1, "real_time"], [60, "minute_s"], [3600, "hour_s"], [86400, "day_s"]];
let place, date, band, handle, past, play, speed;
let clock = { now: 0, speed: 0 };
let told = 0;
let schedule = null;
let dragged = null;

/** The calendar's time now, as it runs between two words of the gateway. */
export const now = () => clock.now + (performance.now() - told) * clock.speed;

export function make(section) {
  place = section;
  whenSpoken(build);
  setInterval(() => { if (!document.hidden) write(); }, 250);
}

export function put(clock_, schedule_) {
  clock = clock_;
  told = performance.now();
  if (schedule_) schedule = schedule_;
  if (schedule && (schedule_ || !band)) build();
  write();
}

async function move(body) {
  const answer = await tell("PUT", "/clock", body);
  if (answer) put({ now: Date.parse(answer.now), speed: answer.speed });
}

function build() {
  if (!schedule) return;
  const focused = document.activeElement?.id;
  date = h("span", { class: "date", id: "date" });
  play = h("button", { type: "button", id: "play", class: "main", onclick: () =>
    move({ speed: clock.speed ? 0 : Number(speed.value) }) });
  speed = h("select", { id: "speed", "aria-label": t("speed"), onchange: () => {
    if (clock.speed) move({ speed: Number(speed.value) });
  } }, ...SPEEDS.map(([value, key]) => h("option", { value }, t(key))));
  speed.value = String(SPEEDS.some(([value]) => value === clock.speed) && clock.speed ? clock.speed : 86400);
  const jump = (id, advance) => h("button", { type: "button", id, onclick: () => move({ advance }) }, t(id));
  const next = h("button", { type: "button", id: "next_stage", onclick: () => {
    const stage = schedule.stages.find((one) => one.at > now());
    if (stage) move({ now: wib(stage.at + 8 * 3600_000).iso });
  } }, t("next_stage"));
  band = h("div", { class: "band", onpointerdown: begin, onpointermove: drag, onpointerup: drop, onpointercancel: stop });
  stripes();
  fill(place, h("div", { class: "row" }, date, play, speed, jump("plus_day", "1d"), jump("plus_week", "7d"), next,
    h("span", { class: "soft" }, `${schedule.name} · ${schedule.source}`)), band);
  if (focused) document.getElementById(focused)?.focus();
  write();
}

const first = () => schedule.from;
const last = () => Math.max(schedule.stages.at(-1).at + 21 * DAY, now());
const share = (at) => Math.min(1, Math.max(0, (at - first()) / (last() - first())));

function stripes() {
  const starts = [{ stage: "OPEN", at: first() }, ...schedule.stages];
  const parts = starts.map((one, index) => {
    const end = starts[index + 1]?.at ?? last();
    const stripe = h("span", { class: `stage s-${one.stage}`, title: t(`stage_${one.stage}`) }, t(`stage_${one.stage}`));
    stripe.style.left = `${100 * share(one.at)}%`;
    stripe.style.width = `${100 * (share(end) - share(one.at))}%`;
    return stripe;
  });
  const ticks = schedule.stages.map((one) => {
    const tick = h("span", { class: "tick" }, shortDate(wib(one.at)));
    tick.style.left = `${100 * share(one.at)}%`;
    return tick;
  });
  past = h("span", { class: "past" });
  handle = h("div", { class: "handle", id: "handle", role: "slider", tabindex: "0", "aria-label": t("drag"), onkeydown: key });
  fill(band, ...parts, past, ...ticks, handle);
}

function write() {
  if (!band) return;
  const at = dragged ?? now();
  const parts = wib(at);
  text(date, `${dated(parts)} ${parts.clock}`);
  text(play, clock.speed ? `⏸ ${t("pause")}` : `▶ ${t("play")}`);
  handle.style.left = `${100 * share(at)}%`;
  past.style.width = `${100 * share(now())}%`;
  handle.setAttribute("aria-valuemin", String(first()));
  handle.setAttribute("aria-valuemax", String(last()));
  handle.setAttribute("aria-valuenow", String(Math.round(at)));
  handle.setAttribute("aria-valuetext", `${dated(parts)} ${parts.clock}`);
}

// ---- the handle

function under(event) {
  const box = band.getBoundingClientRect();
  const at = first() + ((event.clientX - box.left) / box.width) * (last() - first());
  // Whole days at eight in the morning, when people are up.
  return Math.floor((at + 7 * 3600_000) / DAY) * DAY - 7 * 3600_000 + 8 * 3600_000;
}
function begin(event) {
  band.setPointerCapture(event.pointerId);
  dragged = under(event);
  write();
}
function drag(event) {
  if (dragged === null) return;
  dragged = under(event);
  write();
}
function drop() {
  const target = dragged;
  dragged = null;
  if (target === null) return;
  if (target <= now()) {
    if (now() - target > DAY) toast(t("only_forward"));
    write();
    return;
  }
  move({ now: wib(target).iso });
}
function stop() {
  dragged = null;
  write();
}
function key(event) {
  const days = { ArrowRight: 1, ArrowUp: 1, PageUp: 7 }[event.key];
  if (days) {
    event.preventDefault();
    move({ advance: `${days}d` });
  } else if (["ArrowLeft", "ArrowDown", "PageDown", "Home"].includes(event.key)) {
    event.preventDefault();
    toast(t("only_forward"));
  }
}
