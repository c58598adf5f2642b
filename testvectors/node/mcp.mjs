// A client of the binding over the Model Context Protocol, by docs/binding.md alone.
import { randomBytes } from "node:crypto";
import { readSent } from "./sent.mjs";
import { makeProof } from "./signer.mjs";

const OPEN = ["initialize", "ping", "logging/setLevel"];
const LISTS = ["tools/list", "resources/list", "resources/templates/list", "prompts/list"];
const TOKEN = "dev.taper/token";
const PROOF = "dev.taper/proof";
const APPROVALS = "dev.taper/approvals";
const REFUSAL = "dev.taper/refusal";

/** What a request of a method needs: nothing, a question's proof, or a call's. */
export function kindOf(method) {
  if (OPEN.includes(method)) return "open";
  return LISTS.includes(method) ? "list" : "call";
}

/** What a proof for a message covers; params without its member _meta, and never absent. */
export function sentOf(method, params) {
  if (kindOf(method) === "list") return readSent({ form: 4 });
  return readSent({ form: 3, method, params: JSON.stringify(params ?? {}) });
}

/** The same params with what lets a holder send this message once; and the proof, with what it signs. */
export function signed({ method, params }, holder, { approvals = [], time = Date.now(), nonce = randomBytes(16) } = {}) {
  const kind = kindOf(method);
  if (kind === "open") return { params };
  const beside = kind === "list" ? [] : approvals;
  const { proof, message } = makeProof(sentOf(method, params), holder, { approvals: beside, time, nonce });
  const own = { [TOKEN]: holder.token, [PROOF]: proof, ...(beside.length > 0 ? { [APPROVALS]: beside } : {}) };
  return { params: { ...params, _meta: { ...params?._meta, ...own } }, proof, message };
}

/** What a client makes of an answer: a refusal is where the binding puts it, whatever the rest says. */
export function readReply({ result, error }) {
  const refusal = (error?.data ?? result?._meta)?.[REFUSAL];
  if (!isRefusal(refusal)) return { outcome: error === undefined ? "served" : "failed" };
  const { status, code, detail, decision } = refusal;
  const more = Object.entries({ detail, decision }).filter(([, value]) => value !== undefined);
  return { outcome: "refused", status, code, ...Object.fromEntries(more) };
}

const isRefusal = (value) => typeof value === "object" && value !== null && typeof value.code === "string";
