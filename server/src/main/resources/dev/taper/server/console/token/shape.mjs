// The shapes of grants and conditions (section 9), recognised by their text.
import { print as printExpression } from "./expression.mjs";
import { printCheck, printPredicate } from "./print.mjs";
import { print as printTerm } from "./term.mjs";

const raw = String.raw;
const CHARACTERS = raw`(?:[^"\\]|\\.)*`;
const STRING = raw`"${CHARACTERS}"`;
const VALUE = raw`(?:${STRING}|-?\d+|true|false|null)`;
const VARIABLE = raw`\$\w+`;
const NAME = raw`[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*`;
const DATE = raw`\d+-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
const LIST = raw`\[${VALUE}(?:, ${VALUE})*\]`;
/** One value is written without a list. */
const SEVERAL = raw`\[${VALUE}(?:, ${VALUE})+\]`;
const KEY = raw`"(?:ed25519|secp256r1)/[0-9a-f]+"`;
const setOf = (element, more = "*") => raw`\{${element}(?:, ${element})${more}\}`;
const isIn = (element, more = "+") => raw`${setOf(element, more)}\.contains\(%V\)`;

/** What a variable must be in: a set, or else something that one of several texts begins or ends. */
function oneOf(exact, method, affix) {
  const has = raw`%V\.${method}\(${affix}\)`;
  return raw`${isIn(exact)}|(?:${isIn(exact, "*")} \|\| )?${has}(?: \|\| ${has})*`;
}

const PORT = raw`(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])`;
/** The bits of a network. Those of mapped IPv4 addresses have none of their own. */
const BITS = raw`"(?:4:[01]{0,32}|6:(?!0{80}1{16})[01]{0,128})"`;

/** The same of a variable for which one text is a set as well, as no predicate has it. */
const eitherOf = (exact, method, affix) => raw`(?:${isIn(exact, "*")}|${oneOf(exact, method, affix)})`;

const typed = (type) => raw`%V\.type\(\) === "${type}"`;
const each = (condition) => raw`%V\.all\((?<each>${VARIABLE}) -> ${condition.replaceAll("%V", raw`\k<each>`)}\)`;
const eachString = (condition) => [typed("array"), each(raw`${typed("string")} && ${condition}`)];
const LOWER = raw`%V >=? -?\d+`;
const UPPER = raw`%V <=? -?\d+`;
const RANGES = [[LOWER, UPPER], [LOWER], [UPPER]];

const APPROVED = raw`${setOf(KEY)}\.intersection\(%V\)\.length\(\) >= [1-9]\d*`;

/** A kind of which one argument may have two, if their texts are as far apart as this says. A writer joins all others. */
const severalOf = (way, areApart) => Object.assign([way], { areApart });
const lastString = (text) => text.match(new RegExp(STRING, "g")).at(-1).slice(1, -1);
const valuesIn = (text) => /\[(.*)\]/s.exec(text)[1].match(new RegExp(VALUE, "g"));
const notWithin = (method) => (a, b) => !lastString(a)[method](lastString(b)) && !lastString(b)[method](lastString(a));
const shareNoValue = (a, b) => !valuesIn(a).some((value) => valuesIn(b).includes(value));
const differ = (a, b) => lastString(a) !== lastString(b);

/**
 * The kinds of elements in the order in which a grant has them: for each way of writing one, a predicate, in which %V is
 * the variable that is constrained and %A the argument, and the expressions.
 */
const KINDS = [
  [
    ["tool", `"${NAME}"`],
    ["tool", "%V", oneOf(`"${NAME}"`, "starts_with", raw`"${NAME}\."`)],
  ],
  [
    ["operation", `"${NAME}"`],
    ["operation", "%V", isIn(`"${NAME}"`)],
  ],
  [
    ["resource", STRING],
    ["resource", "%V", oneOf(STRING, "starts_with", raw`"${CHARACTERS}[/:]"`)],
  ],
  [
    ["arg", `%A, ${VALUE}`],
    ["arg", "%A, %V", raw`${SEVERAL}\.contains\(%V\)`],
  ],
  [["arg", "%A, %V", raw`!${LIST}\.contains\(%V\)`]],
  RANGES.map((range) => ["arg", "%A, %V", typed("integer"), ...range]),
  RANGES.map((range) => ["arg_decimal", "%A, %V", ...range]),
  [["arg", "%A, %V", typed("string"), raw`%V\.starts_with\(${STRING}\)`]],
  severalOf(["arg", "%A, %V", typed("string"), raw`%V\.matches\("\^\(\?:${CHARACTERS}\)\$"\)`], differ),
  [["arg", "%A, %V", raw`\{"array", "string"\}\.contains\(%V\.type\(\)\)`, raw`%V\.length\(\) <= \d+`]],
  severalOf(["arg", "%A, %V", typed("array"), raw`%V\.all\((${VARIABLE}) -> ${LIST}\.contains\(\1\)\)`], shareNoValue),
  severalOf(["arg", "%A, %V", ...eachString(raw`%V\.starts_with\(${STRING}\)`)], notWithin("startsWith")),
  severalOf(["arg", "%A, %V", ...eachString(raw`%V\.ends_with\(${STRING}\)`)], notWithin("endsWith")),
  severalOf(["arg", "%A, %V", ...eachString(raw`%V\.matches\("\^\(\?:${CHARACTERS}\)\$"\)`)], differ),
  severalOf(["arg_each_host", "%A, true, %V", each(eitherOf(STRING, "ends_with", raw`"\.${CHARACTERS}"`))], differ),
  [
    ["arg_url", `%A, ${STRING}, ${VARIABLE}, ${VARIABLE}, ${VARIABLE}`],
    ["arg_url", `%A, %V, ${VARIABLE}, ${VARIABLE}, ${VARIABLE}`, isIn(STRING)],
  ],
  [
    ["arg_url", `%A, ${VARIABLE}, ${STRING}, ${VARIABLE}, ${VARIABLE}`],
    ["arg_url", `%A, ${VARIABLE}, %V, ${VARIABLE}, ${VARIABLE}`, oneOf(STRING, "ends_with", raw`"\.${CHARACTERS}"`)],
  ],
  [
    ["arg_host_class", `%A, ${STRING}`],
    ["arg_host_class", "%A, %V", isIn(STRING)],
  ],
  [
    ["arg_url", `%A, ${VARIABLE}, ${VARIABLE}, ${PORT}, ${VARIABLE}`],
    ["arg_url", `%A, ${VARIABLE}, ${VARIABLE}, %V, ${VARIABLE}`, isIn(PORT)],
    ["arg_url", `%A, ${VARIABLE}, ${VARIABLE}, %V, ${VARIABLE}`, raw`%V >= ${PORT}`, raw`%V <= ${PORT}`],
  ],
  [["arg_ip", "%A, %V", raw`%V\.starts_with\(${BITS}\)(?: \|\| %V\.starts_with\(${BITS}\))*`]],
  [["arg_path", "%A, %V", raw`%V === "(/${CHARACTERS}(?<!/))" \|\| %V\.starts_with\("\1/"\)`]],
  [["arg_names", "%V", raw`${isIn(STRING, "*")}|\{,\}\.contains\(%V\)`]],
  [
    ["justified_for", "%V", raw`%V <= \d+`],
    ["justified_for", "%V"],
  ],
  [["approved_by", `${STRING}, %V`, raw`%V\.length\(\) >= [1-9]\d*`]],
  [["approvers", "%V", APPROVED]],
];
const ELEMENTS = KINDS.flatMap((ways, kind) => ways.map((way) => [kind, ...way]));

const REQUIREMENTS = ["justified_for", "approved_by", "approvers"];
const GROUPS = ["tool", "operation", "resource"];

/** The grants of a check: what each covers, and its requirements. Undefined if it is none of grants. */
export function readGrants({ kind, queries }) {
  const grants = kind === "check if" && queries.length <= 256 ? queries.map(readGrant) : [undefined];
  return grants.every((grant) => grant) ? grants : undefined;
}

/** What a query asks for of approvers, beside whatever else; their keys may stand in facts that it names. */
export function readApprovals({ body, expressions }, facts) {
  const single = body.filter(({ terms }) => terms.length === 1 && terms[0].type === "variable");
  const approvers = single.filter(({ name }) => name === "approvers").map(({ terms: [{ value }] }) => value);
  const setsOf = (term) =>
    term.type !== "variable"
      ? [term]
      : single
          .filter(({ terms: [{ value }] }) => value === term.value)
          .flatMap(({ name }) => facts.filter((fact) => fact.name === name && fact.terms.length === 1))
          .map(({ terms: [keys] }) => keys);
  const ofGroups = body
    .filter(({ name, terms: [group, persons] }) => name === "approved_by" && group.type === "string" && persons?.type === "variable")
    .flatMap(({ terms: [group, persons] }) =>
      expressions
        .filter((each) => asksForPersons(each, persons.value))
        .map((each) => ({ kind: "approved_by", expressions: [each], group: group.value })),
    );
  const ofKeys = expressions.filter(asksForSome).flatMap(({ left: { operand: both }, right: count }) => {
    const [left, right] = [both.left.term, both.right.term];
    const isApproved = ({ type, value }) => type === "variable" && approvers.includes(value);
    const other = isApproved(left) ? right : isApproved(right) ? left : undefined;
    const keys = other ? setsOf(other).filter(isOfKeys) : [];
    const expression = (set) => ({ left: { operand: { left: { term: set } } }, right: count });
    return keys.map((set) => ({ kind: "approvers", expressions: [expression(set)] }));
  });
  return [...ofGroups, ...ofKeys];
}

/** `$p.length() >= 1`, with any number. */
const asksForPersons = ({ operator, left, right }, variable) =>
  operator === ">=" &&
  left?.operator === ".length" &&
  left.operand.term?.type === "variable" &&
  left.operand.term.value === variable &&
  right.term?.type === "integer" &&
  right.term.value >= 1;

/** `A.intersection(B).length() >= 1`, with any terms and number. */
function asksForSome({ operator, left, right }) {
  const both = left?.operator === ".length" && left.operand.operator === ".intersection" ? left.operand : undefined;
  const isSome = operator === ">=" && right.term?.type === "integer" && right.term.value >= 1;
  return isSome && both?.left.term !== undefined && both.right.term !== undefined;
}

const isOfKeys = (term) => new RegExp(`^${setOf(KEY)}$`).test(printTerm(term));

/** The elements of a query that is a grant: each predicate with its expressions, and the argument that it constrains. */
export function readElements({ body, expressions }) {
  const texts = expressions.map(printExpression);
  let used = 0;
  return body.map((predicate) => {
    const { count, argument } = readElement(predicate, texts.slice(used));
    used += count;
    return { predicate, expressions: expressions.slice(used - count, used), argument };
  });
}

/** No known shape has a longer string: one of 1,024 bytes, with what a pattern has around it. */
const LONGEST = 2048;

const isBriefTerm = ({ value }) =>
  Array.isArray(value) ? value.flat().every(isBriefTerm) : typeof value !== "string" || value.length <= LONGEST;
const isBriefExpression = ({ term, left, right, operand, body }) =>
  (term === undefined || isBriefTerm(term)) &&
  [left, right, operand, body].every((each) => each === undefined || isBriefExpression(each));

/** Whether it can have a known shape, which is found in its text: a short token can use a long string very often. */
const isBrief = ({ body, expressions }) =>
  body.every(({ name, terms }) => name.length <= LONGEST && terms.every(isBriefTerm)) && expressions.every(isBriefExpression);

function readGrant(query) {
  const { body, expressions, scopes } = query;
  if (!isBrief(query)) return undefined;
  const texts = expressions.map(printExpression);
  if (scopes.length > 0 || !expressions.every(nestsToTheLeft) || !expressions.every(saysNothingTwice)) return undefined;
  if (body.length === 0 && texts.join() !== "true") return undefined;
  const covers = { body: [], expressions: body.length === 0 ? expressions : [], scopes: [] };
  const requirements = [];
  const constraints = [];
  let [used, place] = [covers.expressions.length, [0]];
  for (const predicate of body) {
    const element = readElement(predicate, texts.slice(used));
    if (!element || isBefore(element.place, place)) return undefined;
    const own = expressions.slice(used, used + element.count);
    if (!isApart({ ...element, text: own.map(printExpression).join() }, constraints)) return undefined;
    const { name, terms } = predicate;
    if (REQUIREMENTS.includes(name)) requirements.push({ kind: name, expressions: own, group: groupOf(name, terms) });
    else {
      covers.body.push(predicate);
      covers.expressions.push(...own);
    }
    used += element.count;
    place = element.place;
  }
  return used === texts.length && areInOrder(requirements) ? { covers, requirements } : undefined;
}

const MOST_APPROVALS = 16;

/** Whether a writer writes all of these, in this order: none that another one says as well. */
function areInOrder(requirements) {
  const approvals = requirements.filter(({ kind }) => kind !== "justified_for").map(approvalOf);
  const isAfterLast = (each, i) => i === 0 || isBefore(approvals[i - 1].place, each.place);
  const strangers = (one, other) => one.persons.filter((key) => !other.persons.includes(key)).length;
  const isSaidBy = (each) => (other) =>
    other !== each && other.group === each.group && other.count - strangers(other, each) >= each.count;
  const isFew = requirements.length - approvals.length <= 1 && approvals.length <= MOST_APPROVALS;
  return isFew && approvals.every((each, i) => isAfterLast(each, i) && !approvals.some(isSaidBy(each)));
}

/** How many of whom: of a group, or of these keys; with its place among others. */
function approvalOf({ kind, group, expressions: [{ left, right }] }) {
  const count = right.term.value;
  if (kind === "approved_by") return { group, persons: [], count: Number(count), place: [0, 0, String(count), group] };
  const persons = left.operand.left.term.value.map(({ value }) => value);
  const isOne = persons.length === 1;
  return { persons, count: Number(count), place: [1, isOne ? 1 : 0, isOne ? "" : String(count), persons.join(" ")] };
}

const groupOf = (name, [{ value }]) => (name === "approved_by" ? value : undefined);

/** The first element that a predicate and the expressions behind it can be, with its place in the order. */
function readElement(predicate, texts) {
  const text = printPredicate(predicate);
  for (const [kind, name, terms, ...conditions] of ELEMENTS) {
    const pattern = terms.replace("%V", `(?<variable>${VARIABLE})`).replace("%A", `(?<argument>${STRING})`);
    const match = new RegExp(raw`^${name}\(${pattern}\)$`).exec(text);
    const { variable = "", argument = "" } = match?.groups ?? {};
    const isSo = (condition, i) =>
      new RegExp(`^(?:${condition.replaceAll("%V", () => `\\${variable}`)})$`).test(texts[i] ?? "");
    if (match && conditions.every(isSo)) {
      const constrained = argument === "" ? undefined : predicate.terms[0].value;
      return { count: conditions.length, kind, place: placeOf(name, constrained, kind), argument: constrained };
    }
  }
  return undefined;
}

/** Constraints are in the order of arguments first. */
function placeOf(name, argument, kind) {
  const isConstraint = argument !== undefined;
  return [GROUPS.includes(name) ? 0 : isConstraint ? 1 : 2, argument ?? "", kind];
}

/** Whether a writer writes an element beside those of its kind and argument that are there; notes it. */
function isApart({ kind, argument, text }, constraints) {
  const same = constraints.filter((each) => each.kind === kind && each.argument === argument);
  constraints.push({ kind, argument, text });
  const { areApart = () => isRepeated(kind) } = KINDS[kind];
  return same.every((each) => areApart(each.text, text));
}

const isRepeated = (kind) => REQUIREMENTS.includes(KINDS[kind][0][0]);

function isBefore(a, b) {
  const i = a.findIndex((part, i) => part !== b[i]);
  return i >= 0 && a[i] < b[i];
}

function nestsToTheLeft(node) {
  if (node.operator === ".all") return nestsToTheLeft(node.right.body);
  if (node.operator !== "||") return true;
  return node.right.body.operator !== "||" && nestsToTheLeft(node.left);
}

/** A writer leaves out values and prefixes that are there already, and none writes more than these. */
const [MOST_VALUES, MOST_AFFIXES] = [256, 64];

function saysNothingTwice(node) {
  if (node === undefined) return true;
  const { term, left, right, operand, body, operator } = node;
  if (term?.type === "array") return term.value.length <= MOST_VALUES && areDifferent(term.value.map(printTerm));
  if (operator === "||") {
    const sides = sidesOf(node);
    const affixes = sides.filter((side) => side.operator !== ".contains");
    return affixes.length <= MOST_AFFIXES && areDifferent(sides.map(printExpression)) && sides.every(saysNothingTwice);
  }
  return [left, right, operand, body].every(saysNothingTwice);
}

const sidesOf = (node) => (node.operator === "||" ? [...sidesOf(node.left), node.right.body] : [node]);
const areDifferent = (texts) => new Set(texts).size === texts.length;

const CONDITIONS = [
  ...["<", "<="].map((operator) => ["expired", raw`time\((${VARIABLE})\), \1 ${operator} (?<date>${DATE})`, operator]),
  ...[">", ">="].map((operator) => ["expired", raw`time\((${VARIABLE})\), (?<date>${DATE}) ${operator} \1`, operator]),
  ...[">", ">="].map((operator) => ["not_yet_valid", raw`time\((${VARIABLE})\), \1 ${operator} (?<date>${DATE})`, operator]),
  ...["<", "<="].map((operator) => ["not_yet_valid", raw`time\((${VARIABLE})\), (?<date>${DATE}) ${operator} \1`, operator]),
  ["wrong_audience", raw`audience\(${STRING}\)`],
  ["wrong_audience", raw`audience\((${VARIABLE})\), ${setOf(STRING, "+")}\.contains\(\1\)`],
  ["wrong_task", raw`task\(${STRING}\)`],
  ["too_deep", raw`depth\((${VARIABLE})\), \1 <= \d+`],
  ["budget_unavailable", raw`budget_store\(${STRING}\)`],
  ["holder_not_verified", raw`invoker\((${VARIABLE})\), holder_verified\(\1\)`],
];

/** The code of a failed check that is none of grants. */
export function codeOfCondition(check) {
  if (check.queries.length > 1 || !isBrief(check.queries[0])) return "check_failed";
  const text = printCheck(check);
  return CONDITIONS.find((condition) => fits(condition, text))?.[0] ?? "check_failed";
}

/** A second is added in two spellings of each, and no date is later than the last. */
const [LAST_DATE, MOVED] = ["9999-12-31T23:59:59Z", { expired: ["<=", ">="], not_yet_valid: [">", "<"] }];
function fits([code, shape, operator], text) {
  const match = new RegExp(`^check if ${shape}$`).exec(text);
  return match !== null && !(MOVED[code]?.includes(operator) && match.groups.date === LAST_DATE);
}
