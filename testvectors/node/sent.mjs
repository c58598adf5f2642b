// What goes over the wire in each form, and the parts of it that a proof covers (section 7).
import { demand, unhex, utf8 } from "./token/bytes.mjs";
import { canonicalObject, canonicalValue, parse, quote } from "./token/json.mjs";
import { isLabel, isName } from "./token/text.mjs";
import { checkResource, readUrl } from "./token/url.mjs";

const INVALID = "invalid_request";
const AMBIGUOUS_URL = "ambiguous_url";
const LONGEST = 65536;
const MOST_FIELDS = 32;

/** The names of the parts that each form has of its own, in order. */
export const PARTS = {
  1: ["tool", "operation", "resource", "arguments"],
  2: ["method", "scheme", "authority", "target", "content_type", "content_encoding", "fields", "content"],
  3: ["method", "params"],
  4: [],
};

/** Reads what a vector says is sent. */
export function readSent(sent) {
  if (sent.form === 1) return readTool(sent.request);
  if (sent.form === 2) return readHttp(sent);
  return sent.form === 3 ? readMessage(sent) : { form: 4, parts: [] };
}

/** A JSON object with its members but for one, of at most 65,536 bytes as it stands and in canonical form. */
export function readObject(text, without) {
  demand(utf8(text).length <= LONGEST, INVALID);
  const json = parse(text, INVALID, 16, without);
  demand(json instanceof Map, INVALID);
  json.delete(without);
  demand(utf8(canonicalValue(json)).length <= LONGEST, INVALID);
  return json;
}

/** Form 1; what its arguments mean is not looked at. */
function readTool(text) {
  const json = readObject(text);
  demand([...json.keys()].every((name) => ["tool", "operation", "resource", "args"].includes(name)), INVALID);
  const [tool, operation, resource] = ["tool", "operation", "resource"].map((name) => json.get(name));
  demand(typeof tool === "string" && isName(tool), INVALID);
  demand(!json.has("operation") || (typeof operation === "string" && isName(operation)), INVALID);
  if (json.has("resource")) {
    demand(typeof resource === "string", INVALID);
    demand(isLabel(resource, 1024), "ambiguous_resource");
    checkResource(resource);
  }
  const args = json.get("args") ?? new Map();
  demand(args instanceof Map, INVALID);
  const parts = [tool, operation ?? "", resource ?? "", canonicalValue(args)].map(utf8);
  return { form: 1, tool, operation, resource, args, parts };
}

/** Form 3. */
function readMessage({ method, params: text }) {
  demand(isLabel(method, 128), INVALID);
  const params = readObject(text, "_meta");
  return { form: 3, method, params, parts: [method, canonicalValue(params)].map(utf8) };
}

/** Form 2. */
function readHttp({ method, origin, target, contentType, contentEncoding, fields = {}, content = "" }) {
  demand(isMethod(method), INVALID);
  checkOrigin(origin);
  demand(isTarget(target), INVALID);
  demand([contentType, contentEncoding].every((value) => value === undefined || isValue(value)), INVALID);
  const named = Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]);
  demand(named.length <= MOST_FIELDS && new Set(named.map(([name]) => name)).size === named.length, INVALID);
  demand(named.every(([name, value]) => isFieldName(name) && isValue(value)), INVALID);
  const json = named.length === 0 ? "" : canonicalObject(named.map(([name, value]) => [name, quote(value)]));
  const [scheme, authority] = origin.split("://");
  const texts = [method, scheme, authority, target, contentType ?? "", contentEncoding ?? "", json];
  const parts = [...texts.map(utf8), unhex(content)];
  return { form: 2, method, origin, target, contentType, contentEncoding, fields: new Map(named), content: unhex(content), parts };
}

export const isMethod = (text) => /^[A-Z-]{1,32}$/.test(text);

/** Visible ASCII without what has to be escaped, behind a slash. */
export const isTarget = (text) => /^\/[\x21\x24-\x3b\x3d\x3f-\x5b\x5d-\x7e]*$/.test(text) && text.length <= 8192;

export const isFieldName = (text) => /^[A-Za-z0-9_-]{1,128}$/.test(text);
const isValue = (text) => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text) && text.length <= 4096;

/** Scheme and authority in the one spelling in which they are compared. */
export function checkOrigin(text) {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/[^/?#]*$/.exec(text);
  demand(match, AMBIGUOUS_URL);
  const { scheme, host, port, defaultPort } = readUrl(text, match[1].toLowerCase(), AMBIGUOUS_URL);
  demand(text === `${scheme}://${host.text}${port === defaultPort ? "" : `:${port}`}`, AMBIGUOUS_URL);
  demand(["http", "https"].includes(scheme), INVALID);
}
