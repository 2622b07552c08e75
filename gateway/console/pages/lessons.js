// Lessons: scripted scenarios that a trainer starts, pauses and steps; all who look follow.
import { ask } from "./api.js";
import { fill, h, viewer } from "./dom.js";
import { reveal } from "./phones.js";
import { said, t, whenSpoken } from "./words.js";

const PAUSE_MS = 3500;
let place;
let list = [];
let lesson = null;
let playing = 0;
let stepping = false;
let wanted = -1;

export async function make(place_) {
  place = place_;
  whenSpoken(write);
  await offers();
}

/** Learn which lessons can be begun now: the calendar may have passed some. */
async function offers() {
  list = (await ask("GET", "/console/lessons", undefined, true)) ?? list;
  write();
}

/** Take how the lesson stands. */
export function put(lesson_) {
  // A step is told twice, by its answer and to all viewers, and what was asked before may come later.
  if (lesson && lesson_ && lesson_.run === lesson.run && lesson_.position <= lesson.position) return;
  const ran = lesson !== null;
  lesson = lesson_ && lesson_.name ? lesson_ : null;
  if (!lesson || lesson.position >= lesson.steps.length) hold();
  write();
  if (lesson?.position) reveal(lesson.steps[lesson.position - 1].phone);
  if (ran && !lesson) offers();
}

async function begin(name) {
  hold();
  put((await ask("POST", `/console/lessons/${name}`)) ?? lesson);
}

/** Play the step that the viewer sees as the next one. */
async function step() {
  if (!lesson) return;
  wanted = lesson.position;
  if (stepping) return;
  stepping = true;
  try {
    // The page may show a step as done before its answer is here: who then presses wants the next.
    for (let asked = -1; lesson && wanted === lesson.position && wanted !== asked; ) {
      asked = wanted;
      const told = await ask("POST", "/console/lesson/step", { position: asked });
      if (told) put(told);
      else {
        hold();
        write();
      }
    }
  } finally {
    stepping = false;
  }
}

async function play() {
  hold();
  playing = setInterval(step, PAUSE_MS);
  await step();
}

function hold() {
  clearInterval(playing);
  playing = 0;
}

async function leave() {
  hold();
  if (await ask("DELETE", "/console/lesson")) put(null);
}

// ---- as it looks

function write() {
  if (!place) return;
  const focused = document.activeElement?.id;
  fill(place, ...(lesson ? running() : [h("div", { class: "offers", tabindex: "0", role: "group", "aria-labelledby": "lessons-title" }, ...list.map(offer)), ...remedy()]));
  if (focused) document.getElementById(focused)?.focus();
  const old = place.querySelector(".steps");
  const next = place.querySelector("li.next");
  if (old) old.scrollTop = next ? next.offsetTop - old.offsetTop - 80 : old.scrollHeight;
}

function offer(one) {
  return h("button", { type: "button", class: "lesson", id: `lesson-${one.name}`, disabled: one.too_late || viewer(), onclick: () => begin(one.name) },
    h("b", {}, said(one.title)), h("span", {}, one.too_late ? t("too_late") : said(one.about)));
}

/** How to get a calendar that is early enough; it only moves forwards. */
function remedy() {
  const late = list.find((one) => one.too_late);
  return late ? [h("p", { class: "soft" }, t("too_late_how")), h("pre", { class: "pdu mono command" }, late.remedy)] : [];
}

function running() {
  const ended = lesson.position >= lesson.steps.length;
  const button = (id, key, act, more = {}) => h("button", { type: "button", id, onclick: act, ...more }, t(key));
  return [
    h("p", {}, h("strong", {}, said(lesson.title))), h("p", { class: "soft" }, said(lesson.about)),
    h("p", { class: "tools" },
      button("lesson-step", "step", step, { class: "main", disabled: ended }),
      playing ? button("lesson-play", "hold", () => { hold(); write(); }) : button("lesson-play", "auto", play, { disabled: ended }),
      button("lesson-again", "again", () => begin(lesson.name)), button("lesson-leave", "leave", leave),
      h("span", { class: "soft", role: "status", id: "lesson-place" }, `${lesson.position} ${t("of")} ${lesson.steps.length}`)),
    h("ol", { class: "steps", tabindex: "0", "aria-label": t("lessons") }, ...lesson.steps.map(line)),
  ];
}

function line(one, index) {
  const state = index === lesson.position ? "next" : index > lesson.position ? "" : one.well ? "done" : "other";
  const to = one.do === "calendar" ? t(`stage_${one.to}`) : one.to;
  const did = t(`do_${one.do}`, one.do, { phone: one.phone, to, text: one.do === "data" ? t(one.text === "on" ? "turned_on" : "turned_off") : one.text });
  const told = index < lesson.position && one.told ? ` — ${t(`cause_${one.told}`, one.told)}` : "";
  return h("li", { class: state },
    said(one.say) ? h("div", { class: "say" }, said(one.say)) : null,
    did || told ? h("div", { class: "did" }, `${did}${told}`) : null,
    index < lesson.position && !one.well ? h("span", { class: "tag bad" }, t("other_than_told")) : null);
}
