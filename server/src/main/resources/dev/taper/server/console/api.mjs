// What the console says, over the loopback address alone, and the session in which it does.
const KEPT = "taper-session";
const WAIT_FOR_TAB = 400;

/** A refusal of the console, with its code. */
export class Refused extends Error {
  constructor(status, code, detail) {
    super(detail ? `${code}: ${detail}` : code);
    Object.assign(this, { status, code, detail });
  }
}

const channel = new BroadcastChannel(KEPT);
let session = sessionStorage.getItem(KEPT) ?? undefined;
let onEnd = () => {};

/** Tells who wants to know that the session has ended. */
export const whenEnded = (listener) => (onEnd = listener);

channel.addEventListener("message", ({ data }) => {
  if (data === "wanted" && session !== undefined) channel.postMessage({ session });
});

function keep(token) {
  session = token;
  if (token === undefined) sessionStorage.removeItem(KEPT);
  else sessionStorage.setItem(KEPT, token);
}

/** Exchanges the link, which is gone from the address at once; or takes the session of another tab. */
export async function start() {
  const [, link] = /^#link=([A-Za-z0-9_-]{1,128})$/.exec(location.hash) ?? [];
  if (link !== undefined) {
    history.replaceState(null, "", `${location.pathname}#/approvals`);
    const { token } = await call("POST", "/api/session", { link });
    keep(token);
  }
  session ??= await fromOtherTab();
  if (session === undefined) throw new Refused(401, "no_session");
  keep(session);
  return get("/api/session");
}

const fromOtherTab = () =>
  new Promise((resolve) => {
    const take = ({ data }) => data?.session && resolve(data.session);
    channel.addEventListener("message", take);
    channel.postMessage("wanted");
    setTimeout(() => {
      channel.removeEventListener("message", take);
      resolve(undefined);
    }, WAIT_FOR_TAB);
  });

async function call(method, path, content) {
  const headers = {};
  if (session !== undefined) headers["Taper-Session"] = session;
  if (content !== undefined) headers["Content-Type"] = "application/json";
  const request = { method, headers, credentials: "same-origin", redirect: "error", cache: "no-store" };
  let response;
  try {
    response = await fetch(path, { ...request, body: content === undefined ? undefined : JSON.stringify(content) });
  } catch {
    throw new Refused(0, "unreachable", "the console does not answer; is it still running?");
  }
  const text = await response.text();
  if (response.ok) return text === "" ? undefined : JSON.parse(text);
  const refused = refusal(response.status, text);
  if (refused.status === 401 && session !== undefined) {
    keep(undefined);
    onEnd(refused);
  }
  throw refused;
}

function refusal(status, text) {
  try {
    const { code, detail } = JSON.parse(text);
    return new Refused(status, String(code), detail === undefined ? undefined : String(detail));
  } catch {
    return new Refused(status, `status_${status}`);
  }
}

/** The path with these parameters; those without a value are left out. */
export function get(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ""));
  return call("GET", query.size > 0 ? `${path}?${query}` : path);
}

export const post = (path, content) => call("POST", path, content);

export async function end() {
  await call("DELETE", "/api/session").catch(() => {});
  keep(undefined);
}
