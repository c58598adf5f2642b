// What holders state to who keeps an audit log, by docs/binding.md alone: what is recorded of it.
import { concat, demand, hex, utf8 } from "./token/bytes.mjs";
import { readToken, tokenBytes } from "./chain.mjs";
import { revocationKey } from "./keys.mjs";
import { parse } from "./token/json.mjs";
import { readDelegation } from "./token/profile.mjs";
import { sha256 } from "./token/sha256.mjs";

const MALFORMED = "malformed_statement";
const FORMAT = "taper/1 statement";
const LONGEST = 65_536;

/** The kind of the record and who did it, of a statement by the holder of a token. */
export function readStatement(before, content) {
  demand(utf8(content).length <= LONGEST, MALFORMED);
  const json = parse(content, MALFORMED);
  demand(json instanceof Map && json.get("format") === FORMAT && json.size === 2, MALFORMED);
  const sealed = json.get("sealed");
  if (sealed !== undefined) {
    demand(typeof sealed === "string" && /^[0-9a-f]{64}$/.test(sealed), MALFORMED);
    const token = readToken(tokenBytes(before));
    demand(lastDigest(token) === sealed, "other_token");
    return { kind: "seal", by: readDelegation(token).blocks.at(-1).holder };
  }
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

/** What records call a token; nothing here knows the root key, so an authority block's algorithm is told by its signature. */
function lastDigest({ blocks }) {
  const { signature } = blocks.at(-1);
  const signer = blocks.at(-2)?.nextKey ?? { algorithm: signature.length === 64 ? 0 : 1 };
  return hex(sha256(revocationKey(signer, signature)));
}
