// An approval, made (section 12).
import { TAG } from "./beside.mjs";
import { base64url, concat, utf8 } from "./bytes.mjs";
import { canonicalObject, quote } from "./json.mjs";

/** The statement of an approval at one service, for one holder of a token: of one call by its digest, or of a pattern. */
export function statementOf({ id, state, audience, meaning, pattern, from, until, uses, reason }) {
  const members = [
    ["id", quote(id)],
    ["state", quote(state)],
    ["audiences", `[${quote(audience)}]`],
    pattern === undefined ? ["meaning", quote(meaning)] : ["calls", `[${patternOf(pattern)}]`],
    ["from", String(from)],
    ["until", String(until)],
    ...(uses === undefined ? [] : [["uses", String(uses)]]),
    ...(reason === undefined ? [] : [["reason", quote(reason)]]),
  ];
  return canonicalObject(members);
}

const patternOf = (pattern) =>
  canonicalObject(Object.entries(pattern).map(([name, value]) => [name, `[${quote(value)}]`]));

/** What a key signs, to approve. */
export const approvalMessage = (key, statement) => concat(TAG, [1, key.algorithm], key.bytes, utf8(statement));

/** An approval, signed by a function that gives the key's signature of a message. */
export async function approvalOf(key, said, sign) {
  const statement = statementOf(said);
  const signature = await sign(approvalMessage(key, statement));
  return base64url(concat([1, key.algorithm], key.bytes, [signature.length], signature, utf8(statement)));
}
