// Who looks: a token is shown once, and then kept in a cookie that no script reads.
import { ask } from "./api.js";
import { fill, h, text } from "./dom.js";
import { t, whenSpoken } from "./words.js";

/** Learn who looks; a token in the address is shown first. Null: the gateway does not answer. */
export async function session() {
  if (location.hash.startsWith("#token=")) {
    const token = decodeURIComponent(location.hash.slice(7));
    history.replaceState(null, "", location.pathname);
    const refused = await show(token);
    if (refused) return { wanted: true, may_read: false, may_act: false, refused };
  }
  return ask("GET", "/login", undefined, true);
}

/** Show a token; gives in words why it was not taken, "" where it was. */
async function show(token) {
  try {
    const answer = await fetch("/api/v1/login", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token }) });
    if (answer.ok) return "";
    if (answer.status === 429) return t("too_many_tokens", "", { seconds: answer.headers.get("retry-after") });
    return answer.status === 401 || answer.status === 422 ? t("wrong_token") : `${answer.status}`;
  } catch {
    return t("unreachable");
  }
}

/** Ask for a token until one is taken; then the page begins anew. */
export function wanted(refused = "") {
  if (document.querySelector("dialog")) return;
  const input = h("input", { type: "password", id: "token", autocomplete: "current-password", required: true, "aria-describedby": "token-refused" });
  const trouble = h("p", { class: "trouble", id: "token-refused", role: "alert" }, refused);
  const button = h("button", { class: "main", id: "token-use" });
  const [title, label] = [h("h2", {}), h("label", { for: "token" })];
  const enter = async (event) => {
    event.preventDefault();
    button.disabled = true;
    const words = await show(input.value);
    button.disabled = false;
    if (!words) return location.reload();
    text(trouble, words);
    input.select();
    return input.focus();
  };
  const dialog = h("dialog", { class: "login", "aria-labelledby": "login-title", oncancel: (event) => event.preventDefault() },
    h("form", { onsubmit: enter }, title, label, input, button, trouble));
  title.id = "login-title";
  document.body.append(dialog);
  whenSpoken(() => {
    text(title, t("token_wanted"));
    text(label, t("token"));
    text(button, t("use"));
  });
  text(title, t("token_wanted"));
  text(label, t("token"));
  text(button, t("use"));
  dialog.showModal();
  input.focus();
}

async function leave() {
  if (await ask("DELETE", "/login")) location.reload();
}

/** Put who looks on the page: what a viewer cannot do, and the way out. */
export function tell(who, place, note) {
  if (who.wanted) {
    const out = h("button", { type: "button", id: "logout", onclick: leave, "data-t": "logout" });
    place.append(out);
  }
  document.body.classList.toggle("viewer", !who.may_act);
  if (who.may_act) return;
  const words = h("span", { "data-t": "viewer_cannot" });
  fill(note, words, " ", h("button", { type: "button", id: "other-token", onclick: leave, "data-t": "other_token" }));
  note.hidden = false;
}
