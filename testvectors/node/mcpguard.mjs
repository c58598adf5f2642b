// A guarded server of the Model Context Protocol, by docs/binding.md alone: from a message to what becomes of it.
import { demand, Refusal, refuse } from "./token/bytes.mjs";
import { tokenBytes } from "./chain.mjs";
import { problemOf } from "./guard.mjs";
import { canonicalValue, parse } from "./token/json.mjs";
import { kindOf } from "./mcp.mjs";
import { readSent } from "./sent.mjs";
import { Verifier } from "./verifier.mjs";

const INVALID = "invalid_request";
const INPUT = "input_not_accepted";
const OWN = "dev.taper/";
const LONGEST_VALUE = 8192;
const LONGEST_VALUES = 65_536;
const LEVELS = 64; // of a message; params alone have 16
/** What belongs to messages that nobody carries: tasks, and answers of people. */
const NOT_CARRIED = { task: "unknown_argument", inputResponses: INPUT, requestState: INPUT };
const TAKES_INPUT = ["tools/call", "resources/read", "prompts/get"];
const PASSED = ["progressToken", "traceparent", "tracestate", "baggage"];
const PROTOCOL = "io.modelcontextprotocol/";
const NO_PARAMS = -32602;
const NO_METHOD = -32601;

/** What each list has beside tools: its name, the method that its entries are for, and what is known of the one argument. */
const LISTS = {
  "resources/list": ["resources", "resources/read", (uri) => ({ argument: "uri", value: uri })],
  "resources/templates/list": ["templates", "resources/read", (template) => ({ argument: "uri", start: startOf(template) })],
  "prompts/list": ["prompts", "prompts/get", (name) => ({ argument: "name", value: name })],
};

/** What every URI of a template starts with: what stands in it as it stands in the URI. */
const startOf = (template) => /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]*/.exec(template)[0];

export class McpGuard {
  /** The server has tools, of which some state a schema of what they give, and perhaps resources, templates and prompts. */
  constructor({ tools, schemas = [], resources, templates, prompts, ...config }, now) {
    Object.assign(this, { schemas, entries: { resources, templates, prompts }, verifier: new Verifier(config, now) });
  }

  /** What becomes of a message: what the handler gets, what a list has, or how it is refused. */
  answer(text, now) {
    let message;
    try {
      message = readMessage(text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.#refused(undefined, undefined, problemOf(error.code));
    }
    const { method, params, id } = message;
    const kind = id === undefined ? "open" : kindOf(method);
    try {
      const { own, rest } = metaOf(params);
      if (kind === "open") return { passed: handed(params, rest, true) };
      const alien = TAKES_INPUT.includes(method) || kind === "list" ? Object.keys(NOT_CARRIED).find((name) => params.has(name)) : undefined;
      if (alien !== undefined) return { error: NO_PARAMS, refusal: problemOf(NOT_CARRIED[alien], true) };
      const credentials = credentialsOf(own);
      demand(credentials.token !== undefined, "token_required");
      return kind === "list" ? this.#list(method, credentials, now) : this.#call(message, credentials, rest, now);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.#refused(method, params, problemOf(error.code));
    }
  }

  #list(method, { token, proof }, now) {
    const ask = (entry) => this.verifier.offer(tokenBytes(token), proof, now, entry);
    const offer = ask();
    const [name, reading, knownOf] = LISTS[method] ?? [];
    const entries = this.entries[name];
    if (entries === undefined) return { offer };
    const tool = this.verifier.catalog.tools.find(({ mcp }) => mcp?.method === reading);
    const isLeft = (entry) => tool !== undefined && ask({ tool: tool.name, ...knownOf(entry) }).length > 0;
    return { offer, listed: entries.filter(isLeft) };
  }

  #call({ method, params }, { token, proof, approvals }, rest, now) {
    const covered = new Map([...params].filter(([name]) => name !== "_meta"));
    const sent = { form: 3, method, params: canonicalValue(covered) };
    const parts = readSent(sent);
    const meant = this.#meaning(method, covered, parts);
    const bytes = tokenBytes(token);
    if (meant.code !== undefined) {
      this.verifier.identify(bytes, proof, parts, now, approvals);
      refuse(meant.code);
    }
    this.verifier.decide(bytes, proof, sent, now, approvals);
    return { passed: handed(params, rest, false), meaning: meant.canonical };
  }

  #meaning(method, covered, parts) {
    try {
      return this.verifier.catalog.meaning(parts);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { code: error.code };
    }
  }

  #refused(method, params, { status, code, members }) {
    const refusal = { status, code, members };
    const tool = params?.get("name");
    if (code === "unknown_tool") return { error: method === "tools/call" ? NO_PARAMS : NO_METHOD, refusal };
    if (method !== "tools/call") return { error: status, refusal };
    return { result: true, structured: !this.schemas.includes(tool), refusal };
  }
}

/** A message, whose numbers are as they were written. */
function readMessage(text) {
  const json = parse(text, INVALID, LEVELS);
  demand(json instanceof Map, INVALID);
  const [method, params = new Map(), id] = ["method", "params", "id"].map((name) => json.get(name));
  demand(typeof method === "string" && params instanceof Map, INVALID);
  return { method, params, id };
}

/** Of _meta what is Taper's, and the rest. */
function metaOf(params) {
  const meta = params.get("_meta") ?? new Map();
  demand(meta instanceof Map, INVALID);
  const isOwn = ([name]) => name.startsWith(OWN);
  return { own: new Map([...meta].filter(isOwn)), rest: new Map([...meta].filter((each) => !isOwn(each))) };
}

function credentialsOf(own) {
  const [token, proof, approvals = []] = ["token", "proof", "approvals"].map((name) => own.get(OWN + name));
  demand([token, proof].every((value) => value === undefined || typeof value === "string"), INVALID);
  demand(Array.isArray(approvals) && approvals.every((each) => typeof each === "string"), INVALID);
  const lengths = [token ?? "", proof ?? "", ...approvals].map((each) => each.length);
  demand(lengths.every((length) => length <= LONGEST_VALUE), "fields_too_large");
  demand(lengths.reduce((sum, length) => sum + length, 0) <= LONGEST_VALUES, "fields_too_large");
  return { token, proof, approvals };
}

/** The params that a handler gets; of an open message all but what is Taper's. */
function handed(params, rest, isOpen) {
  const isPassed = ([name]) => isOpen || PASSED.includes(name) || name.startsWith(PROTOCOL);
  const meta = new Map([...rest].filter(isPassed));
  const others = [...params].filter(([name]) => name !== "_meta");
  return canonicalValue(new Map([...others, ...(meta.size > 0 ? [["_meta", meta]] : [])]));
}
