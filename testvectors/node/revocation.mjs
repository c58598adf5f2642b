// Fingerprints, and lists of what is revoked (section 13).
import { concat, demand, hex, Refusal, refuse, same, sha256 } from "./bytes.mjs";
import { readKey, sameKey, verify } from "./keys.mjs";

const MALFORMED = "malformed_revocations";
const TAG = "\0TAPER\0REVOCATION\0";
const YEAR_10000 = BigInt(Date.parse("9999-12-31T23:59:59.999Z")) + 1n;
const DAY = 86_400;
const FOR_EVER = 0xffffffff;
const SKEW = 60_000;

export const fingerprint = (kind, value) => sha256(concat("\0TAPER\0REVOKED\0", [kind], value)).subarray(0, 16);

/** What a verifier knows to be revoked, by lists of issuers whom it trusts. */
export class Revocations {
  #list; // the newest one
  #untils = new Map();

  constructor(issuers) {
    this.issuers = issuers;
  }

  /** Takes the lists of a file, or none of them; gives the sequence that is reached. */
  apply(file, now) {
    const lists = readLists(file, this.issuers);
    let [current, untils] = [this.#list, this.#untils];
    const known = new Map(current && [[current.sequence, current.signed]]);
    lists.forEach((list, i) => {
      demand(list.issued <= BigInt(now + SKEW), "revocations_not_yet_valid");
      demand(same(known.get(list.sequence) ?? list.signed, list.signed), "revocations_rolled_back");
      known.set(list.sequence, list.signed);
      if (current && list.sequence <= current.sequence) {
        demand(i < lists.length - 1 || list.sequence === current.sequence, "revocations_rolled_back");
        return;
      }
      if (list.isDelta) demand(current && list.base <= current.sequence, "revocations_incomplete");
      untils = new Map(list.isDelta ? untils : []);
      for (const [print, until] of list.entries) untils.set(print, Math.max(until, untils.get(print) ?? 0));
      current = list;
    });
    [this.#list, this.#untils] = [current, untils];
    return Number(current.sequence);
  }

  /** Refuses if one of these fingerprints is revoked, or if that cannot be known; gives which is. */
  look(fingerprints, now) {
    const second = Math.floor(now / 1000);
    const revoked = fingerprints.findIndex((print) => this.#counts(this.#untils.get(hex(print)), second));
    if (revoked >= 0) return revoked;
    const list = this.#list ?? refuse("revocation_unavailable");
    const end = list.issued + BigInt(list.maximumAge) * 1000n;
    demand(BigInt(now) <= list.nextUpdate && BigInt(now) <= end, "revocation_stale");
    return -1;
  }

  #counts(until, second) {
    return until !== undefined && (until === FOR_EVER || second <= until);
  }
}

function readLists(file, issuers) {
  const reader = new Reader(file);
  const lists = [];
  do lists.push(readList(reader, issuers));
  while (!reader.isAtEnd);
  return lists;
}

function readList(reader, issuers) {
  const start = reader.at;
  demand(same(reader.take(TAG.length), concat(TAG)), MALFORMED);
  const [version, type, algorithm] = reader.take(3);
  demand(version === 1 && type <= 1 && algorithm <= 1, MALFORMED);
  const key = readIssuer(algorithm, reader.take(algorithm === 0 ? 32 : 33));
  const [base, sequence, issued, nextUpdate] = [8, 8, 8, 8].map((size) => reader.number(size));
  const [maximumAge, count] = [4, 4].map((size) => Number(reader.number(size)));
  const digest = reader.take(32);
  const signed = reader.since(start);
  const signatureLength = Number(reader.number(1));
  demand(signatureLength <= 72, MALFORMED);
  const signature = reader.take(signatureLength);

  const isDelta = type === 1;
  demand(sequence >= 1n && sequence < 1n << 63n && (isDelta ? base < sequence : base === 0n), MALFORMED);
  demand(issued < nextUpdate && nextUpdate < YEAR_10000, MALFORMED);
  demand(maximumAge >= 1 && maximumAge <= 31 * DAY, MALFORMED);
  demand(issuers.some((issuer) => sameKey(issuer, key)), "unknown_revocation_key");
  verifyList(key, signed, signature);
  const entries = readEntries(reader.take(count * 21), digest);
  return { isDelta, base, sequence, issued, nextUpdate, maximumAge, signed, entries };
}

/** Whatever is wrong with the signature has one code here. */
function verifyList(key, signed, signature) {
  try {
    verify(key, signed, signature);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal("invalid_signature") : error;
  }
}

function readIssuer(algorithm, bytes) {
  try {
    return readKey(algorithm, bytes);
  } catch {
    return refuse(MALFORMED);
  }
}

/** Pairs of a fingerprint and the second until which it counts. */
function readEntries(bytes, digest) {
  demand(same(sha256(bytes), digest), MALFORMED);
  const reader = new Reader(bytes);
  const entries = [];
  while (!reader.isAtEnd) {
    const print = hex(reader.take(16));
    const [kind] = reader.take(1);
    demand(kind >= 1 && kind <= 5 && (entries.length === 0 || entries.at(-1)[0] < print), MALFORMED);
    entries.push([print, Number(reader.number(4))]);
  }
  return entries;
}

class Reader {
  at = 0;

  constructor(bytes) {
    this.bytes = bytes;
  }

  get isAtEnd() {
    return this.at === this.bytes.length;
  }

  take(size) {
    demand(this.at + size <= this.bytes.length, MALFORMED);
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  number(size) {
    return BigInt("0x" + hex(this.take(size)));
  }

  since(start) {
    return this.bytes.subarray(start, this.at);
  }
}
