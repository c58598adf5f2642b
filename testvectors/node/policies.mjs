// The text of a verifier's policies, with its facts, rules and checks, as far as the vectors use it: no
// expressions but `true` and what asks for approvers. Anything else is an error here, never ignored.
import { parseKey } from "./keys.mjs";
import { bool, integer, set, string } from "./token/term.mjs";

const KIND = "allow if|deny if|check if|check all|reject if";
const TOKENS = new RegExp(String.raw`\s*(${KIND}|\w+/\w+|\$?\w+|"(?:[^"\\]|\\.)*"|\.\w+|>=|<-|[(){},;])\s*`, "y");

export function parsePolicies(text) {
  const parser = new Parser(text);
  const statements = [];
  while (!parser.isAtEnd) statements.push(parser.statement());
  return {
    facts: statements.filter(({ kind }) => kind === "fact").map(({ head }) => head),
    rules: statements.filter(({ kind }) => kind === "rule"),
    checks: statements.filter(({ kind }) => /^(check if|check all|reject if)$/.test(kind)),
    policies: statements.filter(({ kind }) => /^(allow|deny) if$/.test(kind)),
  };
}

class Parser {
  constructor(text) {
    this.tokens = [];
    TOKENS.lastIndex = 0;
    while (TOKENS.lastIndex < text.length) {
      const match = TOKENS.exec(text);
      if (!match) throw new Error(`not understood here: ${text}`);
      this.tokens.push(match[1]);
    }
  }

  get isAtEnd() {
    return this.tokens.length === 0;
  }

  take(expected) {
    const token = this.tokens.shift();
    if (expected !== undefined && token !== expected) throw new Error(`${expected} expected, not ${token}`);
    return token;
  }

  takeIf(token) {
    return this.tokens[0] === token && this.take(token);
  }

  statement() {
    if (!/ (if|all)$/.test(this.tokens[0])) return this.#said();
    const kind = this.take();
    const queries = this.#list("or", () => this.#query());
    this.take(";");
    return { kind, queries };
  }

  #said() {
    const head = this.#predicate();
    const statement = this.takeIf("<-") ? { kind: "rule", head, ...this.#query() } : { kind: "fact", head };
    this.take(";");
    return statement;
  }

  #list(separator, readElement) {
    const elements = [readElement()];
    while (this.takeIf(separator)) elements.push(readElement());
    return elements;
  }

  #query() {
    const query = { body: [], expressions: [], scopes: [] };
    this.#list(",", () => {
      if (this.tokens[0] === "{" || this.tokens[0].startsWith("$")) query.expressions.push(this.#approved());
      else if (this.takeIf("true")) query.expressions.push({ type: "value", term: bool(true) });
      else query.body.push(this.#predicate());
    });
    if (this.takeIf("trusting")) query.scopes = this.#list(",", () => this.#scope());
    return query;
  }

  /** `{"ed25519/…"}.intersection($a).length() >= 1`, with a set or variable on each side, or `$a.length() >= 1`. */
  #approved() {
    const value = (term) => ({ type: "value", term });
    let some = value(this.#term());
    if (this.takeIf(".intersection")) {
      this.take("(");
      some = { type: "binary", operator: ".intersection", left: some, right: value(this.#term()) };
      this.take(")");
    }
    [".length", "(", ")", ">="].forEach((token) => this.take(token));
    const length = { type: "unary", operator: ".length", operand: some };
    return { type: "binary", operator: ">=", left: length, right: value(this.#term()) };
  }

  #predicate() {
    const name = this.take();
    this.take("(");
    const terms = this.#list(",", () => this.#term());
    this.take(")");
    return { name, terms };
  }

  #term() {
    const token = this.take();
    if (token === "{") {
      const elements = this.#list(",", () => this.#term());
      this.take("}");
      return set(elements);
    }
    if (token.startsWith("$")) return { type: "variable", value: token.slice(1) };
    if (token.startsWith('"')) return string(JSON.parse(token));
    if (token === "true" || token === "false") return bool(token === "true");
    if (/^\d+$/.test(token)) return integer(token);
    throw new Error(`not understood here: ${token}`);
  }

  #scope() {
    const token = this.take();
    return ["authority", "previous"].includes(token) ? token : parseKey(token);
  }
}
