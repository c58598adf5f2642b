// For each kind of vectors of the binding: from a case's inputs, its results in the form in which the case states them.
import { isDeepStrictEqual } from "node:util";
import { askOf, readAsk, readAsked } from "./asks.mjs";
import { concat, demand, hex, sha256, unhex } from "./token/bytes.mjs";
import { exchangeOf, readExchange } from "./exchange.mjs";
import { Guard } from "./guard.mjs";
import { credentials, readAnswer, readService, sentOf } from "./http.mjs";
import { defined, outcome } from "./kinds.mjs";
import { readReply, signed } from "./mcp.mjs";
import { McpGuard } from "./mcpguard.mjs";
import { keyText, parseKey, publicKey } from "./keys.mjs";
import { readRenewal, renewalOf } from "./renewal.mjs";
import { readStatement } from "./statements.mjs";

const WELL_KNOWN = { method: "GET", target: "/.well-known/taper" };

/** The secret of one of the published keys. */
function secretOf(name, text) {
  const secret = sha256(concat("taper vectors ", name));
  const { algorithm } = parseKey(text);
  demand(keyText(publicKey(algorithm, secret)) === text, "invalid_key");
  return { algorithm, secret };
}

/** What a service answers to requests, one after the other. */
function http({ service, requests }) {
  const guard = new Guard(service, requests[0].now);
  return { requests: requests.map((request) => ({ ...request, expect: guard.answer(request) })) };
}

/** What a client signs of a request that it is about to make, and what it sends beside. */
function signing({ holder, key, token, audience, request: { content, ...request }, approvals, time, nonce }) {
  const made = { ...request, content: content === undefined ? undefined : unhex(content) };
  const by = { ...secretOf(holder, key), token, audience };
  const { message, proof } = credentials(made, by, { approvals, time, nonce: unhex(nonce) });
  const [, scheme, authority, target] = sentOf(made).parts.map((part) => Buffer.from(part).toString());
  return { expect: { scheme, authority, target, message: hex(message), proof } };
}

/** What a client takes an answer for. */
const answers = ({ answer }) => ({ expect: readAnswer(answer) });

/** What a service says of itself, and what a client reads of it. */
const services = ({ service, document }) => ({
  ...(service === undefined ? {} : { document: JSON.stringify(new Guard(service, 0).answer(WELL_KNOWN).document) }),
  expect: outcome(() => readService(document)),
});

/** What becomes of messages to a guarded server, one after the other. */
function mcp({ service, messages }) {
  const guard = new McpGuard(service, messages[0].now);
  return { messages: messages.map((each) => ({ ...each, expect: guard.answer(each.message, each.now) })) };
}

/** What a client signs of a message that it is about to send. */
function mcpSigning({ holder, key, token, audience, message, approvals, time, nonce }) {
  const by = { ...secretOf(holder, key), token, audience };
  const { params, proof, message: signs } = signed(message, by, { approvals, time, nonce: unhex(nonce) });
  return { expect: defined({ params, proof, message: signs && hex(signs) }) };
}

/** What a client makes of a reply. */
const replies = ({ reply }) => ({ expect: readReply(reply) });

/** What is asked; what a client writes of it reads the same. */
function asks({ origin, content }) {
  const expect = outcome(() => {
    const asked = readAsked(content, origin);
    const written = askOf({ ...asked, url: origin + asked.target, content: unhex(asked.content) }, asked.reason);
    demand(isDeepStrictEqual(readAsked(written, origin), asked), "invalid_request");
    const { method, target, contentType, contentEncoding, fields, content: bytes, reason } = asked;
    const more = { fields: Object.keys(fields).length > 0 ? fields : undefined, content: bytes === "" ? undefined : bytes };
    return defined({ method, target, contentType, contentEncoding, ...more, reason });
  });
  return { expect };
}

/** How an ask stands, as its holder and its approvers read it. */
const askStates = ({ content }) => ({ expect: outcome(() => readAsk(content)) });

/** How a holder has its token renewed, and what it makes of the answer. */
function renewals({ holder, key, token, url, issuer, time, nonce, answer }) {
  const by = { ...secretOf(holder, key), token, audience: issuer };
  const { request, message } = renewalOf(url, by, { time, nonce: unhex(nonce) });
  return { request: { ...request, message: hex(message) }, expect: readRenewal(answer, token) };
}

/** What an agent signs to exchange a person's token, and whether an issuer takes a proof. */
function exchanges({ agent, key, issuer, subject_token: token, details, time, nonce, proof, now }) {
  const asked = { issuer, token, details };
  const expect = outcome(() => readExchange(proof, asked, now));
  if (agent === undefined) return { expect };
  const made = exchangeOf(secretOf(agent, key), asked, { time, nonce: unhex(nonce) });
  return { message: hex(made.message), proof: made.proof, expect };
}

/** What is recorded of what a holder states. */
const statements = ({ token, content }) => ({ expect: outcome(() => readStatement(token, content)) });

/** All kinds of vectors of the binding. */
export const BINDING_KINDS = {
  ...{ http, signing, answers, services, mcp, "mcp-signing": mcpSigning, replies, asks },
  ...{ "ask-states": askStates, renewals, exchanges, statements },
};
