// The text of Datalog, as the vectors write it.
import { print as printExpression } from "./expression.mjs";
import { keyText } from "./keys.mjs";
import { print as printTerm } from "./term.mjs";

export const printPredicate = ({ name, terms }) => `${name}(${terms.map(printTerm).join(", ")})`;

function printScopes(scopes) {
  if (scopes.length === 0) return "";
  return ` trusting ${scopes.map((scope) => (typeof scope === "string" ? scope : keyText(scope))).join(", ")}`;
}

const printQuery = ({ body, expressions, scopes }) =>
  [...body.map(printPredicate), ...expressions.map(printExpression)].join(", ") + printScopes(scopes);

export const printCheck = ({ kind, queries }) => `${kind} ${queries.map(printQuery).join(" or ")}`;

export function printBlock({ facts, rules, checks, scopes }) {
  const statements = [
    ...(scopes.length > 0 ? [printScopes(scopes).trim()] : []),
    ...facts.map(printPredicate),
    ...rules.map((rule) => `${printPredicate(rule.head)} <- ${printQuery(rule)}`),
    ...checks.map(printCheck),
  ];
  return statements.map((statement) => `${statement};\n`).join("");
}
