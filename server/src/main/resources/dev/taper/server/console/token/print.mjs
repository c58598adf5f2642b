// The text of Datalog, as the vectors write it.
import { write as writeExpression } from "./expression.mjs";
import { keyText } from "./keys.mjs";
import { ENDLESS, take, write as writeTerm } from "./term.mjs";

function writePredicate({ name, terms }, room) {
  if (room.left < 0) return "";
  return `${take(name, room)}(${terms.map((term) => writeTerm(term, room)).join(", ")})`;
}

function writeScopes(scopes) {
  if (scopes.length === 0) return "";
  return ` trusting ${scopes.map((scope) => (typeof scope === "string" ? scope : keyText(scope))).join(", ")}`;
}

const writeQuery = ({ body, expressions, scopes }, room) =>
  [...body.map((each) => writePredicate(each, room)), ...expressions.map((each) => writeExpression(each, room))].join(", ") +
  writeScopes(scopes);

const writeCheck = ({ kind, queries }, room) => `${kind} ${queries.map((query) => writeQuery(query, room)).join(" or ")}`;

export const printPredicate = (predicate) => writePredicate(predicate, ENDLESS);
export const printCheck = (check) => writeCheck(check, ENDLESS);

/** The beginning of a text: a short token can use a long string very often. */
function cut(write, most) {
  const text = write({ left: most });
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

export const cutPredicate = (predicate, most) => cut((room) => writePredicate(predicate, room), most);
export const cutCheck = (check, most) => cut((room) => writeCheck(check, room), most);

export function printBlock({ facts, rules, checks, scopes }) {
  const statements = [
    ...(scopes.length > 0 ? [writeScopes(scopes).trim()] : []),
    ...facts.map(printPredicate),
    ...rules.map((rule) => `${printPredicate(rule.head)} <- ${writeQuery(rule, ENDLESS)}`),
    ...checks.map(printCheck),
  ];
  return statements.map((statement) => `${statement};\n`).join("");
}
