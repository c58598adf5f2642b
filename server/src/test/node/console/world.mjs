// What a console of tests knows: agents, tokens, asks; enough of everything to fill the pages.
import { hex, sha256, utf8 } from "../../../main/resources/dev/taper/server/console/token/bytes.mjs";
import { handOn, keyPair, mint, requestFor } from "./mint.mjs";

export const CATALOG = "ab".repeat(32);
export const LONG = (prefix) => `${prefix}${"very-long-name-of-a-team-in-a-large-company-".repeat(5)}`.slice(0, 170);
const digest = (text) => hex(sha256(utf8(text)));

/** The parties; approver is the text of the key that grants wait for, if it is known already. */
export function parties() {
  const root = keyPair();
  const planner = { name: "agent:planner", key: keyPair() };
  const researcher = { name: "agent:researcher", key: keyPair() };
  const long = { name: LONG("agent:"), key: keyPair() };
  return { root, planner, researcher, long, boss: keyPair() };
}

export const until = () => Math.floor(Date.now() / 1000) + 86_400;

export function tokenOf({ root, planner, boss }, { holder = planner, resource = "jira:project/ACME/", approvers = [boss.text], ...more } = {}) {
  const grants = [{ tool: "jira.search" }, { tool: "jira.delete", operation: "delete", resource, approvers }, { tool: "mail.send", approvers }];
  return mint(root, { delegator: "user:alice@acme.com", task: "T-4711", purpose: "triage Q3 tickets", holder, grants, until: until(), ...more });
}

export const deletion = (number, args = {}) => ({ tool: "jira.delete", operation: "delete", resource: `jira:project/ACME/${number}`, args: { cascade: true, ...args } });

/** Twenty usual asks. */
export const twenty = (all) => many(all, 20);

export function many(all, length) {
  const token = tokenOf(all);
  return Array.from({ length }, (_, i) => ask(`usual ${i}`, requestFor(token, { call: deletion(100 + i), reason: `duplicate of ACME-${i}` })));
}

export const ask = (name, request, more = {}) => ({ ask: digest(name), request, state: "open", until_s: until(), audience: "svc:jira", approvals: [], counts: true, ...more });

/** Asks that try to be taken for something else. */
export function odd(all) {
  const token = tokenOf(all);
  const chain = (length) => Array.from({ length }).reduce((each, _, i) => handOn(each, { holder: { name: i === length - 1 ? LONG("agent:last-") : LONG(`agent:${i}-`), key: keyPair() } }), token);
  const mail = (text) => ({ tool: "mail.send", args: { to: "boss@acme.com", text } });
  return {
    spaces: ask("spaces", requestFor(token, { call: mail(`hello${" ".repeat(30_000)}and delete everything`) })),
    rightToLeft: ask("rtl", requestFor(token, { call: { tool: "mail.send", args: { text: "שלום abc 123 דבר" } }, reason: "ask" })),
    overridden: ask("override", requestFor(token, { call: { tool: "mail.send", args: { text: "pay \u200babc" } } })),
    html: ask("html", requestFor(token, { call: mail("<img src=x onerror=alert(1)><script>alert(1)</script>"), reason: "<b>urgent</b>" })),
    homoglyph: ask("homoglyph", requestFor(token, { call: { ...deletion(1), resource: "jira:project/ACME/t\u0435st" } })),
    plain: ask("plain", requestFor(token, { call: { ...deletion(1), resource: "jira:project/ACME/test" } })),
    limit50: ask("limit50", requestFor(token, { call: deletion(7, { limit: 50 }) })),
    limit500: ask("limit500", requestFor(token, { call: deletion(7, { limit: 500 }) })),
    big: ask("big", requestFor(token, { call: '{"args":{"n":9007199254740993},"tool":"mail.send"}' })),
    deep: ask("deep", requestFor(chain(50), { call: deletion(9), reason: LONG("because ").trim() })),
    unknown: ask("unknown", requestFor(tokenOf(all, { raw: [[{ body: [["ticket", ["string", "open"]]] }]] }), { call: deletion(3) })),
    otherKey: ask("other key", requestFor(tokenOf(all, { holder: { name: "agent:planner", key: keyPair() } }), { call: deletion(4) })),
    ended: ask("ended", requestFor(tokenOf(all, { until: 1_600_000_000 }), { call: deletion(5) })),
    forged: ask("forged", requestFor(tokenOf({ ...all, root: keyPair() }), { call: deletion(6) })),
    outside: ask("outside", requestFor(token, { call: { ...deletion(1), resource: "jira:project/OTHER/1" } })),
  };
}

export function trust({ root, planner, researcher, catalog = CATALOG, tools = {} }, approverKey) {
  return {
    root_keys: [{ key: root.text, id: 0 }],
    names: {
      signed_by: keyPair().text,
      issuers: [{ name: "issuer:acme", key: root.text }],
      agents: [planner, researcher].map(({ name, key }) => ({ name, key: key.text })),
      approvers: approverKey ? [{ name: "user:bob@acme.com", key: approverKey, groups: ["finance"] }] : [],
    },
    services: [{ audience: "svc:jira", catalog, tools }],
  };
}

const HOUR = 3_600_000;

export function delegation(i, now = Date.now()) {
  const isLong = i % 7 === 3;
  const marks = [[], ["unused"], ["unexercised"], ["denied"], ["expiring"]][i % 5];
  return {
    ...{ id: digest(`delegation ${i}`), parent: digest(`delegation ${i - 1}`), depth: 1 + (i % 3), marks },
    delegator: isLong ? LONG("user:") : `user:alice${i % 40}@acme.com`,
    grantor: "agent:planner",
    holder: isLong ? LONG("agent:") : `agent:researcher-${i}`,
    holder_key: `ed25519/${digest(`key ${i % 100}`)}`,
    ...{ task: isLong ? LONG("T-") : `T-${i}`, purpose: "triage", granted: "jira.search on jira:project/ACME/*, read, until noon" },
    root_key: `ed25519/${digest("root")}`,
    ...{ ends_at: now + (i % 48) * HOUR, recorded_at: now - HOUR, calls: i % 13, denied: i % 5, last_call_at: i % 13 > 0 ? now - 600_000 : undefined },
    ...{ tools: ["jira.search"], unexercised: i % 5 === 2 ? ["jira.comment", "jira.close"] : [] },
  };
}

/** Records as an audit log has them, with the hashes of their texts. */
export function record(seq, now = Date.now()) {
  const isDenied = seq % 6 === 0;
  const agents = seq % 9 === 0 ? Array.from({ length: 51 }, (_, i) => LONG(`agent:${i}-`)) : ["agent:planner", "agent:researcher"];
  const content = { seq, time: now - (2000 - seq) * 1000, kind: isDenied ? "deny" : "allow", task: `T-${seq % 5}`, tool: "jira.search" };
  const text = JSON.stringify(content);
  const hash = hex(sha256(utf8(`\0TAPER\0AUDIT\0${text}`)));
  const line = { seq, time: content.time, kind: content.kind, words: "jira.search read on jira:project/ACME/12", task: content.task, delegator: "user:alice", agents, agent: agents.at(-1), caller: `${agents.at(-1)}, proven`, code: isDenied ? "out_of_scope" : undefined, token: digest("token") };
  return { text, hash, line };
}

export function health(now = Date.now()) {
  return {
    now,
    lists: [
      { name: "revocations.bin", state: "fresh", sequence: 18, issued_at: now - HOUR, next_update_at: now + HOUR, stale_at: now + 2 * HOUR, signed_by: `ed25519/${digest("list")}`, entries: 4 },
      { name: LONG("old/"), state: "stale", sequence: 3, issued_at: now - 90 * HOUR, stale_at: now - 80 * HOUR, entries: 1, error: "the list is older than it may be" },
    ],
    verifiers: [{ audience: "svc:jira", ready: true, observes_only: false, unrecorded: 0, stores: [{ name: LONG("sqlite:"), reachable: false, last_failure_at: now - HOUR }], files: [{ name: "catalog", modified_at: now - HOUR }], replays: { used: 10, room: 262_144 }, alone: { since: now - HOUR, calls: 12, untold: 3, goes_on: true }, revocation: { fresh: true, age_ms: 1200 } }],
    keys: [{ use: "root", key: `ed25519/${digest("root")}`, name: "issuer:acme", until: now + 900 * HOUR, living: 940 }, { use: "agent", key: `ed25519/${digest("agent")}`, name: LONG("agent:"), living: 1 }],
    stores: [{ name: "sqlite:taper.db", ok: true, ms: 2 }],
    asks: { open: 17, hidden: 2, webhook: { sent: 4, failed: 0, last_at: now } },
  };
}

export function task(id, now = Date.now()) {
  const calls = (count) => Array.from({ length: count }, (_, i) => ({ seq: i + 1, time: now - i * 1000, words: `jira.search read on jira:project/ACME/${i}`, kind: i % 5 === 0 ? "deny" : "allow", code: i % 5 === 0 ? "out_of_scope" : undefined }));
  const token = (i, count) => ({ token: digest(`t ${i}`), parent: digest(`t ${i - 1}`), depth: i, by: i === 0 ? "user:alice@acme.com" : LONG(`agent:${i - 1}-`), holder: LONG(`agent:${i}-`), key: `ed25519/${digest(`k ${i}`)}`, granted: "jira.search on jira:project/ACME/*", until: now + HOUR, state: i === 50 ? "revoked" : "living", allowed: count, denied: 1, unproven: 0, calls: calls(count), events: [] });
  return { task: id, delegator: "user:alice@acme.com", purpose: "triage Q3 tickets", tokens: Array.from({ length: 51 }, (_, i) => token(i, i === 50 ? 1950 : 1)), events: [], log: LOG(now), cut: false };
}

export const LOG = (now = Date.now()) => ({ state: "signed", records: 1200, signed_to: 1198, kept_from: 0, notes: [], read_at: now });
