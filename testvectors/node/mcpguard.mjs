// A guarded server of the Model Context Protocol, by docs/binding.md alone: from a message to what becomes of it.
import { demand, Refusal, refuse } from "./bytes.mjs";
import { tokenBytes } from "./chain.mjs";
import { problemOf } from "./guard.mjs";
import { canonicalValue, parse } from "./json.mjs";
import { kindOf } from "./mcp.mjs";
import { readSent } from "./sent.mjs";
import { Verifier } from "./verifier.mjs";

const INVALID = "invalid_request";
const OWN = "dev.taper/";
const LONGEST_VALUE = 8192;
const LONGEST_VALUES = 65_536;
const LEVELS = 64; // of a message; params alone have 16
const UNBOUND = ["inputResponses", "requestState"];
const PASSED = ["progressToken", "traceparent", "tracestate", "baggage"];
const PROTOCOL = "io.modelcontextprotocol/";
const NO_PARAMS = -32602;
const NO_METHOD = -32601;

export class McpGuard {
  /** The server has tools, of which some state a schema of what they give. */
  constructor({ tools = [], schemas = [], ...config }, now) {
    Object.assign(this, { tools, schemas, verifier: new Verifier(config, now) });
  }

  /** What becomes of a message: what the handler gets, what a list has, or how it is refused. */
  answer(text, now) {
    let message;
    try {
      message = readMessage(text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.#refused(undefined, undefined, problemOf(error.code, true));
    }
    const { method, params, id } = message;
    const kind = id === undefined ? "open" : kindOf(method);
    const state = { isUnderstood: true };
    try {
      const { own, rest } = metaOf(params);
      if (kind === "open") return { passed: handed(params, rest, true) };
      const credentials = credentialsOf(own);
      demand(credentials.token !== undefined, "token_required");
      return kind === "list" ? this.#list(credentials, now) : this.#call(message, credentials, rest, now, state);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.#refused(method, params, problemOf(error.code, state.isUnderstood));
    }
  }

  #list({ token, proof }, now) {
    return { offer: this.verifier.offer(tokenBytes(token), proof, now) };
  }

  #call({ method, params }, { token, proof, approvals }, rest, now, state) {
    const covered = new Map([...params].filter(([name]) => name !== "_meta"));
    const sent = { form: 3, method, params: canonicalValue(covered) };
    const parts = readSent(sent);
    const meant = this.#meaning(method, covered, parts);
    state.isUnderstood = meant.code === undefined;
    const bytes = tokenBytes(token);
    if (!state.isUnderstood) {
      this.verifier.identify(bytes, proof, parts, now, approvals);
      refuse(meant.code);
    }
    this.verifier.decide(bytes, proof, sent, now, approvals);
    return { passed: handed(params, rest, false), meaning: meant.canonical };
  }

  #meaning(method, covered, parts) {
    try {
      demand(!UNBOUND.some((name) => covered.has(name)), "input_not_accepted");
      return this.verifier.catalog.meaning(parts);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { code: error.code };
    }
  }

  #refused(method, params, { status, code, members }) {
    const refusal = { status, code, members };
    const tool = params?.get("name");
    if (code === "unknown_tool") {
      if (method !== "tools/call") return { error: NO_METHOD, refusal };
      if (!this.tools.includes(tool)) return { error: NO_PARAMS, refusal };
    }
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
