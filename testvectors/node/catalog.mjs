// A service's catalog, and what calls mean by it (section 7).
import { demand, hex, Refusal, refuse, sha256, text as utf8Text, utf8 } from "./token/bytes.mjs";
import { readCatalogJson } from "./catalogform.mjs";
import { byCodeUnits, canonicalNumber, JsonNumber, parse } from "./token/json.mjs";
import { readArgument, Request } from "./token/request.mjs";
import { checkSegments } from "./token/segments.mjs";
import { readSent } from "./sent.mjs";
import { isLabel, isVisible } from "./token/text.mjs";
import { checkResource } from "./token/url.mjs";

const INVALID = "invalid_request";
const INVALID_VALUE = "invalid_argument_value";
const INVALID_TYPE = "invalid_argument_type";
const UNKNOWN_TOOL = "unknown_tool";
const UNKNOWN_ARGUMENT = "unknown_argument";
const AMBIGUOUS_PATH = "ambiguous_path";

const LONGEST = 65536;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

export const readCatalog = (text) => new Catalog(readCatalogJson(text));

class Catalog {
  constructor({ canonical, tools, origins }) {
    Object.assign(this, { canonical, tools: [...tools.values()], origins });
  }

  /** The call that was sent, as the catalog derives it; its proof covers what was sent. */
  meaning(sent) {
    if (sent.form === 1) return this.#ofTool(sent);
    return sent.form === 2 ? this.#ofRequest(sent) : this.#ofMessage(sent);
  }

  /** The header fields that are arguments of a request; none of one that no tool is called like. */
  declaredFields(sent) {
    try {
      const { tool } = this.#called(sent);
      return Object.values(tool.args).flatMap(({ field }) => (field === undefined ? [] : [field]));
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  }

  #ofTool(sent) {
    demand(sent.operation === undefined && sent.resource === undefined, INVALID);
    const tool = this.tools.find(({ name, http, mcp }) => name === sent.tool && !http && !mcp);
    return new Meaning(this, tool ?? refuse(UNKNOWN_TOOL), sent).members(sent.args).request();
  }

  #ofMessage(sent) {
    const tool = this.tools.find(({ mcp }) => mcp?.method === sent.method && mcp.name === undefined);
    if (tool) return new Meaning(this, tool, sent).members(sent.params).request();
    demand(sent.method === "tools/call", UNKNOWN_TOOL);
    const known = ["name", "arguments"];
    demand([...sent.params.keys()].every((name) => known.includes(name)), UNKNOWN_ARGUMENT);
    const [name, args] = [sent.params.get("name"), sent.params.get("arguments") ?? new Map()];
    demand(name === undefined || typeof name === "string", INVALID);
    const called = this.tools.find(({ mcp }) => mcp?.name !== undefined && mcp.name === name) ?? refuse(UNKNOWN_TOOL);
    demand(args instanceof Map, INVALID);
    return new Meaning(this, called, sent).members(args).request();
  }

  /** The tool that a request calls, with what its origin and path say. */
  #called(sent) {
    const { origin, label } = this.#origin(sent.origin);
    demand(sent.target.startsWith(`${origin.prefix}/`), UNKNOWN_TOOL);
    const [, path, query] = /^([^?]*)(?:\?(.*))?$/.exec(sent.target.slice(origin.prefix.length));
    demand(isVisible(path) && !path.endsWith(" ") && !path.includes(";"), AMBIGUOUS_PATH);
    checkSegments(path, 0, AMBIGUOUS_PATH);
    const segments = path.slice(1).split("/");
    return { tool: this.#route(sent.method, segments), origin, label, segments, query };
  }

  #ofRequest(sent) {
    const { tool, origin, label, segments, query } = this.#called(sent);
    const meaning = new Meaning(this, tool, sent);
    if (origin.named !== undefined) meaning.placed(origin.named, label);
    tool.http.segments.forEach(({ named }, i) => {
      if (named !== undefined) meaning.placed(named, unescape(segments[i]));
    });
    for (const [field, value] of sent.fields) {
      const name = Object.keys(tool.args).find((each) => tool.args[each].field === field);
      meaning.placed(name ?? refuse(UNKNOWN_ARGUMENT), value);
    }
    if (query) meaning.pairs(query);
    meaning.content();
    return meaning.request();
  }

  #origin(dialled) {
    const literal = this.origins.find(({ origin, named }) => named === undefined && origin === dialled);
    if (literal) return { origin: literal };
    for (const origin of this.origins.filter(({ named }) => named !== undefined)) {
      const { start, end } = origin;
      const fits = dialled.startsWith(start) && dialled.endsWith(end) && dialled.length > start.length + end.length;
      const label = dialled.slice(start.length, dialled.length - end.length);
      if (fits && LABEL.test(label)) return { origin, label };
    }
    return refuse(UNKNOWN_TOOL);
  }

  #route(method, segments) {
    const fits = ({ http }) =>
      http?.method === method &&
      http.segments.length === segments.length &&
      http.segments.every(({ named, literal }, i) => (named === undefined ? literal === segments[i] : segments[i] !== ""));
    const isLiteral = (tool, i) => tool.http.segments[i].named === undefined;
    const better = (a, b) => {
      const first = segments.findIndex((_, i) => isLiteral(a, i) !== isLiteral(b, i));
      return first >= 0 && isLiteral(a, first) ? a : b;
    };
    const fitting = this.tools.filter(fits);
    demand(fitting.length > 0, UNKNOWN_TOOL);
    return fitting.reduce((best, each) => better(best, each));
  }
}

/** Puts together what one call means. */
class Meaning {
  #given = new Map();

  constructor(catalog, tool, sent) {
    const fields = Object.keys(tool.args).filter((name) => tool.args[name].field !== undefined);
    const ofPath = tool.http ? tool.http.segments.map(({ named }) => named) : [];
    const ofOrigins = tool.http ? catalog.origins.map(({ named }) => named) : [];
    Object.assign(this, { tool, sent, elsewhere: [...fields, ...ofPath, ...ofOrigins, tool.content] });
  }

  /** Takes the members of an object. */
  members(json) {
    for (const [name, value] of json) this.#take(name, this.#expect(name), value);
    return this;
  }

  /** Takes an argument from the one place that the catalog gives it. */
  placed(name, text) {
    const argument = this.#known(name);
    this.#take(name, argument, argument.dropped ? text : typed(text, argument));
  }

  /** Takes the pairs of a query or form. */
  pairs(text) {
    const all = new Map();
    for (const pair of text.split("&")) {
      const equals = pair.includes("=") ? pair.indexOf("=") : pair.length;
      const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)].map((part) => unescape(part.replaceAll("+", " ")));
      demand(equals > 0, INVALID);
      this.#expect(name);
      all.set(name, [...(all.get(name) ?? []), value]);
    }
    for (const [name, values] of all) {
      const argument = this.#expect(name);
      demand(values.length === 1 || argument.list || argument.dropped, INVALID);
      const whole = argument.list || argument.dropped;
      this.#take(name, argument, whole ? values : typed(values[0], argument));
    }
  }

  /** Takes what the content holds. */
  content() {
    const { content, contentType, contentEncoding } = this.sent;
    if (this.tool.content !== undefined) {
      demand(content.length === 0 || !isForm(contentType), INVALID);
      const digest = `sha256:${hex(sha256(content))}`;
      if (content.length > 0) this.#given.set(this.tool.content, { value: { type: "opaque", value: JSON.stringify(digest) } });
      return;
    }
    demand(contentEncoding === undefined, INVALID);
    if (content.length === 0) return;
    demand(content.length <= LONGEST, INVALID);
    const kind = kindOf(contentType);
    const text = decoded(content);
    if (kind === "form") {
      demand(/^[\x21-\x7e]*$/.test(text), INVALID);
      return this.pairs(text);
    }
    const json = parse(text, INVALID);
    demand(json instanceof Map, INVALID);
    this.members(json);
  }

  request() {
    const { args, name, operation, resource } = this.tool;
    for (const each of Object.keys(args)) demand(!args[each].required || this.#given.has(each), INVALID);
    const judged = [...this.#given].filter(([each]) => !args[each].dropped).sort(([a], [b]) => byCodeUnits(a, b));
    demand(judged.length <= 64, INVALID);
    const all = judged.map(([each, { value }]) => ("json" in value ? readArgument(each, value.json, args[each]) : { name: each, value }));
    const on = resource && resource.replace(/\{(\+?)([^{}]*)\}/g, (_, whole, each) => resourceText(all, each, whole));
    if (on !== undefined) {
      demand(isLabel(on, 1024), "ambiguous_resource");
      checkResource(on);
    }
    const request = new Request(name, operation, on, all);
    const units = Object.fromEntries(Object.entries(args).map(([each, { unit }]) => [each, unit]));
    return Object.assign(request, { sent: this.sent, units });
  }

  /** The argument, if it may stand among others that are named where they are sent. */
  #expect(name) {
    const argument = this.#known(name);
    demand(!this.elsewhere.includes(name), INVALID);
    return argument;
  }

  #known(name) {
    demand(Object.hasOwn(this.tool.args, name), UNKNOWN_ARGUMENT);
    return this.tool.args[name];
  }

  #take(name, argument, json) {
    demand(!this.#given.has(name), INVALID);
    if (!argument.dropped) demand(isOfType(json, argument), INVALID_TYPE);
    this.#given.set(name, { value: { json } });
  }
}

/** What a text is for the declared type. */
function typed(text, { type }) {
  if (type === "string" || type === "any") return text;
  if (type === "integer" || type === "number") return NUMBER.test(text) ? new JsonNumber(text) : refuse(INVALID_TYPE);
  demand(type === "boolean" && ["true", "false"].includes(text), INVALID_TYPE);
  return text === "true";
}

function isOfType(json, { type, nullable }) {
  if (type === "any" || json === null) return type === "any" || nullable === true;
  if (json instanceof JsonNumber) return type === "number" || (type === "integer" && isInteger(json));
  if (Array.isArray(json)) return type === "array";
  return type === (json instanceof Map ? "object" : typeof json);
}

function isInteger({ text }) {
  const number = canonicalNumber(text);
  demand(number !== undefined, INVALID_VALUE);
  return number.point >= number.digits.length;
}

/** The text of an argument that the resource names. */
function resourceText(all, name, isWhole) {
  const { type, value } = all.find((each) => each.name === name)?.value ?? {};
  demand(type === "string" || type === "integer", INVALID_VALUE);
  const text = String(value);
  demand(text !== "" && (isWhole || !/[/:;?#%\\@]/.test(text)), INVALID_VALUE);
  return text;
}

/** Resolves whole escapes of UTF-8. */
function unescape(text) {
  demand(!/%(?![0-9A-Fa-f]{2})/.test(text), INVALID);
  const octets = [];
  for (let i = 0; i < text.length; i++) {
    const isEscape = text[i] === "%";
    octets.push(isEscape ? parseInt(text.slice(i + 1, i + 3), 16) : text.charCodeAt(i));
    if (isEscape) i += 2;
  }
  return decoded(Uint8Array.from(octets));
}

function decoded(octets) {
  try {
    return utf8Text(octets);
  } catch {
    return refuse(INVALID);
  }
}

/** A content type and its parameters. */
const partsOf = (contentType) => (contentType ?? "").toLowerCase().split(";").map((part) => part.trim());

/** True for a form, whatever its parameters. */
const isForm = (contentType) => partsOf(contentType)[0] === "application/x-www-form-urlencoded";

/** How a content is read; one that nobody would judge is refused. */
function kindOf(contentType) {
  const [type, ...parameters] = partsOf(contentType);
  demand(isForm(contentType) || /^application\/(json|[a-z0-9.-]+\+json)$/.test(type), INVALID);
  const known = ["charset=utf-8", 'charset="utf-8"'];
  demand(parameters.length === 0 || (parameters.length === 1 && known.includes(parameters[0])), INVALID);
  return isForm(contentType) ? "form" : "json";
}

/** What a text of form 1 means by a catalog. */
export const readMeant = (catalog, text) => catalog.meaning(readSent({ form: 1, request: text }));
