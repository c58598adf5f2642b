// The bytes of a block, read as Datalog (section 5).
import { demand, refuse } from "./bytes.mjs";
import { ExpressionReader } from "./expression.mjs";
import { keyText, readKey } from "./keys.mjs";
import { TermReader } from "./term.mjs";
import { message, read } from "./wire.mjs";

const MALFORMED = "malformed_block";

const BLOCK = message(
  "symbols*:string",
  "context?:string",
  "version?:uint32", // mandatory, but with a code of its own
  "facts*:bytes",
  "rules*:bytes",
  "checks*:bytes",
  "scopes*:bytes",
  "publicKeys*:bytes",
);
const FACT = message("predicate:bytes");
const RULE = message("head:bytes", "body*:bytes", "expressions*:bytes", "scopes*:bytes");
const CHECK = message("queries*:bytes", "kind?:uint32");
const PREDICATE = message("name:uint64", "terms*:bytes");
const SCOPE = message("scopeType|:uint32", "publicKey|:int64");
const PUBLIC_KEY = message("algorithm:uint32", "key:bytes");

const CHECK_KINDS = ["check if", "check all", "reject if"];

const DEFAULT_SYMBOLS = (
  "read write resource operation right time role owner tenant namespace user team service admin email " +
  "group member ip_address client client_ip domain path version cluster node hostname nonce query"
).split(" ");
const FIRST_OWN_SYMBOL = 1024;

/** A key within a token, in its envelope or in a block. */
export function readPublicKey(bytes, malformed) {
  const { algorithm, key } = read(PUBLIC_KEY, bytes, malformed);
  demand(algorithm <= 1, malformed);
  return readKey(algorithm, key);
}

/** What the blocks so far have declared: one for all first-party blocks, one for each third party's. */
export class Tables {
  symbols = [];
  publicKeys = [];

  declare(symbols, publicKeys) {
    const before = new Set([...DEFAULT_SYMBOLS, ...this.symbols]);
    demand(!symbols.some((symbol) => before.has(symbol)), "symbol_table_overlap");
    this.symbols.push(...symbols);
    this.publicKeys.push(...publicKeys);
    demand(new Set(this.publicKeys.map(keyText)).size === this.publicKeys.length, "public_key_table_overlap");
    demand(this.symbols.length <= 4096 && this.publicKeys.length <= 256, "decode_limit");
  }

  symbol(number) {
    const index = Number(number);
    const symbol = index < FIRST_OWN_SYMBOL ? DEFAULT_SYMBOLS[index] : this.symbols[index - FIRST_OWN_SYMBOL];
    return symbol ?? refuse("unknown_symbol");
  }

  publicKey(number) {
    return this.publicKeys[Number(number)] ?? refuse("unknown_scope_key");
  }
}

/** Reads a block, and adds what it declares to the tables. */
export function readBlock(payload, tables, isThirdParty) {
  const raw = read(BLOCK, payload, MALFORMED);
  demand(raw.version >= 3 && raw.version <= 6, "unsupported_version");
  demand(!isThirdParty || raw.version >= 5, "feature_not_in_version");
  for (const part of ["facts", "rules", "checks", "scopes"]) demand(raw[part].length <= 4096, "decode_limit");
  tables.declare(
    raw.symbols,
    raw.publicKeys.map((bytes) => readPublicKey(bytes, MALFORMED)),
  );
  const reader = new BlockReader(tables, raw.version);
  return {
    symbols: raw.symbols,
    context: raw.context,
    version: raw.version,
    facts: raw.facts.map((bytes) => reader.fact(bytes)),
    rules: raw.rules.map((bytes) => reader.rule(bytes)),
    checks: raw.checks.map((bytes) => reader.check(bytes)),
    scopes: reader.scopes(raw.scopes),
  };
}

class BlockReader {
  constructor(tables, version) {
    this.tables = tables;
    this.version = version;
    this.terms = new TermReader(this);
    this.expressions = new ExpressionReader(this, this.terms);
  }

  /** An element that came with a later version of Datalog than this one. */
  since(version) {
    demand(this.version >= version, "feature_not_in_version");
  }

  symbol(number) {
    return this.tables.symbol(number);
  }

  fact(bytes) {
    const { predicate } = read(FACT, bytes, MALFORMED);
    return this.predicate(predicate, { ground: true });
  }

  predicate(bytes, rules) {
    const { name, terms } = read(PREDICATE, bytes, MALFORMED);
    return { name: this.symbol(name), terms: terms.map((term) => this.terms.read(term, rules)) };
  }

  rule(bytes) {
    const { head, body, expressions, scopes } = read(RULE, bytes, MALFORMED);
    return {
      head: this.predicate(head),
      body: body.map((predicate) => this.predicate(predicate)),
      expressions: expressions.map((expression) => this.expressions.read(expression)),
      scopes: this.scopes(scopes),
    };
  }

  check(bytes) {
    const { queries, kind } = read(CHECK, bytes, MALFORMED);
    demand(queries.length > 0 && (kind ?? 0) < CHECK_KINDS.length, MALFORMED);
    if (kind !== undefined) this.since(4);
    if (kind === 2) this.since(6);
    return { kind: CHECK_KINDS[kind ?? 0], queries: queries.map((query) => this.rule(query)) };
  }

  scopes(all) {
    if (all.length > 0) this.since(4);
    demand(all.length <= 4096, "decode_limit");
    return all.map((bytes) => {
      const { scopeType, publicKey } = read(SCOPE, bytes, MALFORMED);
      if (publicKey !== undefined) return this.tables.publicKey(publicKey);
      return ["authority", "previous"][scopeType] ?? refuse(MALFORMED);
    });
  }
}
