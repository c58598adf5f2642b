// What a chain does not exclude of a catalog by itself (section 11, asking).
import { demand, Refusal, refuse } from "./token/bytes.mjs";
import { print as printExpression } from "./token/expression.mjs";
import { printPredicate } from "./token/print.mjs";
import { fact, readArgument, Request } from "./token/request.mjs";
import { codeOfCondition, readElements, readGrants } from "./token/shape.mjs";
import { string } from "./token/term.mjs";
import { isLabel } from "./token/text.mjs";
import { checkResource } from "./token/url.mjs";

const STRING = /"(?:[^"\\]|\\.)*"/g;
const text = (printed) => printed.slice(1, -1).replace(/\\(.)/g, (_, each) => (each === "n" ? "\n" : each));

/**
 * The names of the tools, ascending; of one alone, if its calls with a known argument are asked about. holds says whether a
 * check of a block does, whatever the call; matches, whether a query of a block does by some facts.
 */
export function offerOf(tools, blocks, holds, matches, entry) {
  const all = [];
  for (const block of blocks) {
    for (const check of block.datalog.checks) {
      const grants = readGrants(check);
      if (grants) all.push({ block, check });
      else if (codeOfCondition(check) !== "check_failed" && !holds(check, block)) refuse(codeOfCondition(check));
    }
  }
  const isLeft = (calls) =>
    all.every(({ block, check }) => check.queries.some((query) => mayFit(query, calls, (each) => matches(each, calls.facts, block))));
  const left = tools.filter((tool) => isLeft(callsOf(tool)));
  return (entry ? left.filter((tool) => isEntry(tool, entry, isLeft)) : left).map(({ name }) => name).sort();
}

/** Whether a tool is the one that is asked about, and calls of it are left that have the argument. */
function isEntry(tool, { tool: asked, argument, value, start }, isLeft) {
  const known = tool.args[argument];
  if (tool.name !== asked || !Object.hasOwn(tool.args, argument)) return false;
  if (known.dropped) return true;
  try {
    return isLeft(value === undefined ? callsOf(tool, { argument, start }) : callsWith(tool, argument, value));
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** What is known of calls whose argument has a value; the catalog may refuse all of them. */
function callsWith(tool, argument, value) {
  const { type, ...reading } = tool.args[argument];
  demand(type === "string" || type === "any", "invalid_argument_type");
  const calls = callsOf(tool, { argument, value });
  const resource = calls.isWhole ? calls.resource : undefined;
  if (resource !== undefined) {
    demand(isLabel(resource, 1024), "ambiguous_resource");
    checkResource(resource);
  }
  const { facts } = new Request(tool.name, tool.operation, resource, [readArgument(argument, value, reading)]);
  return { ...calls, facts };
}

/** What is known of all calls of a tool, of which an argument may be known, or what it starts with. */
function callsOf({ name, operation, resource, args }, known = {}) {
  const facts = [["tool", name], ["operation", operation]].flatMap(([each, value]) => (value === undefined ? [] : [fact(each, string(value))]));
  const isPlaced = (each) => resource?.includes(`{${each}}`) || resource?.includes(`{+${each}}`);
  const judged = Object.keys(args).filter((each) => !args[each].dropped);
  const always = judged.filter((each) => args[each].required || isPlaced(each) || each === known.argument);
  return { facts, args: judged, always, known, ...startOf(resource, known) };
}

/** What the resource of every call starts with, and whether that is all of it. */
function startOf(resource, { argument, value, start }) {
  if (resource === undefined) return { isWhole: true };
  const [first, ...rest] = resource.split(/\{\+?([^{}]*)\}/);
  let known = first;
  for (let i = 0; i < rest.length; i += 2) {
    if (rest[i] !== argument) return { resource: known, isWhole: false };
    if (value === undefined) return { resource: known + start, isWhole: false };
    known += value + rest[i + 1];
  }
  return { resource: known, isWhole: true };
}

/** Whether a grant fits some call, for all that is known of it. */
function mayFit(query, calls, matches) {
  return readElements(query).every(({ predicate, expressions, argument }) => {
    const { name } = predicate;
    const holds = () => matches({ body: [predicate], expressions, scopes: [] });
    if (name === "tool" || name === "operation") return holds();
    if (name === "resource") return mayBeOn(predicate, expressions, calls);
    if (name === "arg_names") return calls.always.every((each) => namesIn(expressions).includes(each));
    if (argument === undefined) return true;
    if (argument !== calls.known.argument) return calls.args.includes(argument);
    return calls.known.value === undefined ? mayStart(predicate, expressions, calls.known.start) : holds();
  });
}

/** Whether a constraint holds for some string that starts so: those of listed values, and of another start, are compared. */
function mayStart({ name, terms }, expressions, start) {
  if (name !== "arg") return true;
  const strings = (list) => list.filter(({ type }) => type === "string").map(({ value }) => value);
  if (expressions.length === 0) return strings([terms[1]]).some((each) => each.startsWith(start));
  const [first, second] = expressions.map(printExpression);
  if (/^\[.*\]\.contains\(\$\w+\)$/s.test(first)) {
    return [...first.matchAll(STRING)].some(([each]) => text(each).startsWith(start));
  }
  const other = /^\$\w+\.starts_with\((".*")\)$/s.exec(second ?? "");
  return other === null || text(other[1]).startsWith(start) || start.startsWith(text(other[1]));
}

/** Exact resources, and prefixes, against what the resource of every call starts with. */
function mayBeOn(predicate, expressions, { resource: start, isWhole }) {
  if (start === undefined) return false;
  const printed = expressions.map(printExpression).join();
  const [affixes, exact] = [[], []];
  for (const [match] of (expressions.length === 0 ? printPredicate(predicate) : printed).matchAll(STRING)) {
    (printed.includes(`.starts_with(${match})`) ? affixes : exact).push(text(match));
  }
  if (isWhole) return exact.includes(start) || affixes.some((prefix) => start.startsWith(prefix));
  return exact.some((each) => each.startsWith(start)) || affixes.some((each) => each.startsWith(start) || start.startsWith(each));
}

const namesIn = (expressions) => [...expressions.map(printExpression).join().matchAll(STRING)].map(([each]) => text(each));
