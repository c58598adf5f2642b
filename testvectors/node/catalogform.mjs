// The form of a catalog (section 7): strict JSON, and its canonical form, in which nothing is left that says nothing.
import { demand, Refusal } from "./token/bytes.mjs";
import { canonicalValue, parse } from "./token/json.mjs";
import { checkSegments } from "./token/segments.mjs";
import { checkOrigin, isFieldName, isMethod, isTarget } from "./sent.mjs";
import { isLabel, isName, isVisible } from "./token/text.mjs";
import { checkResource } from "./token/url.mjs";

const INVALID = "invalid_catalog";
const TYPES = ["string", "integer", "number", "boolean", "array", "object", "any"];
const READINGS = ["plain", "url", "host", "path", "text"];
const ROLES = ["touched", "amount", "text"];
const METHOD_FIELDS = ["x-http-method-override", "x-http-method", "x-method-override"];
const NAMED_ORIGIN = /^(https?:\/\/)\{([^{}]+)\}(\..+)$/;
const SEPARATORS = /[/:;?#%\\@]/;

/** A catalog with its parts taken apart; whatever is wrong with it has one code. */
export function readCatalogJson(text) {
  try {
    return read(text);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(INVALID) : error;
  }
}

function read(text) {
  demand(text.length <= 2 ** 24, INVALID);
  const root = members(parse(text, INVALID, 32), { format: isString, audience: isString, tools: isObject }, { origins: Array.isArray });
  demand(root.format === "taper/1 catalog" && isLabel(root.audience, 1024), INVALID);
  const origins = (root.origins ?? []).map(readOrigin);
  demand(origins.length <= 64 && isDistinct(origins.map(({ origin }) => origin)), INVALID);
  demand(root.tools.size <= 16384, INVALID);
  const tools = new Map([...root.tools].map(([name, json]) => [name, readTool(name, json, origins)]));
  const ways = [...tools.values()].map(wayOf).filter((way) => way !== undefined);
  demand(isDistinct(ways), INVALID);
  const json = new Map([
    ["format", root.format],
    ["audience", root.audience],
    ["tools", new Map([...tools].map(([name, { json }]) => [name, json]))],
  ]);
  if (origins.length > 0) json.set("origins", origins.map((each) => each.json));
  return { canonical: canonicalValue(json), tools, origins };
}

const isString = (value) => typeof value === "string";
const isObject = (value) => value instanceof Map;
const isFlag = (value) => typeof value === "boolean";
const isDistinct = (all) => new Set(all).size === all.length;

/** The members of an object, each of its kind; others are refused. */
function members(json, needed, optional = {}) {
  demand(json instanceof Map, INVALID);
  const rules = { ...needed, ...optional };
  for (const [name, value] of json) demand(Object.hasOwn(rules, name) && rules[name](value), INVALID);
  for (const name of Object.keys(needed)) demand(json.has(name), INVALID);
  return Object.fromEntries(json);
}

/** What says something. */
const saying = (entries) => new Map(Object.entries(entries).filter(([, value]) => value !== undefined && value !== false && value !== ""));

function readOrigin(json) {
  const { origin, prefix = "" } = members(json, { origin: isString }, { prefix: isString });
  const [, start, named, end] = NAMED_ORIGIN.exec(origin) ?? [];
  demand(named !== undefined || !origin.includes("{"), INVALID);
  checkOrigin(named === undefined ? origin : `${start}x${end}`);
  demand(prefix === "" || (prefix.startsWith("/") && !prefix.endsWith("/")), INVALID);
  checkPath(`${prefix}/`);
  return { origin, prefix, start, named, end, json: saying({ origin, prefix }) };
}

/** A path without a query that a request can have. */
function checkPath(path) {
  demand(isTarget(path) && !/[?;]/.test(path) && isVisible(path), INVALID);
  checkSegments(path, 0, INVALID);
}

function readTool(name, json, origins) {
  demand(isName(name), INVALID);
  const { operation, resource, definition, http, mcp, content, arguments: args } = members(json, {}, {
    ...{ operation: isString, resource: isString, definition: isString },
    ...{ http: isObject, mcp: isObject, content: isObject, arguments: isObject },
  });
  demand(operation === undefined || isName(operation), INVALID);
  demand(definition === undefined || /^[0-9a-f]{64}$/.test(definition), INVALID);
  const tool = { name, operation, resource, definition };
  const read = [...(args ?? [])].map(([each, of]) => [each, readArgument(each, of)]);
  demand(read.length <= 256, INVALID);
  demand(read.filter(([, { role }]) => role === "amount").length <= 1, INVALID);
  tool.args = Object.fromEntries(read);
  demand(http === undefined || mcp === undefined, INVALID);
  if (http !== undefined) tool.http = readRoute(http);
  if (mcp !== undefined) tool.mcp = readMessage(mcp);
  if (content !== undefined) tool.content = members(content, { argument: isString }).argument;
  checkResourceTemplate(tool);
  checkPlaces(tool, origins);
  tool.json = saying({
    ...{ operation, resource, definition, http, mcp },
    content: tool.content === undefined ? undefined : new Map([["argument", tool.content]]),
    arguments: read.length === 0 ? undefined : new Map(read.map(([each, of]) => [each, of.json])),
  });
  return tool;
}

function readArgument(name, json) {
  demand(isLabel(name, 256), INVALID);
  const flags = { nullable: isFlag, required: isFlag, opaque: isFlag, dropped: isFlag, list: isFlag };
  const given = members(json, {}, { type: isString, is: isString, unit: isString, field: isString, role: isString, ...flags });
  demand(given.type === undefined ? given.dropped : TYPES.includes(given.type), INVALID);
  const { type = "any", is = "plain", unit } = given;
  const field = given.field?.toLowerCase();
  demand(READINGS.includes(is), INVALID);
  demand(is === "plain" || ["string", "array", "any"].includes(type), INVALID);
  demand(!given.opaque || (["string", "array", "object", "any"].includes(type) && ["plain", "text"].includes(is)), INVALID);
  demand(unit === undefined || (["integer", "number"].includes(type) && isLabel(unit, 64)), INVALID);
  demand(!given.list || (type === "array" && field === undefined), INVALID);
  demand(!given.dropped || !given.required, INVALID);
  checkRole(given.role, type, given.dropped);
  demand(field === undefined || (isFieldName(given.field) && !METHOD_FIELDS.includes(field.replaceAll("_", "-"))), INVALID);
  const said = {
    ...given,
    type: given.dropped && type === "any" ? undefined : type,
    is: is === "plain" ? undefined : is,
    nullable: given.nullable && type !== "any",
    field,
  };
  return { ...given, type, is, field, json: saying(said) };
}

function checkRole(role, type, isDropped) {
  if (role === undefined) return;
  const isNumber = type === "integer" || type === "number";
  demand(ROLES.includes(role) && !isDropped, INVALID);
  demand(role !== "amount" || isNumber, INVALID);
  demand(role !== "text" || !(isNumber || type === "boolean"), INVALID);
}

function readRoute(json) {
  const { method, path } = members(json, { method: isString, path: isString });
  demand(isMethod(method) && path.startsWith("/"), INVALID);
  const segments = path.slice(1).split("/").map((segment) => {
    const named = /^\{(.+)\}$/.exec(segment)?.[1];
    demand(!/[{}]/.test(named ?? segment), INVALID);
    return { named, literal: segment };
  });
  checkPath(`/${segments.map(({ named, literal }) => (named === undefined ? literal : "x")).join("/")}`);
  return { method, segments };
}

function readMessage(json) {
  const { method, name } = members(json, { method: isString }, { name: isString });
  demand(isLabel(method, 128) && (method === "tools/call") === (name !== undefined), INVALID);
  return { method, name };
}

/** What two tools must not have in common: undefined for a tool that is called by its name. */
function wayOf({ http, mcp }) {
  if (http) return `http ${http.method} /${http.segments.map(({ named, literal }) => (named === undefined ? literal : "{}")).join("/")}`;
  return mcp && (mcp.name === undefined ? `method ${mcp.method}` : `name ${mcp.name}`);
}

/** The arguments that a request has in one place only: each in one, and each a text. */
function checkPlaces({ http, content, args }, origins) {
  const known = (name) => Object.hasOwn(args, name) && !args[name].dropped;
  const fields = Object.entries(args).filter(([, { field }]) => field !== undefined);
  demand(http || (fields.length === 0 && content === undefined), INVALID);
  if (!http) return;
  demand(origins.length > 0 && !Object.hasOwn(args, "_method"), INVALID);
  demand(isDistinct(fields.map(([, { field }]) => field.replaceAll("_", "-"))), INVALID);
  const ofOrigins = new Set(origins.map(({ named }) => named).filter((named) => named !== undefined));
  const ofPath = http.segments.map(({ named }) => named).filter((named) => named !== undefined);
  const places = [...ofPath, ...ofOrigins, ...fields.filter(([, { dropped }]) => !dropped).map(([name]) => name)];
  for (const name of places) demand(known(name) && !["array", "object"].includes(args[name].type), INVALID);
  if (content !== undefined) demand(known(content) && args[content].opaque, INVALID);
  demand(isDistinct(content === undefined ? places : [...places, content]), INVALID);
}

/** Two calls must not name one resource by cutting it elsewhere, and some call must name one. */
function checkResourceTemplate({ resource, args }) {
  if (resource === undefined) return;
  demand(/^([^{}]|\{\+?[^{}]+\})*$/.test(resource), INVALID);
  const parts = resource.match(/\{[^{}]+\}|[^{}]+/g) ?? [];
  let [isOpen, hasWhole] = [false, false];
  for (const part of parts) {
    const [, plus, name] = /^\{(\+?)(.+)\}$/.exec(part) ?? [];
    if (name === undefined) {
      isOpen &&= !SEPARATORS.test(part);
      continue;
    }
    demand(Object.hasOwn(args, name) && !args[name].dropped, INVALID);
    demand(["string", "integer", "number", "any"].includes(args[name].type), INVALID);
    demand(!isOpen && !(hasWhole && plus), INVALID);
    [isOpen, hasWhole] = [true, hasWhole || plus === "+"];
  }
  const fits = (example) => {
    const text = resource.replace(/\{(\+?)[^{}]+\}/g, (_, plus) => (plus ? example : "x"));
    try {
      checkResource(text);
      return isLabel(text, 1024);
    } catch {
      return false;
    }
  };
  demand(["x", "/x", "https://x.example/"].some(fits), INVALID);
}
