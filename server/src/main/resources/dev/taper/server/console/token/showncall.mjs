// A call as it is shown to a person whose yes is asked for: by the rules of the engine's ShownCall, with the same results.
import { byCodeUnits, canonicalValue, quote } from "./json.mjs";
import { columns, shown } from "./shown.mjs";

/** How wide all parts can be together, to be shown whole. */
export const COLUMNS = 8192;

/** How wide a line is; a row has one at least, however short it is. */
const LINE = 64;

/** An argument that is wider is long: it comes behind those that are not. */
const LONG = 120;

/** How much is shown of each part where not everything fits. */
const MAX_NAME = 32;
const MAX_VALUE = LONG;
const MAX_HEAD = 512;
const MAX_ARGUMENTS = 64;

const RANKS = ["touched", "amount", "other", "text"];
const LABELS = { touched: "touches", amount: "amount", other: "argument", text: "text" };

/** How an argument is called beside its name. */
export const labelOf = ({ role }) => LABELS[role];

/**
 * First what would happen, then what it touches, amounts and others, and whatever is long at the end. args are those of the
 * call, a map of parsed values; roles are those of the catalog's tool by argument, each with role and unit; none without one.
 */
export function shownCall({ tool, operation = "none", resource = "none", digest }, args, roles = {}, most = COLUMNS) {
  const head = Object.entries({ tool, operation, resource });
  const roleOf = rolesOf(roles);
  const all = [...args].map(([name, value]) => ordered(name, canonicalValue(value), roleOf(name))).sort(inOrder);
  const first = head.map(([label, value]) => ({ label, value: shown(value) }));
  const sum = (some, widthOf) => some.reduce((width, each) => width + widthOf(each), 0);
  const width = sum(first, ({ value }) => inLines(columns(value))) + sum(all, ({ whole }) => inLines(whole.columns));
  const whole = all.map((each) => each.whole);
  if (width <= most) return { head: first, arguments: whole, omitted: 0, digest, columns: width, whole: true };
  const cutHead = head.map(([label, value]) => ({ label, value: shown(value, MAX_HEAD) }));
  const cut = all.slice(0, MAX_ARGUMENTS).map((each) => each.cut);
  return { head: cutHead, arguments: cut, omitted: all.length - cut.length, digest, columns: width, whole: false };
}

const inLines = (width) => Math.max(1, Math.ceil(width / LINE)) * LINE;

/** What each argument is; where nothing is said to be touched, all of which nothing is said are. */
function rolesOf(roles) {
  const said = Object.values(roles).filter(({ role }) => role !== undefined);
  const isDeclared = said.length > 0;
  const hasTouched = said.some(({ role }) => role === "touched");
  return (name) => {
    const { role, unit } = Object.hasOwn(roles, name) ? roles[name] : {};
    if (role !== undefined) return { role, unit: role === "amount" ? unit : undefined };
    return { role: isDeclared && !hasTouched && Object.hasOwn(roles, name) ? "touched" : "other" };
  };
}

function ordered(name, value, { role, unit }) {
  const [ownName, ownValue] = [shown(quote(name)), shown(value)];
  const width = columns(ownName) + columns(ownValue);
  const part = (nameText, valueText) => ({ role, name: nameText, value: valueText, ...(unit === undefined ? {} : { unit }), columns: width });
  return { key: name, isLast: role === "text" || width > LONG, whole: part(ownName, ownValue), cut: part(shown(quote(name), MAX_NAME), shown(value, MAX_VALUE)) };
}

const inOrder = (a, b) =>
  Number(a.isLast) - Number(b.isLast) || RANKS.indexOf(a.whole.role) - RANKS.indexOf(b.whole.role) || byCodeUnits(a.key, b.key);
