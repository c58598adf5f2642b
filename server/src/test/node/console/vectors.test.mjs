// The console's own reading of tokens, held against the project's vectors: signatures by WebCrypto, asks and approvals.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { approvalOf } from "../../../main/resources/dev/taper/server/console/token/answer.mjs";
import { readApprovalRequest } from "../../../main/resources/dev/taper/server/console/token/approval.mjs";
import { readApproval } from "../../../main/resources/dev/taper/server/console/token/beside.mjs";
import { base64url, compareBytes, hex, Refusal, sha256, unhex } from "../../../main/resources/dev/taper/server/console/token/bytes.mjs";
import { readToken, tokenBytes } from "../../../main/resources/dev/taper/server/console/token/chain.mjs";
import { ED_PRIME, algorithmNumber, keyText, parseKey, readKey, SMALL_ORDER } from "../../../main/resources/dev/taper/server/console/token/keys.mjs";
import { readDelegation } from "../../../main/resources/dev/taper/server/console/token/profile.mjs";
import { generate, sign, verify, verifyChain } from "../../../main/resources/dev/taper/server/console/token/verify.mjs";

const VECTORS = new URL("../../../../../testvectors/src/main/resources/dev/taper/testvectors/profile/", import.meta.url);
const casesOf = (file) => JSON.parse(readFileSync(new URL(`${file}.json`, VECTORS), "utf8")).cases;

async function outcome(action) {
  try {
    return { ok: await action() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code };
  }
}

test("sha256 of every length, as another implementation has it", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = randomBytes(length);
    assert.equal(compareBytes(sha256(bytes), createHash("sha256").update(bytes).digest()), 0, `${length} bytes`);
  }
});

test("points of small order, by the equation of the curve", () => {
  const mod = (number) => ((number % ED_PRIME) + ED_PRIME) % ED_PRIME;
  const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
  for (const y of SMALL_ORDER.slice(3)) assert.equal(mod(d * y ** 4n + 2n * y ** 2n - 1n), 0n);
  assert.equal(SMALL_ORDER[3] + SMALL_ORDER[4], ED_PRIME);
  assert.equal(SMALL_ORDER[0] + SMALL_ORDER[1], ED_PRIME);
});

test("every vector of signatures", async () => {
  for (const { name, algorithm, public: bytes, message, signature, expect } of casesOf("signatures")) {
    const actual = await outcome(async () => {
      await verify(readKey(algorithmNumber(algorithm), unhex(bytes)), unhex(message), unhex(signature));
      return true;
    });
    assert.deepEqual(actual, expect, name);
  }
});

for (const file of ["tokens", "tokens-refused", "tokens-malformed"]) {
  test(`every vector of ${file}`, async () => {
    let held = 0;
    for (const { name, token: encoded, text, roots, expect } of casesOf(file)) {
      const actual = await outcome(async () => {
        const token = readToken(encoded === undefined ? tokenBytes(text) : unhex(encoded));
        await verifyChain(token, roots.map(parseKey));
        const { mode, blocks } = readDelegation(token);
        return { mode, hops: blocks.map(({ mode, grantor, holder }) => ({ mode, grantor, ...(holder === undefined ? {} : { holder }) })) };
      });
      if (actual.code === "bearer_not_accepted") continue; // the console shows nobody's token
      held++;
      if (expect.ok && !expect.ok.hops) delete actual.ok?.hops;
      const { code, ok } = expect;
      assert.deepEqual(actual, ok ? { ok } : { code }, name);
    }
    assert.ok(held > 10);
  });
}

test("every vector of requests for approval", async () => {
  for (const { name, text, expect } of casesOf("approval-requests")) {
    const actual = await outcome(() => {
      const { token, call, audience, reason, catalog } = readApprovalRequest(text);
      return { token: hex(token), call: call.canonical, audience, reason, ...(catalog === undefined ? {} : { catalog }) };
    });
    assert.deepEqual(actual, expect, name);
  }
});

test("every vector of approvals", async () => {
  for (const { name, text, expect } of casesOf("approvals")) {
    const actual = await outcome(async () => {
      const approval = readApproval(text);
      try {
        await verify(approval.by, approval.message, approval.signature);
      } catch (error) {
        throw error instanceof Refusal ? new Refusal("invalid_signature") : error;
      }
      return { approver: keyText(approval.by), statement: approval.json, name: approval.name };
    });
    const { ok, code } = expect;
    delete ok?.claim;
    assert.deepEqual(actual, ok ? { ok } : { code }, name);
  }
});

for (const algorithm of [0, 1]) {
  test(`an approval by a new key of algorithm ${algorithm} is one by the specification`, async () => {
    const pair = await generate(algorithm);
    assert.equal(pair.privateKey.extractable, false);
    const state = { state: "ab".repeat(32), meaning: "cd".repeat(32), audience: "svc:jira" };
    const statement = { ...state, id: "01".repeat(16), from: 1_900_000_000, until: 1_900_000_900, uses: 1, reason: "it's fine" };
    const encoded = await approvalOf(pair.key, statement, (message) => sign(algorithm, pair.privateKey, message));
    const read = readApproval(encoded);
    assert.equal(base64url(read.bytes), encoded);
    assert.equal(keyText(read.by), keyText(pair.key));
    assert.equal(read.json, `{"audiences":["svc:jira"],"from":1900000000,"id":"${"01".repeat(16)}","meaning":"${"cd".repeat(32)}","reason":"it's fine","state":"${"ab".repeat(32)}","until":1900000900,"uses":1}`);
    await verify(read.by, read.message, read.signature);
  });
}
