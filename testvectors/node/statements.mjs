// What holders state to who keeps an audit log, by docs/binding.md alone: what is recorded of it.
import { concat, demand, hex, utf8 } from "./token/bytes.mjs";
import { readToken, tokenBytes } from "./chain.mjs";
import { parse } from "./token/json.mjs";
import { readDelegation } from "./token/profile.mjs";

const MALFORMED = "malformed_statement";
const FORMAT = "taper/1 statement";
const LONGEST = 65_536;

/** The kind of the record and who did it, of a statement by the holder of a token. */
export function readStatement(before, content) {
  demand(utf8(content).length <= LONGEST, MALFORMED);
  const json = parse(content, MALFORMED);
  demand(json instanceof Map && json.get("format") === FORMAT && json.size === 2, MALFORMED);
  const text = json.get("token");
  demand(typeof text === "string", MALFORMED);
  const token = readToken(tokenBytes(text));
  demand(token.end.mode === "held", MALFORMED);
  const [had, has] = [readToken(tokenBytes(before)).blocks, token.blocks].map((blocks) =>
    blocks.map(({ payload, signature }) => hex(concat(payload, signature))),
  );
  demand(has.length === had.length + 1 && had.every((block, index) => block === has[index]), "other_token");
  const { statement, grantor } = readDelegation(token).blocks.at(-1);
  return { kind: statement === undefined ? "delegate" : "justify", by: grantor };
}
