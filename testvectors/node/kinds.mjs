// For each kind of vectors: from a case's inputs, its results in the form in which the case states them.
import { verifyLog } from "./audit.mjs";
import { readApprovalRequest } from "./token/approval.mjs";
import { readApproval } from "./token/beside.mjs";
import { base64url, concat, demand, hex, Refusal, sha256, unhex, utf8 } from "./token/bytes.mjs";
import { readCatalog } from "./catalog.mjs";
import * as chain from "./chain.mjs";
import { claimName } from "./escalation.mjs";
import { algorithmNumber, keyText, parseKey, publicKey, readKey, revocationKey, sign, verify } from "./keys.mjs";
import { parse } from "./token/json.mjs";
import { readNames, namesMessage } from "./names.mjs";
import { printBlock, printPredicate } from "./token/print.mjs";
import { readDelegation } from "./token/profile.mjs";
import { proofMessage, readProof, verifyProof } from "./proof.mjs";
import { readRequest } from "./token/request.mjs";
import { fingerprint, Revocations } from "./revocation.mjs";
import { readSent } from "./sent.mjs";
import { shownCall } from "./token/showncall.mjs";
import { Shares } from "./shares.mjs";
import { Verifier } from "./verifier.mjs";

/** What is expected: what an action gives, or the code with which it refuses. */
export function outcome(action) {
  try {
    return { ok: action() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, ...error.blame };
  }
}

function keys({ name, algorithm, message }) {
  const number = algorithmNumber(algorithm);
  const secret = sha256(concat("taper vectors ", name));
  const key = publicKey(number, secret);
  const signature = sign(number, secret, unhex(message));
  verify(key, unhex(message), signature);
  return {
    secret: hex(secret),
    public: hex(key.bytes),
    signature: hex(signature),
    expect: { ok: keyText(key) },
  };
}

const signatures = ({ algorithm, public: bytes, message, signature }) => ({
  expect: outcome(() => {
    verify(readKey(algorithmNumber(algorithm), unhex(bytes)), unhex(message), unhex(signature));
    return true;
  }),
});

/** A case has a token, its text, or both, which must be one another's then. */
function tokens({ token: encoded, text, roots, steps, expect }) {
  const details = {};
  const result = outcome(() => {
    const bytes = encoded === undefined ? chain.tokenBytes(text) : unhex(encoded);
    if (encoded !== undefined && text !== undefined) {
      details.token = hex(chain.tokenBytes(text));
      details.text = base64url(unhex(encoded));
    }
    const token = chain.readToken(bytes);
    const root = chain.verifyFirst(token, roots.map(parseKey));
    chain.verifyRest(token);
    const { mode, blocks } = readDelegation(token);
    if (steps) Object.assign(details, { steps: stepsOf(token, blocks, root), end: endOf(token) });
    const hops = blocks.map((block) => defined({ mode: block.mode, grantor: block.grantor, holder: block.holder }));
    return { mode, hops };
  });
  // Where a token's form is the matter, a case states no more than the mode.
  if (expect.ok && !expect.ok.hops) delete result.ok?.hops;
  return { ...details, expect: result };
}

const stepsOf = (token, blocks, root) =>
  blocks.map((block, i) => {
    const { payload, nextKey, signature, external, version, datalog } = block;
    const previous = blocks[i - 1];
    const signer = previous?.nextKey ?? root;
    const revoked = revocationKey(signer, signature);
    return defined({
      datalog: printBlock(datalog),
      context: datalog.context,
      datalogVersion: datalog.version,
      symbols: datalog.symbols,
      payload: hex(payload),
      nextKey: keyText(nextKey),
      signatureVersion: version,
      signer: keyText(signer),
      message: hex(chain.blockMessage(block, previous)),
      signature: hex(signature),
      revocationKey: hex(revoked),
      digest: hex(sha256(revoked)),
      token: hex(chain.writeHeld({ ...token, blocks: token.blocks.slice(0, i + 1) })),
      external: external && {
        key: keyText(external.key),
        message: hex(chain.externalMessage(block, previous)),
        signature: hex(external.signature),
      },
    });
  });

const endOf = (token) => (token.end.mode === "sealed" ? { message: hex(chain.endMessage(token)) } : undefined);

const requests = ({ request: text, freeText }) => ({
  expect: outcome(() => {
    const request = readRequest(text, freeText);
    return {
      canonical: request.canonical,
      digest: hex(request.digest),
      argumentsDigest: hex(request.argumentsDigest),
      facts: request.facts.map(printPredicate),
    };
  }),
});

const catalogs = ({ catalog: text }) => ({
  expect: outcome(() => {
    const { canonical } = readCatalog(text);
    return { canonical, digest: hex(sha256(utf8(canonical))) };
  }),
});

/** A call as a person sees it, by the roles that a catalog gives its arguments. */
const shownCalls = ({ catalog: text, tool, resource, args, digest, columns }) => ({
  expect: outcome(() => {
    const roles = text === undefined ? undefined : readCatalog(text).tools.find(({ name }) => name === tool)?.args;
    return shownCall({ tool, resource, digest }, parse(args, "invalid_request"), roles, columns);
  }),
});

function meanings({ catalog: text, calls }) {
  const catalog = readCatalog(text);
  const meaning = (sent) => {
    const request = catalog.meaning(readSent(sent));
    return { canonical: request.canonical, digest: hex(request.digest), facts: request.facts.map(printPredicate) };
  };
  return { calls: calls.map(({ sent }) => ({ sent, expect: outcome(() => meaning(sent)) })) };
}

/** Of a good proof, a case also states what it signs; time and nonce are those of which it was made. */
function proofs({ key, state, audience, request: text, sent, proof: encoded, now }) {
  const details = {};
  const expect = outcome(() => {
    const [proof, request] = [readProof(encoded), sent === undefined ? readRequest(text) : readSent(sent)];
    try {
      verifyProof(proof, parseKey(key), unhex(state), audience, request, now);
    } catch (error) {
      if (sent !== undefined) details.part = error.part;
      throw error;
    }
    details.message = hex(proofMessage(proof, unhex(state), audience, request));
    Object.assign(details, { time: Number(proof.time), nonce: hex(proof.nonce) });
    return true;
  });
  return { ...details, expect };
}

/** Of an approval that is signed, a case also states what that covers. */
function approvals({ text }) {
  const details = {};
  const expect = outcome(() => {
    const approval = readApproval(text);
    chain.verifyApproval(approval);
    details.message = hex(approval.message);
    return { approver: keyText(approval.by), statement: approval.json, name: approval.name, claim: claimName(approval) };
  });
  return { ...details, expect };
}

const approvalRequests = ({ text }) => ({
  expect: outcome(() => {
    const { token, call, audience, reason, catalog } = readApprovalRequest(text);
    return defined({ token: hex(token), call: call.canonical, audience, reason, catalog });
  }),
});

const fingerprints = ({ type, value }) => ({ expect: { ok: hex(fingerprint(type, unhex(value))) } });

function revocations({ issuers, steps }) {
  const list = new Revocations(issuers.map(parseKey));
  const look = (print, now) => {
    demand(list.look([unhex(print)], now) < 0, "revoked");
    return "clear";
  };
  return {
    steps: steps.map(({ now, apply, look: print }) => ({
      ...(print === undefined ? { now, apply } : { now, look: print }),
      expect: outcome(() => (print === undefined ? list.apply(unhex(apply), now) : look(print, now))),
    })),
  };
}

function decisions({ verifier: { revocations: lists, ...rest }, calls }) {
  const revocations = lists && { ...lists, lists: unhex(lists.lists) };
  const verifier = new Verifier({ ...rest, revocations }, calls[0].now);
  return {
    calls: calls.map((call) => {
      const { token, proof, approvals, request, sent, now } = call;
      let counters;
      const decide = () => {
        if (call.preview) verifier.preview(unhex(token), sent ?? request, now, approvals);
        else counters = verifier.decide(unhex(token), proof, sent ?? request, now, approvals);
        return true;
      };
      const expect = outcome(decide);
      return { ...call, ...(call.counters ? { counters } : {}), expect };
    }),
  };
}

const offers = ({ verifier, token, proof, now, entry }) => ({
  expect: outcome(() => new Verifier(verifier, now).offer(unhex(token), proof, now, entry)),
});

function shares({ capacity, steps }) {
  const memory = new Shares(capacity);
  const added = ({ delegator, authority, entries }) => {
    let count = 0;
    while (count < entries && memory.add(delegator, authority)) count++;
    return count === entries ? { ok: count } : { code: "replay_cache_full", added: count };
  };
  return { steps: steps.map((step) => ({ ...step, expect: added(step) })) };
}

const audit = ({ keys: trusted, log, head }) => ({
  expect: outcome(() => verifyLog(log, trusted.map(parseKey), head)),
});

/** Of a file whose signature is good, a case also states what that covers. Its number is a text: JSON.parse would round it. */
function names({ text, trusted, earlier }) {
  const details = {};
  const expect = outcome(() => {
    const inUse = earlier === undefined ? undefined : BigInt(earlier);
    const names = readNames(text, { trusted: trusted?.map(parseKey), earlier: inUse });
    if (trusted) details.message = hex(namesMessage(text));
    return defined({ ...names, number: names.number?.toString() });
  });
  return { ...details, expect };
}

export const defined = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** All kinds of vectors. */
export const KINDS = {
  ...{ keys, signatures, tokens, requests, catalogs, "shown-calls": shownCalls, meanings, proofs, approvals, decisions, offers, shares },
  ...{ fingerprints, revocations, names, audit },
  "approval-requests": approvalRequests,
};
