// Counters and charts: registered over time, by outcome, by operator and stage.
import { ask } from "./api.js";
import { fill, h, wib } from "./dom.js";
import { shortDate, t, whenSpoken } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const ORDER = ["registered", "registered_unvalidated", "new", "OPEN", "OUTGOING_BARRED", "INCOMING_BARRED", "TOTAL_BARRED", "expired", "unregistered_dead"];
let place;
let last = null;

export function make(panel) {
  place = panel;
  whenSpoken(write);
}

export async function refresh() {
  last = (await ask("GET", "/console/totals", undefined, true)) ?? last;
  write();
}

const named = (kind) => t(`stage_${kind}`, t(`status_${kind}`, kind.replaceAll("_", " ")));

function write() {
  if (!last) return;
  const share = last.numbers ? `${Math.round((100 * last.registered) / last.numbers)} %` : "–";
  const figure = (key, value) => h("div", { class: "figure" }, h("b", {}, value), h("span", { class: "soft" }, t(key)));
  fill(place,
    h("div", { class: "figures" }, figure("numbers", last.numbers.toLocaleString()), figure("registered", last.registered.toLocaleString()), figure("share", share)),
    h("div", { class: "charts" },
      h("div", { class: "chart" }, h("h3", {}, t("over_time")), line(last.over_time)),
      h("div", { class: "chart" }, h("h3", {}, t("by_outcome")), ...outcomes(last.outcomes)),
      h("div", { class: "chart" }, h("h3", {}, t("by_operator")), ...operators(last.stages))));
}

const none = () => h("p", { class: "soft" }, t("none_yet"));

function svg(tag, attributes, words) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (words !== undefined) element.textContent = words;
  return element;
}

function line(points) {
  if (points.length < 2) return none();
  const [width, height, left, bottom] = [420, 180, 44, 22];
  const [from, to] = [points[0][0], points.at(-1)[0]];
  const most = Math.max(1, points.at(-1)[1]);
  const x = (at) => left + ((at - from) / Math.max(1, to - from)) * (width - left - 8);
  const y = (count) => height - bottom - (count / most) * (height - bottom - 12);
  const corners = points.map(([at, count]) => `${x(at).toFixed(1)},${y(count).toFixed(1)}`).join(" ");
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${t("over_time")}: ${most}` });
  picture.append(
    svg("polygon", { class: "area", points: `${x(from)},${y(0)} ${corners} ${x(to)},${y(0)}` }),
    svg("polyline", { class: "line", points: corners }),
    svg("line", { class: "axis", x1: left, y1: y(0), x2: width - 8, y2: y(0) }),
    svg("text", { x: left - 6, y: y(most) + 4, "text-anchor": "end" }, most.toLocaleString()),
    svg("text", { x: left - 6, y: y(0) + 4, "text-anchor": "end" }, "0"),
    svg("text", { x: left, y: height - 4 }, moment(from)),
    svg("text", { x: width - 8, y: height - 4, "text-anchor": "end" }, moment(to)));
  return picture;
}

const moment = (at) => `${shortDate(wib(at))} ${wib(at).clock}`;

function bar(label, parts, whole, count) {
  const track = h("span", { class: "track", "aria-hidden": "true" }, ...parts.map(([kind, value]) => {
    const part = h("i", { class: `k-${kind}`, title: `${named(kind)}: ${value}` });
    part.style.width = `${(100 * value) / Math.max(1, whole)}%`;
    return part;
  }));
  return h("div", { class: "barline" }, h("span", {}, label), track, h("span", {}, count.toLocaleString()));
}

function outcomes(counts) {
  const rows = Object.entries(counts).sort((one, other) => other[1] - one[1]);
  if (!rows.length) return [none()];
  const most = rows[0][1];
  return rows.map(([kind, count]) => bar(t(`outcome_${kind}`, kind.replaceAll("_", " ")), [[kind === "registered" ? kind : "", count]], most, count));
}

function operators(stages) {
  const rows = Object.entries(stages).sort();
  if (!rows.length) return [none()];
  const used = ORDER.filter((kind) => rows.some(([, counts]) => counts[kind]));
  const legend = h("div", { class: "legend track" }, ...used.map((kind) => h("span", {}, h("i", { class: `k-${kind}` }), named(kind))));
  return [...rows.map(([operator, counts]) => {
    const whole = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return bar(operator, ORDER.filter((kind) => counts[kind]).map((kind) => [kind, counts[kind]]), whole, whole);
  }), legend];
}
