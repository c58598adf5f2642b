// Renewals of the binding over HTTP, by docs/binding.md alone: what a holder sends to its issuer, and what it makes of the answer.
import { demand, Refusal, utf8 } from "./token/bytes.mjs";
import { readToken, tokenBytes } from "./chain.mjs";
import { credentials, dialled, readAnswer } from "./http.mjs";
import { parse } from "./token/json.mjs";
import { keyText } from "./keys.mjs";
import { readDelegation } from "./token/profile.mjs";

const NONE = "no_renewal";
const OTHER = "other_token";
const FORMAT = "taper/1 renewal";
const TYPE = /^application\/json\s*(;|$)/i;
const LONGEST = 16_384;
const LONGEST_TOKEN = 8192;
const MAX_DEPTH = 16;

/** The request by which a holder has its token renewed: no content, no query, no approvals. */
export function renewalOf(url, holder, { time, nonce } = {}) {
  const { origin, target } = dialled(url);
  const { fields, message } = credentials({ method: "POST", url }, holder, { time, nonce });
  return { request: { method: "POST", origin, target, fields }, message };
}

/** What becomes of a token by an answer: it is renewed, or stays what it was. */
export function readRenewal({ status, fields, content }, present) {
  if (status >= 400) return readAnswer({ status, fields, content });
  try {
    const token = tokenOf(status, fields, content);
    const [was, is] = [said(present), orNone(() => said(token))];
    demand(Object.keys(was).every((name) => was[name] === is[name]), OTHER);
    return { outcome: "renewed", token };
  } catch (error) {
    if (error instanceof Refusal) return { outcome: error.code };
    throw error;
  }
}

function tokenOf(status, fields, content) {
  const named = (wanted) => fields.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
  const [types, codings] = [named("content-type"), named("content-encoding")];
  demand(status === 200 && types.length === 1 && TYPE.test(types[0]) && codings.length === 0, NONE);
  demand(utf8(content).length <= LONGEST, NONE);
  const json = parse(content, NONE, MAX_DEPTH);
  demand(json instanceof Map && json.get("format") === FORMAT, NONE);
  const token = json.get("token");
  demand(typeof token === "string" && token.length <= LONGEST_TOKEN, NONE);
  return token;
}

/** Whose token it is, and for whom and what. */
function said(text) {
  const token = readToken(tokenBytes(text));
  demand(token.end.mode === "held", NONE);
  const { delegator, task, blocks } = readDelegation(token);
  const { holder, nextKey } = blocks.at(-1);
  return { holder, key: keyText(nextKey), delegator, task };
}

function orNone(action) {
  try {
    return action();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(NONE) : error;
  }
}
