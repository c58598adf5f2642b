// Facts with their origins, rules, checks and policies (section 5, meaning).
import { EvaluationError, holds } from "./evaluate.mjs";
import { keyText } from "./keys.mjs";
import { printPredicate } from "./print.mjs";
import { equal } from "./term.mjs";

const MAX_FACTS = 1000;
const MAX_ROUNDS = 100;

/**
 * The verifier among the origins, which are the bits of a number; block i has bit i. What it states of
 * the request is the verifier's, what its policies say the service's own.
 */
export const VERIFIER = 32;
const SERVICE = 33;
const bit = (origin) => 1n << BigInt(origin);

export class World {
  #facts = new Map(); // by text and origins
  #rules = [];
  #shared;

  /** blocks are those of a delegation; shared names what blocks may see of a service's own facts. */
  constructor(blocks, { facts = [], rules = [], shared = [] } = {}) {
    this.blocks = blocks;
    this.#shared = new Set(shared);
    facts.forEach((fact) => this.state(fact, this.#isShared(fact) ? VERIFIER : SERVICE));
    rules.forEach((rule) => this.#rules.push({ rule, origin: VERIFIER }));
    for (const { datalog, index } of blocks) {
      datalog.facts.forEach((fact) => this.state(fact, index));
      datalog.rules.forEach((rule) => this.#rules.push({ rule, origin: index }));
    }
  }

  #isShared = ({ name }) => this.#shared.has(name);

  /** A fact that the service derives is its own, unless it is shared: then also if what it is from is not. */
  #originsOf({ head }, origin, origins) {
    if (origin !== VERIFIER) return origins | bit(origin);
    return this.#isShared(head) ? (origins & ~bit(SERVICE)) | bit(VERIFIER) : origins | bit(SERVICE);
  }

  state(fact, origin) {
    this.#add(fact, bit(origin));
  }

  #add(fact, origins) {
    this.#facts.set(`${origins} ${printPredicate(fact)}`, { fact, origins });
    if (this.#facts.size > MAX_FACTS) throw new EvaluationError("too many facts");
  }

  /** Applies the rules until nothing new follows. */
  run() {
    if (!this.#rules.every(({ rule }) => bindsHead(rule))) throw new EvaluationError("unbound variable");
    for (let round = 0, before = -1; before !== this.#facts.size; round++) {
      if (round > MAX_ROUNDS) throw new EvaluationError("too many rounds");
      before = this.#facts.size;
      for (const { rule, origin } of this.#rules) {
        for (const { variables, origins } of [...this.#satisfied(rule, origin)]) {
          this.#add(bound(rule.head, variables), this.#originsOf(rule, origin, origins));
        }
      }
    }
  }

  checkHolds({ kind, queries }, origin) {
    const outcome = { "check if": true, "check all": true, "reject if": false }[kind];
    const test = (query) => (kind === "check all" ? this.#holdsForAll(query, origin) : this.matches(query, origin));
    return queries.some(test) === outcome;
  }

  /** Whether a query of a block or of the verifier has a match. */
  matches(query, origin) {
    return !this.#satisfied(query, origin).next().done;
  }

  #holdsForAll(query, origin) {
    const matches = [...this.#matches(query, origin)];
    return matches.length > 0 && matches.every(({ variables }) => satisfies(query, variables));
  }

  *#satisfied(query, origin) {
    for (const match of this.#matches(query, origin)) if (satisfies(query, match.variables)) yield match;
  }

  /** The matches of a query's predicates among the facts that it trusts. */
  #matches({ body, scopes }, origin) {
    const trusted = this.#trusted(scopes, origin);
    const facts = [...this.#facts.values()].filter(({ origins }) => (origins & ~trusted) === 0n);
    let matches = [{ variables: new Map(), origins: 0n }];
    for (const predicate of body) {
      matches = matches.flatMap(({ variables, origins }) =>
        facts.flatMap(({ fact, origins: more }) => {
          const unified = unify(predicate, fact, variables);
          return unified ? [{ variables: unified, origins: origins | more }] : [];
        }),
      );
    }
    return matches.values();
  }

  /** A rule's or check's own scopes stand for those of its block. */
  #trusted(own, origin) {
    const ofBlock = this.blocks[origin]?.datalog.scopes ?? [];
    const always = bit(origin) | bit(VERIFIER) | (origin === VERIFIER ? bit(SERVICE) : 0n);
    const scopes = [own, ofBlock, ["authority"]].find((each) => each.length > 0);
    return scopes.reduce((trusted, scope) => trusted | this.#ofScope(scope, origin), always);
  }

  #ofScope(scope, origin) {
    if (scope === "authority") return bit(0);
    const belongs =
      scope === "previous"
        ? ({ index }) => index < origin && origin !== VERIFIER
        : ({ external }) => external && keyText(external.key) === keyText(scope);
    return this.blocks.filter(belongs).reduce((bits, { index }) => bits | bit(index), 0n);
  }
}

const variablesOf = ({ terms }) => terms.filter(({ type }) => type === "variable").map(({ value }) => value);

/** Whether or not it ever matches. */
function bindsHead({ head, body }) {
  const bindable = new Set(body.flatMap(variablesOf));
  return variablesOf(head).every((variable) => bindable.has(variable));
}

const satisfies = ({ expressions }, variables) => expressions.every((expression) => holds(expression, variables));

/** The variables with which a predicate is this fact, undefined if it cannot be. */
function unify(predicate, fact, variables) {
  if (predicate.name !== fact.name || predicate.terms.length !== fact.terms.length) return undefined;
  const unified = new Map(variables);
  for (const [i, term] of predicate.terms.entries()) {
    const value = term.type === "variable" ? (unified.get(term.value) ?? fact.terms[i]) : term;
    if (!equal(value, fact.terms[i])) return undefined;
    if (term.type === "variable") unified.set(term.value, value);
  }
  return unified;
}

const bound = ({ name, terms }, variables) => ({
  name,
  terms: terms.map((term) => (term.type === "variable" ? variables.get(term.value) : term)),
});
