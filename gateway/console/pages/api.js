// The REST API, and who may act.
import { toast } from "./dom.js";
import { t } from "./words.js";

/** Ask the API; gives its JSON, or tells the trouble and gives null. */
export async function ask(method, path, body, quiet = false) {
  try {
    const answer = await fetch(`/api/v1${path}`, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const value = await answer.json();
    if (answer.ok) return value;
    if (answer.status === 401) document.dispatchEvent(new Event("token-wanted"));
    if (!quiet) toast(answer.status === 403 ? t("read_only") : value.detail ?? `${answer.status}`);
  } catch {
    if (!quiet) toast(t("unreachable"));
  }
  return null;
}

/** Ask, and tell a refusal of the network too. */
export async function tell(method, path, body) {
  const told = await ask(method, path, body);
  if (told !== null && told.accepted === false) toast(`${t("refused")}: ${t(`cause_${told.cause}`, told.cause || told.why)}`);
  return told;
}
