// Justifications, approvals and refusals in a token's blocks (section 12).
import { demand, Refusal } from "./bytes.mjs";
import { isLabel, isName } from "./text.mjs";
import { checkResource } from "./url.mjs";

const VIOLATION = "profile_violation";
const MOST_AUDIENCES = 64;
const LAST_DATE = Date.parse("9999-12-31T23:59:59Z") / 1000;

const orNull = (rule) => (term) => term.type === "null" || rule(term);
const text = (rule) => (term) => term.type === "string" && rule(term.value);
const bytes = (length) => (term) => term.type === "bytes" && term.value.length === length;
const date = (term) => term.type === "date" && term.value <= LAST_DATE;
const bool = (term) => term.type === "bool";
const audience = text((name) => isLabel(name, 1024));
const audiences = ({ type, value }) =>
  type === "set" && value.length >= 1 && value.length <= MOST_AUDIENCES && value.every(audience);

const tools = text((pattern) => isName(pattern.endsWith(".*") ? pattern.slice(0, -2) : pattern));
const reason = text((label) => isLabel(label, 1024));
const name = text(isName);
const window = { from: date, until: date };
const resource = text((spelled) => isLabel(spelled, 1024) && isResource(spelled));
const parts = { tool: name, operation: orNull(name), resource: orNull(resource) };
const call = { ...parts, digest: orNull(bytes(32)) };
const id = bytes(16);

function isResource(spelled) {
  try {
    checkResource(spelled);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** By the context of a block: the one fact that it states, and whether a third party signs it. */
export const STATEMENTS = {
  "taper/1 justification": { name: "justification", byThirdParty: false, terms: { tools, reason, ...window } },
  "taper/1 approval": { name: "approval", byThirdParty: true, terms: { id, audiences, ...call, ...window, single: bool } },
  "taper/1 refusal": { name: "refusal", byThirdParty: true, terms: { id, ...call, at: date, reason: orNull(reason) } },
};

/** Rule 11 of section 6; gives the terms' values by their names. */
export function readStatement({ context, facts }, { external }, holder) {
  const { name, byThirdParty, terms } = STATEMENTS[context];
  demand((external !== undefined) === byThirdParty && holder === undefined, VIOLATION);
  const [fact, ...others] = facts.filter((each) => each.name === name);
  const rules = Object.entries(terms);
  demand(fact && others.length === 0 && fact.terms.length === rules.length, VIOLATION);
  demand(rules.every(([, rule], i) => rule(fact.terms[i])), VIOLATION);
  const values = Object.fromEntries(rules.map(([term], i) => [term, fact.terms[i].value ?? null]));
  demand(values.from === undefined || values.from < values.until, VIOLATION);
  demand(!values.single || values.audiences.length === 1, VIOLATION);
  return { kind: name, by: external?.key, ...values };
}
