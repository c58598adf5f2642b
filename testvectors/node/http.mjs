// A client of the binding over HTTP, by docs/binding.md alone.
import { randomBytes } from "node:crypto";
import { request as plain } from "node:http";
import { request as encrypted } from "node:https";
import { demand, hex } from "./token/bytes.mjs";
import { readSent } from "./sent.mjs";
import { makeProof } from "./signer.mjs";

const INVALID = "invalid_request";
const DEFAULT_PORTS = { http: "80", https: "443" };
const PROBLEM = /^application\/problem\+json\s*(;|$)/i;

/** Where a URL leads, as it is dialled and as a proof names it; no escape of it is changed. */
export function dialled(url) {
  const [, scheme, authority, rest] = /^([A-Za-z]+):\/\/([^/?#]+)([^#]*)$/.exec(url) ?? demand(false, INVALID);
  const [, host, port] = /^(.*?)(?::([0-9]+))?$/.exec(authority.toLowerCase());
  const lower = scheme.toLowerCase();
  const isDefault = port === undefined || port === DEFAULT_PORTS[lower];
  const origin = `${lower}://${isDefault ? host : `${host}:${port}`}`;
  return { origin, target: rest.startsWith("/") ? rest : `/${rest}` };
}

/** What a proof for a request covers. */
export function sentOf({ method, url, contentType, contentEncoding, fields, content }) {
  return readSent({ form: 2, method, ...dialled(url), contentType, contentEncoding, fields, content: hex(content ?? []) });
}

/** The fields that let a holder make a request once. */
export function credentials(request, holder, { approvals = [], time = Date.now(), nonce = randomBytes(16), own = false } = {}) {
  const { proof, message } = makeProof(sentOf(request), holder, { approvals, time, nonce });
  const token = own ? ["Taper-Token", holder.token] : ["Authorization", `Taper ${holder.token}`];
  const beside = approvals.length > 0 ? [["Taper-Approval", approvals.join(", ")]] : [];
  return { fields: [token, ["Taper-Proof", proof], ...beside], proof, message };
}

/** What a client does about an answer: it decides by the status, and by the code of a problem. */
export function readAnswer({ status, fields, content }) {
  if (status < 400) return { outcome: "served", status };
  const type = fields.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const problem = PROBLEM.test(type) ? readProblem(content) : {};
  return { outcome: outcomeOf(status), status, ...problem };
}

function outcomeOf(status) {
  if (status === 401) return "another_token_or_proof";
  if (status === 403) return "not_allowed";
  return status === 503 ? "later" : "another_request";
}

function readProblem(content) {
  try {
    const { code, detail, decision } = JSON.parse(content);
    const members = { code: textOf(code), detail: textOf(detail), decision: isObject(decision) ? decision : undefined };
    return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  } catch {
    return {}; // another server's words
  }
}

const textOf = (value) => (typeof value === "string" ? value : undefined);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a service says of itself, for people and messages; nothing else is believed. */
export function readService(text) {
  const { format, audience, kinds, profiles, proofs, asks } = JSON.parse(text);
  demand(format === "taper/1 service", INVALID);
  return { audience, kinds, profiles, proofs, ...(asks === undefined ? {} : { asks }) };
}

/** Sends a request once, to the origin that it names; a redirect is an answer like any other. */
export function send({ method, url, contentType, contentEncoding, content }, fields, { chunked = false } = {}) {
  const { origin, target } = dialled(url);
  const [scheme, authority] = origin.split("://");
  const [, host, port] = /^(.*?)(?::([0-9]+))?$/.exec(authority);
  const headers = {};
  for (const [name, value] of fields) headers[name] = name in headers ? [headers[name], value].flat() : value;
  if (contentType !== undefined) headers["Content-Type"] = contentType;
  if (contentEncoding !== undefined) headers["Content-Encoding"] = contentEncoding;
  if (content !== undefined && !chunked) headers["Content-Length"] = content.length;
  const make = scheme === "https" ? encrypted : plain;
  return new Promise((resolve, reject) => {
    const options = { host: host.replace(/^\[|\]$/g, ""), port, method, path: target, headers, agent: false };
    const sent = make(options, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const { statusCode: status, rawHeaders: raw } = answer;
        const pairs = raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1]]] : []));
        resolve({ status, fields: pairs, content: Buffer.concat(parts).toString("utf8") });
      });
    });
    sent.on("error", reject);
    sent.end(content);
  });
}
