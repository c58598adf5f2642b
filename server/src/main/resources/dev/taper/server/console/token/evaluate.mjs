// The value of an expression (section 5). An error is an EvaluationError, never "no match".
import { utf8 } from "./bytes.mjs";
import { array, bool, equal, integer, NULL, set, string } from "./term.mjs";

export class EvaluationError extends Error {}

const fail = (why) => {
  throw new EvaluationError(why);
};

/** Evaluates an expression in which these variables, a map, are bound. */
export function evaluate(node, variables) {
  switch (node.type) {
    case "value":
      return resolve(node.term, variables);
    case "unary":
      return unary(node, evaluate(node.operand, variables));
    case "binary":
      return binary(node, variables);
  }
}

/** A condition, which must be true or false. */
export const holds = (node, variables) => boolean(evaluate(node, variables));

const resolve = (term, variables) =>
  term.type === "variable" ? (variables.get(term.value) ?? fail(`unbound $${term.value}`)) : term;

const boolean = ({ type, value }) => (type === "bool" ? value : fail(`no boolean: ${type}`));

function unary({ operator }, { type, value }) {
  switch (operator) {
    case "()":
      return { type, value };
    case "!":
      return bool(!boolean({ type, value }));
    case ".type":
      return string(type);
    case ".length":
      return integer(length(type, value));
  }
  return fail(`unknown function: ${operator}`);
}

function length(type, value) {
  if (type === "string") return utf8(value).length;
  return ["bytes", "set", "array", "map"].includes(type) ? value.length : fail(`length of ${type}`);
}

function binary({ operator, left, right }, variables) {
  const within = (closure, value) => evaluate(closure.body, bind(closure, value, variables));
  if (operator === ".try_or") {
    try {
      return within(left);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      return evaluate(right, variables);
    }
  }
  const a = evaluate(left, variables);
  switch (operator) {
    case "&&":
      return bool(boolean(a) && boolean(within(right)));
    case "||":
      return bool(boolean(a) || boolean(within(right)));
    case ".all":
      return bool(elements(a).every((each) => boolean(within(right, each))));
    case ".any":
      return bool(elements(a).some((each) => boolean(within(right, each))));
  }
  const b = evaluate(right, variables);
  const operation = OPERATIONS[operator] ?? fail(`unknown function: ${operator}`);
  return operation(a, b);
}

function bind({ params }, value, variables) {
  if (params.some((param) => variables.has(param))) fail("a variable is bound already");
  return new Map([...variables, ...params.map((param) => [param, value])]);
}

function elements({ type, value }) {
  if (type === "map") return value.map(array);
  return type === "set" || type === "array" ? value : fail(`elements of ${type}`);
}

const isBoth = (a, b, ...types) => types.includes(a.type) && a.type === b.type;
const both = (a, b, ...types) => isBoth(a, b, ...types) || fail(`${a.type} with ${b.type}`);

const comparison = (compare) => (a, b) => {
  both(a, b, "integer", "date");
  return bool(compare(a.value, b.value));
};
const arithmetic = (compute) => (a, b) => {
  both(a, b, "integer");
  const result = compute(a.value, b.value);
  return BigInt.asIntN(64, result) === result ? integer(result) : fail("overflow");
};
const logic = (compute) => (a, b) => bool(compute(boolean(a), boolean(b)));
const equality = (isStrict, isNegated) => (a, b) => {
  if (isStrict && a.type !== b.type) fail(`${a.type} with ${b.type}`);
  return bool(equal(a, b) !== isNegated);
};
const includes = (all, term) => all.some((each) => equal(each, term));
const ends = (isAtStart) => (a, b) => {
  both(a, b, "string", "array");
  if (a.type === "string") return bool(isAtStart ? a.value.startsWith(b.value) : a.value.endsWith(b.value));
  const part = isAtStart ? a.value.slice(0, b.value.length) : a.value.slice(a.value.length - b.value.length);
  return bool(a.value.length >= b.value.length && equal(array(part), b));
};

function contains(a, b) {
  if (isBoth(a, b, "string")) return bool(a.value.includes(b.value));
  if (isBoth(a, b, "set")) return bool(b.value.every((each) => includes(a.value, each)));
  if (a.type === "map") return bool(includes(a.value.map(([key]) => key), b));
  return bool(includes(elements(a), b));
}

/** What RE2 does not know: looking around, and back. */
const NO_RE2 = /\(\?<?[=!]|\\[1-9k]/;

function matches(a, b) {
  both(a, b, "string");
  try {
    return bool(!NO_RE2.test(b.value) && new RegExp(b.value, "u").test(a.value));
  } catch {
    return bool(false); // no regular expression
  }
}

function get(a, b) {
  if (a.type === "array" && b.type === "integer") return a.value[Number(b.value)] ?? NULL;
  if (a.type === "map" && ["integer", "string"].includes(b.type)) return a.value.find(([key]) => equal(key, b))?.[1] ?? NULL;
  return fail(`get ${b.type} from ${a.type}`);
}

const sets = (compute) => (a, b) => {
  both(a, b, "set");
  return set(compute(a.value, b.value));
};

const OPERATIONS = {
  "<": comparison((a, b) => a < b),
  ">": comparison((a, b) => a > b),
  "<=": comparison((a, b) => a <= b),
  ">=": comparison((a, b) => a >= b),
  "===": equality(true, false),
  "!==": equality(true, true),
  "==": equality(false, false),
  "!=": equality(false, true),
  "+": (a, b) => (isBoth(a, b, "string") ? string(a.value + b.value) : arithmetic((x, y) => x + y)(a, b)),
  "-": arithmetic((a, b) => a - b),
  "*": arithmetic((a, b) => a * b),
  "/": arithmetic((a, b) => (b === 0n ? fail("division by zero") : a / b)),
  "&": arithmetic((a, b) => a & b),
  "|": arithmetic((a, b) => a | b),
  "^": arithmetic((a, b) => a ^ b),
  and: logic((a, b) => a && b),
  or: logic((a, b) => a || b),
  ".contains": contains,
  ".starts_with": ends(true),
  ".ends_with": ends(false),
  ".matches": matches,
  ".intersection": sets((a, b) => a.filter((each) => includes(b, each))),
  ".union": sets((a, b) => [...a, ...b]),
  ".get": get,
};
