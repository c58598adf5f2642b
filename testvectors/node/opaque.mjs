// What would pass over an argument that gives no facts (section 7).
import { fits64 } from "./token/request.mjs";

const OF_ARGUMENTS = ["arg", "arg_decimal", "arg_number", "arg_url", "arg_host_class", "arg_ip", "arg_each_host", "arg_path"];
const OF_NUMBERS = ["arg", "arg_decimal"];
const OF_FRACTIONS = ["arg"];
const OF_LARGE_INTEGERS = ["arg_decimal"];

/** Whether a block or the service forbids something, or asks it of all, that is not stated of an argument. */
export function isForbidden({ args }, blocks, { own, checks, policies }) {
  const unstated = new Map(args.map(({ name, value }) => [name, missing(value)]).filter(([, none]) => none.length > 0));
  if (unstated.size === 0) return false;
  const tainted = new Set();
  const isAbout = ({ name: predicate, terms: [first] }) => {
    if (tainted.has(predicate)) return true;
    if (first?.type === "variable") return [...unstated.values()].some((none) => none.includes(predicate) && none !== OF_FRACTIONS);
    return first?.type === "string" && (unstated.get(first.value) ?? []).includes(predicate);
  };
  const touches = ({ body }) => body.some(isAbout);
  const rules = [...own.rules, ...blocks.flatMap(({ datalog }) => datalog.rules)];
  for (let before = -1; before !== tainted.size; ) {
    before = tainted.size;
    rules.filter(touches).forEach(({ head }) => tainted.add(head.name));
  }
  const forbids = ({ kind, queries }) => kind !== "check if" && queries.some(touches);
  const denies = ({ kind, queries }) => kind === "deny if" && queries.some(touches);
  return blocks.some(({ datalog }) => datalog.checks.some(forbids)) || checks.some(forbids) || policies.some(denies);
}

/** The predicates that say nothing of a value, although it could be of that kind. */
function missing({ type, value, millionths }) {
  if (type === "opaque") return OF_ARGUMENTS;
  if (type === "integer") return fits64(value * 1_000_000n) ? [] : OF_LARGE_INTEGERS;
  if (type !== "number") return [];
  return millionths === undefined ? OF_NUMBERS : OF_FRACTIONS;
}
