// Fingerprints, and lists of what is revoked (section 13).
import { concat, demand, hex, Refusal, refuse, same, sha256 } from "./token/bytes.mjs";
import { readKey, sameKey, verify } from "./keys.mjs";
import { isLabel } from "./token/text.mjs";

const MALFORMED = "malformed_revocations";
const TAG = "\0TAPER\0REVOCATION\0";
const YEAR_10000 = BigInt(Date.parse("9999-12-31T23:59:59.999Z")) + 1n;
const DAY = 86_400;
const FOR_EVER = 0xffffffff;
const SKEW = 60_000;

export const fingerprint = (kind, value) => sha256(concat("\0TAPER\0REVOKED\0", [kind], value)).subarray(0, 16);

/** What a verifier knows to be revoked, by a list of each issuer whom it trusts. */
export class Revocations {
  #lists = new Map(); // by issuer: the newest list, with all that it and those before it revoke
  #latest = 0; // the latest time at which it was asked

  constructor(issuers) {
    this.issuers = issuers;
  }

  /** Takes the lists of a file, or none of them; gives the sequence that the last one's issuer is at. */
  apply(file, now) {
    const lists = readLists(file, this.issuers);
    const states = new Map(this.#lists);
    const known = new Map();
    const last = new Map();
    for (const list of lists) {
      demand(list.issued <= BigInt(now + SKEW), "revocations_not_yet_valid");
      const id = `${list.issuer} ${list.sequence}`;
      const current = states.get(list.issuer);
      const before = known.get(id) ?? (current?.sequence === list.sequence ? current.signed : list.signed);
      demand(same(before, list.signed), "revocations_rolled_back");
      known.set(id, list.signed);
      last.set(list.issuer, list.sequence);
      if (!current || list.sequence > current.sequence) states.set(list.issuer, next(current, list, now));
    }
    for (const [issuer, sequence] of last) {
      demand(sequence === states.get(issuer).sequence, "revocations_rolled_back");
    }
    this.#lists = states;
    return Number(states.get(lists.at(-1).issuer).sequence);
  }

  /** Whether something is known to be revoked, however old the lists are. */
  names(fingerprints, now) {
    this.#latest = Math.max(this.#latest, now);
    const isRevoked = (print) => [...this.#lists.values()].some(({ untils }) => counts(untils.get(hex(print)), now));
    return fingerprints.some(isRevoked);
  }

  /** Refuses if one of these fingerprints is revoked, or if that cannot be known; gives which is. */
  look(fingerprints, now) {
    this.#latest = Math.max(this.#latest, now);
    const lists = [...this.#lists.values()];
    const isRevoked = (print) => lists.some(({ untils }) => counts(untils.get(hex(print)), now));
    const revoked = fingerprints.findIndex(isRevoked);
    if (revoked >= 0) return revoked;
    demand(lists.length === this.issuers.length, "revocation_unavailable");
    for (const { issued, nextUpdate, maximumAge } of lists) {
      const end = issued + BigInt(maximumAge) * 1000n;
      const latest = BigInt(this.#latest);
      demand(issued <= BigInt(now + SKEW) && latest <= nextUpdate && latest <= end, "revocation_stale");
    }
    return -1;
  }
}

const counts = (until, now) => until !== undefined && (until === FOR_EVER || Math.floor(now / 1000) <= until);

/** An issuer's list with the next one: what is lifted goes first. */
function next(current, list, now) {
  const untils = new Map(current?.untils);
  if (list.isDelta) {
    demand(current && list.base <= current.sequence, "revocations_incomplete");
    for (const print of list.lifted) untils.delete(print);
    for (const [print, until] of list.entries) untils.set(print, Math.max(until, untils.get(print) ?? 0));
    return { ...list, untils };
  }
  const entries = new Map(list.entries);
  for (const [print, until] of untils) {
    const isKept = list.lifted.has(print) || (entries.get(print) ?? -1) >= until;
    demand(isKept || !counts(until, now), "revocations_dropped");
  }
  return { ...list, untils: entries };
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
  demand(version === 2 && type <= 1 && algorithm <= 1, MALFORMED);
  const key = readIssuer(algorithm, reader.take(algorithm === 0 ? 32 : 33));
  const [base, sequence, issued, nextUpdate] = [8, 8, 8, 8].map((size) => reader.number(size));
  const [maximumAge, count, liftedCount] = [4, 4, 4].map((size) => Number(reader.number(size)));
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
  const body = reader.at;
  const entries = ascending(count, () => readEntry(reader));
  const lifted = ascending(liftedCount, () => readLifted(reader));
  demand(same(sha256(reader.since(body)), digest), MALFORMED);
  const issuer = hex(concat([algorithm], key.bytes));
  return {
    ...{ isDelta, issuer, base, sequence, issued, nextUpdate, maximumAge, signed, entries },
    lifted: new Set(lifted.map(([print]) => print)),
  };
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

/** So many entries, in strictly ascending order. */
function ascending(count, read) {
  const entries = [];
  for (let i = 0; i < count; i++) {
    const entry = read();
    demand(i === 0 || entries.at(-1)[0] < entry[0], MALFORMED);
    entries.push(entry);
  }
  return entries;
}

/** A fingerprint, and the second until which it counts. */
function readEntry(reader) {
  const print = hex(reader.take(16));
  const [kind] = reader.take(1);
  demand(kind >= 1 && kind <= 7, MALFORMED);
  return [print, Number(reader.number(4))];
}

/** An entry, and why it is lifted. */
function readLifted(reader) {
  const entry = readEntry(reader);
  const reason = reader.take(Number(reader.number(2)));
  demand(isLabel(decode(reason), 1024), MALFORMED);
  return entry;
}

function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse(MALFORMED);
  }
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
