// Fault switches: sets of faults that are useful, one switch each.
import { ask } from "./api.js";
import { fill, h, viewer } from "./dom.js";
import { t, whenSpoken } from "./words.js";

let place;
let profiles = [];
let faults = [];

export function make(panel) {
  place = panel;
  whenSpoken(write);
}

export async function refresh() {
  const [sets, on] = await Promise.all([ask("GET", "/fault-profiles"), ask("GET", "/faults")]);
  profiles = sets ?? profiles;
  faults = on?.faults ?? faults;
  write();
}

async function turn(name, on) {
  await ask(on ? "PUT" : "DELETE", `/fault-profiles/${name}`);
  refresh();
}

function write() {
  const cards = profiles.map((profile) => {
    const mine = faults.filter((fault) => fault.name.startsWith(`${profile.name}.`));
    const struck = mine.reduce((sum, fault) => sum + (fault.struck ?? 0), 0);
    return h("label", { class: `fault${mine.length ? " on" : ""}` },
      h("input", { type: "checkbox", role: "switch", checked: mine.length > 0, disabled: viewer(), onchange: (event) => turn(profile.name, event.target.checked) }),
      h("span", {}, h("strong", {}, profile.name), h("br"), h("span", {}, profile.what), mine.length ? h("span", { class: "soft" }, ` · ${t("struck")} ${struck}`) : null));
  });
  const own = faults.filter((fault) => !profiles.some((profile) => fault.name.startsWith(`${profile.name}.`)));
  fill(place, h("p", { class: "soft" }, t("invented")), h("div", { class: "faults" }, ...cards),
    own.length ? h("p", { class: "mono" }, own.map((fault) => `${fault.name} (${fault.kind})`).join(", ")) : null,
    h("p", {}, h("button", { type: "button", disabled: viewer(), onclick: async () => { await ask("DELETE", "/faults"); refresh(); } }, t("all_faults_off"))));
}
