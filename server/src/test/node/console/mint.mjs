// Tokens for tests, written by docs/profile.md: a chain of holders with grants that wait for approvers.
import { generateKeyPairSync, sign } from "node:crypto";
import { base64url, concat, hex, littleEndian4, utf8 } from "../../../main/resources/dev/taper/server/console/token/bytes.mjs";
import { bytesField, numberField } from "../../../main/resources/dev/taper/server/console/token/wire.mjs";

/** A key pair: its text, and what signs with it. */
export function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const bytes = new Uint8Array(Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url"));
  return { bytes, text: `ed25519/${hex(bytes)}`, sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
}

const part = (...fields) => concat(...fields.flat());
const QUERY = 27;
const TERMS = { variable: 1, integer: 2, string: 3, date: 4, set: 7 };
const DEFAULTS = "read write resource operation right time role owner tenant namespace user team service admin email group member ip_address client client_ip domain path version cluster node hostname nonce query".split(" ");

class Block {
  constructor(symbols) {
    this.all = symbols;
    this.own = [];
  }

  symbol(text) {
    const at = DEFAULTS.indexOf(text);
    if (at >= 0) return at;
    if (!this.all.includes(text)) {
      this.all.push(text);
      this.own.push(text);
    }
    return 1024 + this.all.indexOf(text);
  }

  term([type, value]) {
    if (type === "set") return part(bytesField(7, part(...value.map((each) => bytesField(1, this.term(each))))));
    return part(numberField(TERMS[type], ["variable", "string"].includes(type) ? this.symbol(value) : value));
  }

  predicate([name, ...terms]) {
    return part(numberField(1, this.symbol(name)), ...terms.map((term) => bytesField(2, this.term(term))));
  }

  expression(ops) {
    const write = (op) => (Array.isArray(op) ? bytesField(1, this.term(op)) : op.unary === undefined ? bytesField(3, part(numberField(1, op.binary))) : bytesField(2, part(numberField(1, op.unary))));
    return part(...ops.map((op) => bytesField(1, part(write(op)))));
  }

  check(...queries) {
    const rule = ({ body, expressions = [] }) => part(bytesField(1, part(numberField(1, QUERY))), ...body.map((each) => bytesField(2, this.predicate(each))), ...expressions.map((each) => bytesField(3, this.expression(each))));
    return part(...queries.map((query) => bytesField(1, rule(query))));
  }

  encode(facts, checks, context) {
    const body = [...facts.map((each) => bytesField(4, part(bytesField(1, this.predicate(each))))), ...checks.map((queries) => bytesField(6, this.check(...queries)))];
    const written = part(...body); // declares the symbols
    return part(...this.own.map((text) => bytesField(1, utf8(text))), ...(context ? [bytesField(2, utf8(context))] : []), numberField(3, 3), [written]);
  }
}

const BEGINS = { binary: 6 };

/** A grant: tool, operation, resource (one that ends with "/" is a beginning), approvers (keys) and how many of them. */
function grantQuery({ tool, operation, resource, approvers, count = 1 }) {
  const body = [["tool", ["string", tool]]];
  const expressions = [];
  if (operation) body.push(["operation", ["string", operation]]);
  if (resource?.endsWith("/")) {
    body.push(["resource", ["variable", "resource"]]);
    expressions.push([["variable", "resource"], ["string", resource], BEGINS]);
  } else if (resource) body.push(["resource", ["string", resource]]);
  if (approvers) {
    body.push(["approvers", ["variable", "approvers"]]);
    const keys = ["set", [...approvers].sort().map((key) => ["string", key])];
    expressions.push([keys, ["variable", "approvers"], { binary: 15 }, { unary: 2 }, ["integer", count], { binary: 3 }]);
  }
  return { body, expressions };
}

const checksOf = ({ grants, until, raw = [] }) => [
  ...(grants ? [grants.map(grantQuery)] : []),
  ...(until ? [[{ body: [["time", ["variable", "time"]]], expressions: [[["variable", "time"], ["date", until], { binary: 0 }]] }]] : []),
  ...raw,
];

/** A token that a root key issues. */
export function mint(root, { delegator, task, purpose, holder, facts = [], ...terms }) {
  const names = [["delegator", ["string", delegator]], ["holder", ["string", holder.name]], ["task", ["string", task]]];
  if (purpose) names.push(["purpose", ["string", purpose]]);
  const symbols = [];
  const payload = new Block(symbols).encode([...names, ...facts], checksOf(terms), "taper/1");
  return add({ symbols, blocks: [] }, root, holder, payload);
}

/** The same token, handed on by its holder. */
export function handOn(token, { holder, facts = [], ...terms }) {
  const symbols = [...token.symbols];
  const payload = new Block(symbols).encode([["holder", ["string", holder.name]], ...facts], checksOf(terms));
  return add({ ...token, symbols }, token.holder.key, holder, payload);
}

function add({ symbols, blocks }, signer, holder, payload) {
  const previous = blocks.at(-1);
  const key = [littleEndian4(0), "\0NEXTKEY\0", holder.key.bytes];
  const message = concat("\0BLOCK\0", "\0VERSION\0", littleEndian4(1), "\0PAYLOAD\0", payload, "\0ALGORITHM\0", ...key, ...(previous ? ["\0PREVSIG\0", previous.signature] : []));
  const signature = signer.sign(message);
  const nextKey = part(numberField(1, 0), bytesField(2, holder.key.bytes));
  const encoded = part(bytesField(1, payload), bytesField(2, nextKey), bytesField(3, signature), numberField(5, 1));
  return { symbols, blocks: [...blocks, { encoded, signature }], holder };
}

/** Its text form, held. */
export const encode = ({ blocks }) =>
  base64url(part(...blocks.map(({ encoded }, i) => bytesField(i === 0 ? 2 : 3, encoded)), bytesField(4, new Uint8Array())));

/** A request for approval as a service writes it. */
export const requestFor = (token, { audience = "svc:jira", catalog = "ab".repeat(32), reason = "clean up", call }) =>
  `{"audience":${JSON.stringify(audience)},"call":${typeof call === "string" ? call : JSON.stringify(call)},"catalog":"${catalog}","format":"taper/1 approval request","reason":${JSON.stringify(reason)},"token":"${encode(token)}"}`;

