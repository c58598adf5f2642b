// Justifications in a token's blocks (section 12).
import { demand } from "./bytes.mjs";
import { isLabel, isName } from "./text.mjs";

const VIOLATION = "profile_violation";
const LAST_DATE = Date.parse("9999-12-31T23:59:59Z") / 1000;

export const JUSTIFICATION = "taper/1 justification";

const isText = (rule) => (term) => term.type === "string" && rule(term.value);
const isDate = (term) => term.type === "date" && term.value <= LAST_DATE;
const isTools = isText((pattern) => isName(pattern.endsWith(".*") ? pattern.slice(0, -2) : pattern));
const RULES = [isTools, isText((reason) => isLabel(reason, 1024)), isDate, isDate];

/** Rule 11 of section 6; gives the terms' values by their names. */
export function readJustification({ facts }, { external }, holder) {
  demand(external === undefined && holder === undefined, VIOLATION);
  const [fact, ...others] = facts.filter(({ name }) => name === "justification");
  demand(fact && others.length === 0 && fact.terms.length === RULES.length, VIOLATION);
  demand(RULES.every((rule, i) => rule(fact.terms[i])), VIOLATION);
  const [tools, reason, from, until] = fact.terms.map(({ value }) => value);
  demand(from < until, VIOLATION);
  return { tools, reason, from, until };
}
