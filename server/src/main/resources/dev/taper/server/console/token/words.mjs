// What a block of a token says, in words. What is no known shape is none of these words: it is unknown.
import { codeOfCondition, readElements, readGrants } from "./shape.mjs";
import { cutCheck, cutPredicate, printPredicate } from "./print.mjs";
import { shown } from "./shown.mjs";
import { JUSTIFICATION } from "./statement.mjs";

const MILLION = 1_000_000n;
const NAMES = ["delegator", "holder", "task", "purpose"];
const UNITS = [
  [86_400n, "day"],
  [3_600n, "hour"],
  [60n, "minute"],
  [1n, "second"],
];

const isVariable = (term) => term.type === "variable";
const list = (words) => words.join(", ");
const either = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`);

export const plural = (count, noun) => `${count} ${noun}${BigInt(count) === 1n ? "" : "s"}`;

/** Whole seconds in the largest unit that divides them. */
export function duration(seconds) {
  const [size, noun] = UNITS.find(([each]) => BigInt(seconds) % each === 0n);
  return plural(BigInt(seconds) / size, noun);
}

/** A moment in seconds since 1970, in UTC. */
export const moment = (seconds) => new Date(Number(seconds) * 1000).toISOString().replace("T", " ").replace(".000Z", " UTC");

/** How much is told of what is unknown. */
const MOST_UNKNOWN = 4096;

const quoted = (text) => `“${shown(text)}”`;

function valueWords(term) {
  if (term.type === "string") return quoted(term.value);
  return term.type === "null" ? "null" : shown(String(term.value));
}

function decimal(millionths) {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, "0");
  const fraction = digits.slice(-6).replace(/0+$/, "");
  return `${millionths < 0n ? "-" : ""}${digits.slice(0, -6)}${fraction && `.${fraction}`}`;
}

/** The sides of `a || b || c`. */
function alternatives(node) {
  return node.operator === "||" ? [...alternatives(node.left), ...alternatives(node.right.body)] : [node];
}

const valuesOf = (node) => node.left.term.value;

/** What one of several texts a value must be, begin or end with. */
function texts(node) {
  return alternatives(node).flatMap(({ operator, left, right }) => {
    if (operator === ".contains") return left.term.value.map(valueWords);
    const words = valueWords(right.term);
    return [operator === ".ends_with" ? `what ends with ${words}` : `what starts with ${words}`];
  });
}

/** Bounds, one or two. */
function bounds(expressions, write) {
  const side = { ">=": "at least", ">": "more than", "<=": "at most", "<": "less than" };
  return expressions.map(({ operator, right }) => `${side[operator]} ${write(right.term.value)}`).join(" and ");
}

function network(bits) {
  const [version, prefix] = [bits[0], bits.slice(2)];
  const [size, group] = version === "4" ? [32, 8] : [128, 16];
  const padded = prefix.padEnd(size, "0");
  const groups = padded.match(new RegExp(`.{${group}}`, "g")).map((each) => parseInt(each, 2));
  const address = version === "4" ? groups.join(".") : groups.map((each) => each.toString(16)).join(":");
  return `${address}/${prefix.length}`;
}

function argumentWords(expressions) {
  const [first, second] = expressions;
  if (first.operator === "!") return `is none of ${list(first.operand.left.term.value.map(valueWords))}`;
  if (first.operator === ".contains" && first.left.term?.type === "array") return `is ${either(valuesOf(first).map(valueWords))}`;
  if (first.operator === ".contains") return `has a length of at most ${second.right.term.value}`;
  const type = first.right.term.value;
  if (type === "integer") return `is a whole number, ${bounds(expressions.slice(1), String)}`;
  if (type === "array") return `is a list of which each element ${eachWords(second.right.body)}`;
  return textWords(second);
}

function textWords({ operator, right }) {
  const text = right.term.value;
  if (operator === ".matches") return `matches the pattern ${quoted(text.slice(4, -2))}`;
  return `${operator === ".ends_with" ? "ends" : "starts"} with ${quoted(text)}`;
}

/** A condition on each element of a list. */
const eachWords = (body) =>
  body.operator === ".contains" ? `is ${either(valuesOf(body).map(valueWords))}` : textWords(body.right.body);

/** Which part of a URL is constrained, by its place. */
function urlWords(terms, expressions) {
  const PARTS = { 1: "scheme", 2: "host", 3: "port" };
  const exact = terms.findIndex((term, i) => i > 0 && !isVariable(term));
  if (exact > 0) return `is a URL whose ${PARTS[exact]} is ${valueWords(terms[exact])}`;
  const [first] = expressions;
  const used = usedVariable(first);
  const part = PARTS[terms.findIndex((term) => isVariable(term) && term.value === used)];
  if (part === "port" && first.operator !== ".contains") return `is a URL whose port is ${bounds(expressions, String)}`;
  return `is a URL whose ${part} is ${either(texts(first))}`;
}

function usedVariable(node) {
  const [{ operator, left, right }] = alternatives(node);
  return (operator === ".contains" ? right : left).term.value;
}

const WORDS = {
  tool: (terms, [oneOf]) => `call ${oneOf ? either(patterns(oneOf)) : shown(terms[0].value)}`,
  operation: (terms, [oneOf]) => `operation ${oneOf ? either(patterns(oneOf)) : shown(terms[0].value)}`,
  resource: (terms, [oneOf]) => `on ${oneOf ? either(patterns(oneOf)) : shown(terms[0].value)}`,
  arg: (terms, expressions) => (expressions.length === 0 ? `is ${valueWords(terms[1])}` : argumentWords(expressions)),
  arg_decimal: (terms, expressions) => `is a number, ${bounds(expressions, decimal)}`,
  arg_each_host: (terms, [{ right }]) => `is a list of URLs whose host is ${either(texts(right.body))}`,
  arg_url: urlWords,
  arg_host_class: (terms, [oneOf]) =>
    `is a URL at a host that is ${oneOf ? either(texts(oneOf)) : valueWords(terms[1])}`,
  arg_ip: (terms, [oneOf]) =>
    `is a URL at an address in ${either(alternatives(oneOf).map(({ right }) => network(right.term.value)))}`,
  arg_path: (terms, [{ left }]) => `is ${quoted(left.right.term.value)} or a path below it`,
  arg_names: (terms, [{ left }]) =>
    left.term.value.length === 0 ? "without any argument" : `with no other argument than ${list(left.term.value.map(valueWords))}`,
  justified_for: (terms, [bound]) =>
    `once its holder has justified it${bound ? ` for at most ${duration(bound.right.term.value)}` : ""}`,
  approved_by: ([group], [{ right }]) => `once ${plural(right.term.value, "person")} of the group ${quoted(group.value)} approved it`,
  approvers: (terms, [{ left, right }]) => {
    const keys = left.operand.left.term.value.map(({ value }) => value);
    const some = keys.length === 1 ? "this key" : right.term.value === 1n ? `one of these ${keys.length} keys` : `${right.term.value} of these ${keys.length} keys`;
    return `once ${some} approved it: ${list(keys)}`;
  },
};

/** Tools, operations and resources: exact ones, and beginnings with a star. */
const patterns = (node) =>
  alternatives(node).flatMap(({ operator, left, right }) =>
    operator === ".contains" ? left.term.value.map(({ value }) => shown(value)) : [`${shown(right.term.value)}*`],
  );

/** A grant's parts, each in words. */
export function grantWords(query) {
  if (query.body.length === 0) return ["call anything"];
  const parts = readElements(query).map(({ predicate: { name, terms }, expressions, argument }) => {
    const words = WORDS[name](terms, expressions);
    return argument === undefined ? words : `where the argument ${quoted(argument)} ${words}`;
  });
  return parts[0].startsWith("call ") ? parts : ["call any tool", ...parts];
}

/** The date in a comparison, as an end or a beginning, and whether a second is added to it. */
function dateOf({ queries: [{ expressions: [{ operator, left, right }] }] }) {
  const [date, isLeft] = right.term.type === "date" ? [right.term.value, true] : [left.term.value, false];
  const isMoved = isLeft ? ["<=", ">"].includes(operator) : [">=", "<"].includes(operator);
  return date + (isMoved ? 1n : 0n);
}

const lastTexts = ({ queries: [{ body: [{ terms: [term] }], expressions: [among] }] }) =>
  isVariable(term) ? among.left.term.value.map(({ value }) => value) : [term.value];

/** Conditions, each with its words, and its value for who judges it. */
const CONDITIONS = {
  expired: (check) => ({ until: dateOf(check), words: `until ${moment(dateOf(check))}` }),
  not_yet_valid: (check) => ({ from: dateOf(check), words: `from ${moment(dateOf(check))}` }),
  wrong_audience: (check) => ({ audiences: lastTexts(check), words: `only at ${either(lastTexts(check).map((each) => shown(each)))}` }),
  wrong_task: (check) => ({ task: lastTexts(check)[0], words: `only for the task ${shown(lastTexts(check)[0])}` }),
  too_deep: ({ queries: [{ expressions: [{ right }] }] }) => ({
    depth: right.term.value,
    words: `handed on ${plural(right.term.value, "time")} at most`,
  }),
  holder_not_verified: () => ({ words: "only by a holder whose key the service knows by name" }),
};

function budgetWords({ id, store, tools, argument, unit, limit, window }) {
  const all = tools.map((tool) => (tool === "*" ? "all tools" : shown(tool)));
  const most = argument === undefined ? plural(limit, "call") : `${decimal(limit)} ${shown(unit)} of the argument ${quoted(argument)}`;
  const often = window === undefined ? "in all" : `in any ${duration(window)}`;
  return `at most ${most} ${often}, for ${either(all)} (budget ${quoted(id)}, counted at ${quoted(store)})`;
}

function checkOf(check, isFirst) {
  const grants = readGrants(check);
  if (grants) return { grants: grants.map((grant, i) => ({ ...grant, words: grantWords(check.queries[i]) })) };
  const code = codeOfCondition(check);
  if (code === "budget_unavailable") return {}; // its budget says so
  const read = CONDITIONS[code];
  return read ? { condition: read(check) } : { unknown: cutCheck(check, MOST_UNKNOWN) };
}

/** What an issuer notes in a token that it renews; services do not look at it. */
const RENEWABLE = /^renewable\("(?:[^"\\]|\\.)*", \d+-\d\d-\d\dT\d\d:\d\d:\d\dZ, (\d+-\d\d-\d\dT\d\d:\d\d:\d\dZ), \d+\)$/;

/** What a block of a delegation says: grants (a list for each of its checks), conditions, budgets, and what is unknown. */
export function readWords({ datalog, budgets, statement, external, index }) {
  const said = { grants: [], conditions: [], budgets: budgets.map(budgetWords), unknown: [] };
  for (const check of datalog.checks) {
    const { grants, condition, unknown } = checkOf(check);
    if (grants) said.grants.push(grants);
    if (condition) said.conditions.push(condition);
    if (unknown !== undefined) said.unknown.push(unknown);
  }
  const known = statement ? [...NAMES, "budget", "justification"] : [...NAMES, "budget"];
  for (const fact of datalog.facts) {
    const renewal = index === 0 && fact.name === "renewable" && RENEWABLE.exec(printPredicate(fact));
    if (renewal) said.conditions.push({ words: `can be renewed by its issuer, until ${renewal[1]} at the latest` });
    else if (!known.includes(fact.name)) said.unknown.push(cutPredicate(fact, MOST_UNKNOWN));
  }
  for (const rule of datalog.rules) said.unknown.push(`a rule for ${cutPredicate(rule.head, MOST_UNKNOWN)}`);
  if (datalog.scopes.length > 0) said.unknown.push("a scope: which other blocks this one trusts");
  if (external) said.unknown.push("a block by a third party, which no agent of the chain signed");
  if (![undefined, index === 0 ? "taper/1" : JUSTIFICATION].includes(datalog.context)) said.unknown.push(`the context ${datalog.context}`);
  if (statement) {
    const { tools, reason, from, until } = statement;
    said.justification = `${quoted(reason)}, for ${shown(tools)}, from ${moment(from)} until ${moment(until)}`;
  }
  return said;
}
