// Budgets: what blocks state of them, and their counters (section 9).
import { concat, demand, hex, Refusal, sha256, utf8 } from "./bytes.mjs";
import { keyText } from "./keys.mjs";
import { isLabel, isName } from "./text.mjs";

const VIOLATION = "profile_violation";
const MOST = 16;
const LONGEST = 366 * 86400;
const MILLION = 1_000_000n;

/** The store for which a check asks, and for nothing else. */
function storeOf({ kind, queries: [{ body, expressions, scopes }, ...others] }) {
  const isAlone = kind === "check if" && body.length === 1 && others.length + expressions.length + scopes.length === 0;
  const [{ name, terms }] = isAlone ? body : [{}];
  return name === "budget_store" && terms.length === 1 && terms[0].type === "string" ? terms[0].value : undefined;
}

const label = (most) => (term) => term.type === "string" && isLabel(term.value, most);
const nullOr = (rule) => (term) => term.type === "null" || rule(term);
const within = (least, most) => ({ type, value }) => type === "integer" && value >= least && value <= most;
const isTool = ({ type, value }) =>
  type === "string" && isName(value.endsWith(".*") ? value.slice(0, -2) : value);
const isAll = ({ type, value }) => type === "string" && value === "*";
const areTools = ({ type, value }) =>
  type === "set" && ((value.length === 1 && isAll(value[0])) || (value.length >= 1 && value.length <= 64 && value.every(isTool)));

const TERMS = {
  ...{ id: label(256), store: label(256), tools: areTools, argument: nullOr(label(256)), unit: nullOr(label(64)) },
  ...{ limit: within(0n, 2n ** 63n), window: nullOr(within(1n, BigInt(LONGEST))) },
};

/** The budgets that a block states, which is no third party's and in no bearer tail if there are any. */
export function readBudgets({ facts, rules, checks, scopes }, isSigned, before) {
  demand(!rules.some(({ head }) => head.name === "budget"), VIOLATION);
  const budgets = facts.filter(({ name }) => name === "budget").map(readBudget);
  const asked = checks.map(storeOf).filter((store) => store !== undefined);
  const stated = budgets.map(({ store }) => store);
  demand(asked.every((store) => stated.includes(store)) && stated.every((store) => asked.includes(store)), VIOLATION);
  demand(new Set(budgets.map(({ id }) => id)).size === budgets.length, VIOLATION);
  demand(budgets.length === 0 || (isSigned && scopes.length === 0), VIOLATION);
  demand(before + budgets.length <= MOST, VIOLATION);
  return budgets;
}

function readBudget({ terms }) {
  const rules = Object.entries(TERMS);
  demand(terms.length === rules.length && rules.every(([, rule], i) => rule(terms[i])), VIOLATION);
  const budget = Object.fromEntries(rules.map(([name], i) => [name, terms[i].value]));
  demand((budget.argument === undefined) === (budget.unit === undefined), VIOLATION);
  return { ...budget, tools: budget.tools.map(({ value }) => value) };
}

const matches = (pattern, tool) =>
  pattern === "*" || pattern === tool || (pattern.endsWith(".*") && tool.startsWith(pattern.slice(0, -1)));

function counterOf({ store, id, unit = "", window = "" }, signer, delegator) {
  const parts = [signer, delegator, store, id, unit, String(window)].map(utf8);
  const length = (part) => new Uint8Array([part.length >>> 24, part.length >>> 16, part.length >>> 8, part.length]);
  return hex(sha256(concat("\0TAPER\0BUDGET\0", ...parts.flatMap((part) => [length(part), part]))));
}

/** What a call takes of a budget: a call, or the millionths of an argument in its unit. */
function amountOf({ argument, unit }, request, blame) {
  if (argument === undefined) return 1n;
  const value = request.args.find(({ name }) => name === argument)?.value;
  const amount = value?.type === "integer" ? value.value * MILLION : value?.millionths;
  const isGood = amount !== undefined && amount >= 0n && amount < 2n ** 63n && request.units?.[argument] === unit;
  if (!isGood) throw new Refusal("budget_amount", blame);
  return amount;
}

/** The budgets of the stores that a verifier has. */
export class Budgets {
  #spent = new Map(); // of a counter, when and how much

  constructor(stores = [], issuers = {}) {
    this.stores = stores;
    this.issuers = issuers;
  }

  /** Charges all that a call is due, or nothing; gives the counters. */
  charge(delegation, root, request, now, blameOf) {
    const due = this.look(delegation, root, request, now, blameOf);
    for (const { counter, amount } of due) {
      this.#spent.set(counter, [...(this.#spent.get(counter) ?? []), { now, amount }]);
    }
    return due.map(({ counter }) => counter);
  }

  /** What a call is due, if all of it is left. */
  look({ blocks, delegator }, root, request, now, blameOf) {
    const inBlocks = [...this.#due(blocks, delegator, root, request, blameOf)];
    const firstOf = ({ store }) => inBlocks.findIndex((each) => each.store === store);
    const due = [...inBlocks].sort((a, b) => firstOf(a) - firstOf(b));
    for (const { counter, amount, limit, window, blame } of due) {
      if (this.#sum(counter, window, now) + amount > limit) throw new Refusal("budget_exhausted", blame);
    }
    return due;
  }

  /** Once for each counter: the smallest limit, the largest amount. */
  #due(blocks, delegator, root, request, blameOf) {
    const due = new Map();
    for (const [i, block] of blocks.entries()) {
      const key = keyText(i === 0 ? root : blocks[i - 1].nextKey);
      const signer = i === 0 ? (this.issuers[key] ?? key) : key;
      for (const budget of block.budgets.filter(({ tools }) => tools.some((tool) => matches(tool, request.tool)))) {
        const counter = counterOf(budget, signer, delegator);
        const blame = blameOf(block);
        const each = { counter, ...budget, blame, amount: amountOf(budget, request, blame) };
        const known = due.get(counter) ?? each;
        const narrow = each.limit < known.limit ? each : known;
        due.set(counter, { ...narrow, amount: each.amount > known.amount ? each.amount : known.amount });
      }
    }
    return due.values();
  }

  #sum(counter, window, now) {
    const counts = (charge) => window === undefined || charge.now > now - Number(window) * 1000;
    return (this.#spent.get(counter) ?? []).filter(counts).reduce((sum, { amount }) => sum + amount, 0n);
  }
}
