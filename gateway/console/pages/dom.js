// Elements, and what every part needs to make them.

/** Make an element: attributes, "on..." listeners, then children (nodes or text). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Put children in place of those that are there. */
export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set a text only where it changed, so that what is selected stays selected. */
export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

/** Whether who looks may not act. */
export const viewer = () => document.body.classList.contains("viewer");

let hide = 0;
/** Tell something for a few seconds. */
export function toast(line) {
  const place = document.getElementById("toast");
  place.textContent = line;
  clearTimeout(hide);
  hide = setTimeout(() => { place.textContent = ""; }, 6000);
}

/** 6281290000001 as people write it. */
export function national(number) {
  return /^62\d{8,}$/.test(number) ? `0${number.slice(2)}` : number;
}

const WIB = 7 * 3600_000;
/** The parts of a moment in Western Indonesian Time. */
export function wib(at) {
  const date = new Date(at + WIB);
  const two = (value) => String(value).padStart(2, "0");
  return {
    day: date.getUTCDate(), month: date.getUTCMonth(), year: date.getUTCFullYear(), weekday: date.getUTCDay(),
    clock: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`,
    iso: `${date.toISOString().slice(0, 19)}+07:00`,
  };
}
