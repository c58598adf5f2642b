// What a service's catalog makes of a call of form 1 (section 7): its operation, resource, types and units.
import { demand } from "./bytes.mjs";
import { canonicalNumber, JsonNumber, parse } from "./json.mjs";
import { readRequest, requestOf } from "./request.mjs";

const INVALID = "invalid_request";
const INVALID_VALUE = "invalid_argument_value";

const isInteger = ({ digits, point }) => point >= digits.length;
const TYPES = {
  string: (value) => typeof value === "string",
  integer: (value) => value instanceof JsonNumber && isInteger(canonicalNumber(value.text) ?? { digits: "", point: 0 }),
  number: (value) => value instanceof JsonNumber,
  boolean: (value) => typeof value === "boolean",
  array: Array.isArray,
  object: (value) => value instanceof Map,
  any: () => true,
};

/** The call that was sent, as the catalog derives it; its proof covers what was sent. */
export function readMeant(catalogText, text) {
  const sent = readRequest(text);
  demand(sent.operation === undefined && sent.resource === undefined, INVALID);
  const tool = parse(catalogText, "invalid_catalog").get("tools").get(sent.tool);
  demand(tool !== undefined && !tool.has("http") && !tool.has("mcp"), "unknown_tool");
  const known = tool.get("arguments") ?? new Map();
  const given = parse(text, INVALID).get("args") ?? new Map();
  for (const [name, value] of given) {
    demand(known.has(name), "unknown_argument");
    const argument = known.get(name);
    const isNull = value === null && argument.get("nullable") === true;
    demand(isNull || TYPES[argument.get("type")](value), "invalid_argument_type");
  }
  for (const [name, argument] of known) demand(!argument.get("required") || given.has(name), INVALID);
  const members = new Map([["tool", sent.tool], ["args", given]]);
  if (tool.has("operation")) members.set("operation", tool.get("operation"));
  if (tool.has("resource")) members.set("resource", resourceOf(tool.get("resource"), given));
  const units = [...known].map(([name, argument]) => [name, argument.get("unit")]);
  return Object.assign(requestOf(members), { sent, units: Object.fromEntries(units) });
}

function resourceOf(template, given) {
  return template.replace(/\{(\+?)([^{}]*)\}/g, (_, several, name) => {
    const value = given.get(name);
    const text = value instanceof JsonNumber && TYPES.integer(value) ? canonicalNumber(value.text).text : value;
    demand(typeof text === "string" && text !== "" && (several || !/[/:;?#%\\@]/.test(text)), INVALID_VALUE);
    return text;
  });
}
