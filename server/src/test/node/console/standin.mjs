// Stands in for the console's Java side where a test is about the page alone: the same files, fields and JSON.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { readApproval } from "../../../main/resources/dev/taper/server/console/token/beside.mjs";
import { unbase64url } from "../../../main/resources/dev/taper/server/console/token/bytes.mjs";
import { delegation, health, LOG, record, task, trust } from "./world.mjs";

const FILES = new URL("../../../main/resources/dev/taper/server/console/", import.meta.url);
const LOOK = new URL("../../../../../operations/src/main/resources/META-INF/taper/look.css", import.meta.url);
const TYPES = { html: "text/html;charset=utf-8", mjs: "text/javascript;charset=utf-8", css: "text/css;charset=utf-8", svg: "image/svg+xml" };
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const FIELDS = { "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY", "Cache-Control": "no-store" };

const secret = () => randomBytes(32).toString("base64url");

class Problem extends Error {
  constructor(status, code, detail) {
    super(code);
    Object.assign(this, { status, code, detail });
  }
}

/** Starts it for some parties and asks. What a test changes in it, the next answer has. */
export async function standIn(parties, asks, { changed = {}, living = 10_000 } = {}) {
  const state = { parties, asks, living, answered: [], revoked: [], decided: [], approver: undefined, keeper: undefined, instance: secret(), links: new Set([secret()]), sessions: new Map(), mode: "own", fault: undefined, changed, can: ["approve", "refuse", "revoke", "review"], requests: [], refused: [] };
  const server = createServer((request, response) => {
    serve(state, request).then(
      ({ status = 200, type = "application/json", content = "", fields = {} }) => response.writeHead(status, { ...FIELDS, "Content-Type": type, ...fields }).end(content),
      (error) => {
        const { status = 500, code = "failed", detail } = error;
        response.writeHead(status, { ...FIELDS, "Content-Type": "application/problem+json" }).end(JSON.stringify({ status, code, detail }));
      },
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { ...{ state, origin }, link: () => `${origin}/#link=${[...state.links].at(-1)}`, newLink: () => state.links.add(secret()), close: () => new Promise((resolve) => server.close(resolve) && server.closeAllConnections()) };
}

async function serve(state, request) {
  const url = new URL(request.url, "http://127.0.0.1");
  const { pathname } = url;
  state.requests.push(`${request.method} ${request.url}`);
  if (pathname === "/") return file(state, "index.html");
  if (pathname === "/console/look.css") return { type: TYPES.css, content: readFileSync(LOOK) };
  if (pathname.startsWith("/console/")) return file(state, pathname.slice("/console/".length));
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return api(state, request, url, text === "" ? undefined : JSON.parse(text));
}

function file({ changed }, name) {
  const names = readFileSync(new URL("files.txt", FILES), "utf8").trim().split("\n");
  if (!names.includes(name)) throw new Problem(404, "not_found");
  return { type: TYPES[name.split(".").at(-1)], content: changed[name] ?? readFileSync(new URL(name, FILES)) };
}

const json = (value) => (value === undefined ? { status: 204 } : { content: JSON.stringify(value) });

async function api(state, request, url, content) {
  const path = url.pathname.replace("/api/", "").split("/").map(decodeURIComponent);
  if (request.method === "POST" && path[0] === "session") return session(state, content);
  const cookie = /(?:^|; )session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  if (cookie === undefined || state.sessions.get(cookie) !== request.headers["taper-session"]) {
    state.refused.push(`${request.method} ${url.pathname}`);
    throw new Problem(401, "no_session");
  }
  if (state.fault) throw state.fault;
  const name = `${request.method} ${path[0]}`;
  const answer = ANSWERS[name];
  if (!answer) throw new Problem(404, "not_found");
  return json(await answer(state, path.slice(1), Object.fromEntries(url.searchParams), content));
}

const about = ({ instance, mode, keeper, keeperMissing, can }) => ({ ends_at: Date.now() + 3_600_000, now: Date.now(), instance, mode, relay: mode === "relay" ? "https://console.acme.com" : undefined, pages: ["approvals", "living", "reviews", "timeline", "health"], can, reviewer: "user:erin@acme.com", keeper, keeper_missing: keeperMissing });

function session(state, { link }) {
  if (!state.links.delete(link)) throw new Problem(401, "link_used");
  const [cookie, token] = [secret(), secret()];
  state.sessions.set(cookie, token);
  return { ...json({ token, ...about(state) }), fields: { "Set-Cookie": `session=${cookie}; HttpOnly; SameSite=Strict; Path=/` } };
}

const open = ({ asks }) => asks.filter(({ state }) => state === "open");
const paged = (all, { limit = 50, after = 0 }) => {
  const end = Number(after) + Number(limit);
  return { items: all.slice(Number(after), end), ...(end < all.length ? { next: String(end) } : {}) };
};

const ANSWERS = {
  "GET session": about,
  "DELETE session": (state) => state.sessions.clear(),
  "GET trust": ({ parties, approver }) => trust(parties, approver),
  "GET pulse": (state) => ({ instance: state.instance, now: Date.now(), open: open(state).length, reviews_due: 1, list: "fresh", log: "signed" }),
  "GET asks": async (state, [name], query) => {
    if (query.after !== undefined) await state.laterPages;
    if (name === undefined) return { ...paged(open(state), query), open: open(state).length, hidden: 2, waiting: state.waiting };
    const found = state.asks.find(({ ask }) => ask === name);
    if (!found) throw new Problem(404, "unknown_ask");
    return { ...found, before: { approved: 41, used: 40, same_tool: 12, denied: 0, last_at: Date.now() - 60_000, items: [{ time: Date.now() - 60_000, seq: 118, kind: "approve", tool: "jira.delete", resource: "jira:project/ACME/1", task: "T-1" }] } };
  },
  "POST answers": (state, _, __, { answers }) => ({ results: answers.map((each) => answer(state, each)) }),
  "POST keeper-approvals": async (state, _, __, { ask, statement }) => ({ approval: await state.keeperSigns(ask, Buffer.from(unbase64url(statement, "x")).toString()) }),
  "GET living": (state, [id], query) => {
    if (id === "summary") return summary(state);
    if (id !== undefined) return one(id);
    const all = Array.from({ length: state.living }, (_, i) => i).filter((i) => !query.show || delegation(i).marks.includes(query.show));
    const { items, next } = paged(all, query);
    return { items: items.map((i) => delegation(i)), next, total: all.length };
  },
  "POST revocations": (state, [draft], _, { kind, id, reason }) => {
    const words = `${kind} ${id.slice(0, 16)} and all that came of it`;
    if (draft) return { words, ends: 14, kind, id };
    state.revoked.push({ kind, id, reason });
    return { sequence: 18, ended: 14, words };
  },
  "GET reviews": (state, [number], query) => {
    if (number === undefined) return { items: [review(state)] };
    const all = Array.from({ length: 60 }, (_, i) => ({ item: i + 1, state: state.decided.includes(i + 1) ? "certified" : "open", delegation: delegation(i) }));
    return { review: review(state), ...paged(all.filter(({ state: each }) => query.state === "all" || each === "open"), query) };
  },
  "POST reviews": (state, [number, isDecision], _, content) => {
    if (!isDecision) return { review: 3, items: 60 };
    state.decided.push(...content.items);
    return { review: review(state) };
  },
  "GET timeline": (_, [number], query) => {
    if (number !== undefined) {
      const { text, hash, line } = record(Number(number));
      return { text, hash, signed: true, words: line.words, log: LOG() };
    }
    const all = Array.from({ length: 2000 }, (_, i) => 2000 - i);
    const { items, next } = paged(all, query);
    return { items: items.map((seq) => record(seq).line), next, log: LOG() };
  },
  "GET tasks": (_, [id]) => task(id),
  "GET health": () => health(),
};

function answer(state, { ask, approval, refusal }) {
  const found = state.asks.find((each) => each.ask === ask);
  if (found?.state !== "open") return { ask, status: 409, code: "ask_closed" };
  if (state.refuses) return { ask, ...state.refuses };
  if (approval !== undefined) {
    const read = readApproval(approval);
    state.answered.push({ ask, approval: read, encoded: approval });
    found.approvals.push(approval);
    found.state = found.needs > found.approvals.length ? "open" : "answered";
  } else {
    state.answered.push({ ask, refusal });
    found.state = "refused";
  }
  return { ask, state: found.state };
}

const summary = ({ living }) => ({ living, unused: 120, unexercised: 800, denied: 3, expiring: 40, as_of: Date.now(), by: Object.fromEntries(["delegator", "agent", "task"].map((name) => [name, Array.from({ length: 8 }, (_, i) => ({ name: delegation(i)[name === "agent" ? "holder" : name], living: 40 - i }))])) });

const one = (id) => ({ delegation: { ...delegation(3), id }, chain: Array.from({ length: 50 }, (_, i) => delegation(i)), handed_on: [delegation(4)], budgets: [{ counter: "cd".repeat(32), calls: 7, last_at: Date.now(), spent: "120 EUR" }] });

const review = ({ decided }) => ({ review: 3, title: "Q4", started_by: "user:erin@acme.com", started_at: Date.now() - 86_400_000, due_at: Date.now() + 86_400_000, items: 60, open: 60 - decided.length, certified: decided.length, revoked: 0, lapsed: 0, ended: 0, overdue: false });
