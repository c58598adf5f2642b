// A guarded service of the binding over HTTP, by docs/binding.md alone: from a request to its answer.
import { demand, hex, Refusal, refuse, unhex } from "./token/bytes.mjs";
import { tokenBytes } from "./chain.mjs";
import { dialled } from "./http.mjs";
import { readSent } from "./sent.mjs";
import { Verifier } from "./verifier.mjs";

const INVALID = "invalid_request";
const LONGEST_VALUE = 8192;
const LONGEST_FIELDS = 65_536;
const LIMIT = 65_536;
const OTHER_REQUESTS = [
  ...["x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-rewrite-url"],
];
const RESERVED = /^(?:(?:taper|content|proxy|x-forwarded|x-original|x-rewrite)-.*|transfer-encoding|x-real-ip)$/;
const END_TO_END = ["authorization", "cookie", "expect", "forwarded", "host", "origin"];
const OWN = ["authorization", "taper-token", "taper-proof", "taper-approval"];
const WELL_KNOWN = "/.well-known/taper";

/** Of what a request or its meaning is, and who may know. */
const OF_REQUESTS = [
  ...[INVALID, "unknown_argument", "invalid_argument_type", "invalid_argument_value"],
  ...["ambiguous_resource", "ambiguous_url", "ambiguous_path", "input_not_accepted"],
];
const OF_TOKENS = [
  ...["invalid_base64", "malformed_token", "malformed_block", "unsupported_version", "feature_not_in_version"],
  ...["unknown_symbol", "unknown_scope_key", "symbol_table_overlap", "public_key_table_overlap", "invalid_key"],
  ...["decode_limit", "unknown_root_key", "invalid_signature", "malformed_signature", "invalid_proof"],
  ...["invalid_block_rule", "not_a_delegation", "profile_violation", "malformed_holder_proof", "malformed_approval"],
];
const OF_PROOFS = [
  ...["bearer_not_accepted", "sealed_not_accepted", "revoked", "proof_required", "proof_mismatch", "request_mismatch"],
  ...["proof_expired", "proof_not_yet_valid", "proof_replayed"],
];
const OF_TIME = ["expired", "not_yet_valid"];
const UNKNOWABLE = [
  ...["revocation_stale", "revocation_unavailable", "replay_cache_full", "replay_cache_unavailable"],
  ...["approval_uses_full", "approval_uses_unavailable", "budget_unavailable", "timeout", "audit_unavailable", "unavailable"],
  "overloaded",
];

const NO_STORE = { "cache-control": "no-store" };

/** The status of a code, and the members of its problem beside status, code and detail. */
function row(code) {
  if (code === "token_required" || OF_TOKENS.includes(code) || OF_PROOFS.includes(code)) return [401, []];
  if (OF_TIME.includes(code)) return [401, ["decision"]];
  if (UNKNOWABLE.includes(code)) return [503, []];
  const others = { unknown_tool: 404, content_too_large: 413, fields_too_large: 431 };
  if (code === "content_not_seen") return [400, []];
  if (OF_REQUESTS.includes(code) || code in others) return [others[code] ?? 400, []];
  return [403, ["decision"]];
}

/** The status of a refusal, and the names of its members. */
export function problemOf(code) {
  const [status, members] = row(code);
  return { status, code, members: ["code", "detail", ...members, "status"].sort() };
}

function answerOf(code) {
  const { status, members } = problemOf(code);
  const fields = { ...NO_STORE, "content-type": "application/problem+json", "taper-refusal": code };
  if (status === 401) fields["www-authenticate"] = `Taper error="${code}"`;
  if (status === 503) fields["retry-after"] = "5";
  return { status, code, members, fields };
}

export class Guard {
  constructor(config, now) {
    const { limit = LIMIT, revocations: listed, ...verifier } = config;
    const revocations = listed && { ...listed, lists: unhex(listed.lists) };
    Object.assign(this, { config, limit, verifier: new Verifier({ ...verifier, revocations }, now) });
  }

  /** What a client gets: the handler's answer to the call, or a refusal. */
  answer(request) {
    if (request.method === "GET" && request.target === WELL_KNOWN) return this.#describe();
    try {
      const { token, proof, approvals } = credentialsOf(request.fields);
      const { json, isDoubled } = this.#sent(request);
      const sent = byItself(json);
      demand(token !== undefined, "token_required");
      const meant = isDoubled ? { code: INVALID } : this.#meaning(sent);
      const isUnderstood = meant.code === undefined;
      const bytes = tokenBytes(token);
      if (!isUnderstood) {
        this.verifier.identify(bytes, proof, sent, request.now, approvals);
        refuse(meant.code);
      }
      this.verifier.decide(bytes, proof, json, request.now, approvals);
      return { status: 200, meaning: meant.canonical, fields: NO_STORE };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return answerOf(error.code);
    }
  }

  #describe() {
    const { audience, bearer, sealed } = this.config;
    const kinds = ["held", ...(bearer ? ["bearer"] : []), ...(sealed ? ["sealed"] : [])];
    const document = { format: "taper/1 service", audience, kinds, profiles: ["taper/1"], proofs: [2] };
    return { status: 200, document, fields: { ...NO_STORE, "content-type": "application/json" } };
  }

  /** What of a request a proof covers. */
  #sent({ scheme, method, target, fields, content }) {
    const names = fields.map(([name]) => name);
    demand(!names.some((name) => OTHER_REQUESTS.includes(folded(name))), INVALID);
    demand(!names.some((name) => name.includes("_") && RESERVED.test(folded(name))), INVALID);
    const ofConnection = options(fields, "connection");
    demand(!ofConnection.some((name) => RESERVED.test(name) || END_TO_END.includes(name)), INVALID);
    demand(options(fields, "upgrade").every((protocol) => protocol === "h2c"), INVALID);
    const host = only(fields, "host") ?? refuse(INVALID);
    demand(only(fields, "content-length") === undefined || only(fields, "transfer-encoding") === undefined, INVALID);
    const bytes = unhex(content ?? "");
    demand(bytes.length > 0 || !isAnnounced(fields), "content_not_seen");
    demand(bytes.length <= this.limit, "content_too_large");
    const { origin } = dialled(`${scheme}://${host}`);
    const [contentType, contentEncoding] = ["content-type", "content-encoding"].map((name) => only(fields, name));
    const json = { form: 2, method, origin, target, contentType, contentEncoding, content: hex(bytes) };
    const declared = this.verifier.catalog.declaredFields(byItself(json));
    const named = declared.map((name) => [name, fields.filter(([each]) => each.toLowerCase() === name)]);
    const once = named.filter(([, found]) => found.length === 1 && found[0][1] !== "");
    const isDoubled =
      named.some(([, found]) => found.length > 1) ||
      declared.some((name) => ofConnection.includes(folded(name)) || isSpelledOtherwise(names, name));
    return { json: { ...json, fields: Object.fromEntries(once.map(([name, [[, value]]]) => [name, value])) }, isDoubled };
  }

  /** What the catalog makes of a request, or the code with which it refuses it. */
  #meaning(sent) {
    try {
      return this.verifier.catalog.meaning(sent);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { code: error.code };
    }
  }
}

/** The name that a field shares with those that some servers cannot tell from it. */
const folded = (name) => name.toLowerCase().replaceAll("_", "-");

const isSpelledOtherwise = (names, field) =>
  names.some((name) => folded(name) === folded(field) && name.toLowerCase() !== field);

/** The elements of a list field, folded. */
const options = (fields, field) =>
  fields
    .filter(([name]) => name.toLowerCase() === field)
    .flatMap(([, value]) => value.split(",").map((element) => folded(element.trim())));

const isAnnounced = (fields) =>
  fields.some(([name, value]) => {
    const field = name.toLowerCase();
    return field === "transfer-encoding" || (field === "content-length" && value !== "0");
  });

/** Whatever a request cannot be by itself, anyone may know. */
function byItself(json) {
  try {
    return readSent(json);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(INVALID) : error;
  }
}

/** The one value of a field that may be there once. */
function only(fields, name) {
  const values = fields.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
  demand(values.length <= 1, INVALID);
  return values[0];
}

/** Token, proof and approvals, as far as they are there. */
export function credentialsOf(fields) {
  const own = fields.filter(([name]) => OWN.includes(name.toLowerCase())).map(([, value]) => value.length);
  demand(own.every((length) => length <= LONGEST_VALUE), "fields_too_large");
  demand(own.reduce((sum, length) => sum + length, 0) <= LONGEST_FIELDS, "fields_too_large");
  const [, inScheme] = /^taper(?: +(.*))?$/i.exec(only(fields, "authorization") ?? "")?.map((text) => text ?? "") ?? [];
  const inField = only(fields, "taper-token");
  demand(inScheme === undefined || inField === undefined, INVALID);
  const beside = fields.filter(([name]) => name.toLowerCase() === "taper-approval").map(([, value]) => value);
  const approvals = beside.flatMap((value) => value.split(",").map((each) => each.trim()));
  const token = inScheme ?? inField;
  demand(token !== "", "invalid_base64");
  return { token, proof: only(fields, "taper-proof"), approvals };
}
