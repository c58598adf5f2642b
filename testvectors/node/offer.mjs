// What a chain does not exclude of a catalog by itself (section 11, asking).
import { refuse } from "./bytes.mjs";
import { printPredicate } from "./print.mjs";
import { print as printExpression } from "./expression.mjs";
import { codeOfCondition, readElements, readGrants } from "./shape.mjs";

const STRING = /"(?:[^"\\]|\\.)*"/g;
const text = (printed) => printed.slice(1, -1).replace(/\\(.)/g, (_, each) => (each === "n" ? "\n" : each));

/** The names of the tools, ascending; holds says whether a check of a block does, whatever the call. */
export function offerOf(tools, blocks, holds, matches) {
  const all = [];
  for (const block of blocks) {
    for (const check of block.datalog.checks) {
      const grants = readGrants(check);
      if (grants) all.push({ block, check });
      else if (codeOfCondition(check) !== "check_failed" && !holds(check, block)) refuse(codeOfCondition(check));
    }
  }
  const isLeft = (tool) =>
    all.every(({ block, check }) => check.queries.some((query) => mayFit(query, tool, (each) => matches(each, block, tool))));
  return tools.filter(isLeft).map(({ name }) => name).sort();
}

/** Whether a grant fits some call of a tool, for all that is known of it. */
function mayFit(query, tool, matches) {
  return readElements(query).every(({ predicate, expressions, argument }) => {
    const { name } = predicate;
    if (name === "tool" || name === "operation") return matches({ body: [predicate], expressions, scopes: [] });
    if (name === "resource") return mayBeOn(predicate, expressions, tool);
    if (name === "arg_names") return alwaysOf(tool).every((each) => namesIn(expressions).includes(each));
    return argument === undefined || (Object.hasOwn(tool.args, argument) && !tool.args[argument].dropped);
  });
}

/** Exact resources, and prefixes, against what the resource of every call starts with. */
function mayBeOn(predicate, expressions, { resource }) {
  if (resource === undefined) return false;
  const [start] = resource.split("{");
  const isWhole = start === resource;
  const printed = expressions.map(printExpression).join();
  const [affixes, exact] = [[], []];
  for (const [match] of (expressions.length === 0 ? printPredicate(predicate) : printed).matchAll(STRING)) {
    (printed.includes(`.starts_with(${match})`) ? affixes : exact).push(text(match));
  }
  if (isWhole) return exact.includes(start) || affixes.some((prefix) => start.startsWith(prefix));
  return exact.some((each) => each.startsWith(start)) || affixes.some((each) => each.startsWith(start) || start.startsWith(each));
}

const namesIn = (expressions) => [...expressions.map(printExpression).join().matchAll(STRING)].map(([each]) => text(each));

/** The arguments that every call has: required ones, and those that its resource names. */
const alwaysOf = ({ args, resource = "" }) =>
  Object.keys(args).filter((name) => args[name].required || resource.includes(`{${name}}`) || resource.includes(`{+${name}}`));
