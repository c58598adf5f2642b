// What the console says, and the session in which it does.
import { ended, opened } from "./session.mjs";

/** A refusal of the console, with its code. */
export class Refused extends Error {
  constructor(status, code, detail) {
    super(detail ? `${code}: ${detail}` : code);
    Object.assign(this, { status, code, detail });
  }
}

let session;
let onEnd = () => {};

/** Tells who wants to know that the session has ended. */
export const whenEnded = (listener) => (onEnd = listener);

/** Opens the session, or goes on with the one that there is; gives what it is about. */
export async function start() {
  const { token, about } = await opened(call);
  session = token;
  if (session === undefined) throw new Refused(401, "no_session");
  return about ?? get("/api/session");
}

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
  const isOver = refused.status === 401 || refused.code === "stale_page";
  if (isOver && session !== undefined) {
    forget();
    onEnd(refused);
  }
  throw refused;
}

function forget() {
  session = undefined;
  ended();
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
  forget();
}
