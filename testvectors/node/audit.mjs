// Verifying an audit log, up to its first flaw (section 14).
import { concat, hex, Refusal, sha256, unbase64url } from "./token/bytes.mjs";
import { keyText, parseKey, verify } from "./keys.mjs";
import { canonical, readRecord } from "./record.mjs";

const FIRST = "0".repeat(64);

const hash = (line) => hex(sha256(concat("\0TAPER\0AUDIT\0", line)));

/** A flaw, and the number of the record that it is about. */
const flaw = (code, record) => {
  throw new Refusal(code, { record });
};
const check = (condition, code, record) => condition || flaw(code, record);

/** Verifies a log by the keys whose checkpoints count, and the head that was kept elsewhere, if any. */
export function verifyLog(log, trusted, head) {
  const lines = log.split("\n");
  const torn = lines.pop();
  const kept = head && { seq: Number(head.split(":")[0]), hash: head.split(":")[1] };
  check(lines.length > 0 || torn, "truncated", 0);
  let previous = FIRST;
  let checkpoints = 0;
  let file = { log: undefined, next: 1 };
  const retired = new Set();
  lines.forEach((line, seq) => {
    const record = readLine(line, seq);
    checkPlace(record, seq, lines.slice(seq + 1));
    check(record.get("prev") === previous, "edited", Math.max(seq - 1, 0));
    file = checkFile(record, file, seq);
    if (record.get("kind") === "checkpoint") {
      checkCheckpoint(record, trusted, seq);
      check(!retired.has(record.get("key")), "retired", seq);
      checkpoints++;
    }
    if (isRetirement(record)) retired.add(record.get("subject").get("id"));
    previous = hash(line);
    check(kept?.seq !== seq || kept.hash === previous, "rewritten", seq);
  });
  check(torn === "", "torn", lines.length);
  check(lines.length === 0 || file.next === undefined, "missing", lines.length);
  check(kept === undefined || kept.seq < lines.length, "truncated", kept?.seq);
  return { records: lines.length, checkpoints, head: `${lines.length - 1}:${previous}` };
}

function readLine(line, seq) {
  try {
    return readRecord(line);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.code, { record: seq }) : error;
  }
}

const numberOf = (record) => Number(record.get("seq").text);

function checkPlace(record, seq, later) {
  const number = numberOf(record);
  check(number >= seq, "inserted", number);
  if (number > seq && record.get("kind") === "open") flaw("missing", seq);
  if (number > seq) flaw(later.some((line) => isNumber(line, seq)) ? "reordered" : "removed", seq);
}

function isNumber(line, seq) {
  try {
    return numberOf(readRecord(line)) === seq;
  } catch {
    return false;
  }
}

/** A log opens with record 0, and behind the last record of each file, and nowhere else. */
function checkFile(record, { log, next }, seq) {
  const opens = record.get("kind") === "open";
  check(opens === (next !== undefined), "inserted", seq);
  if (!opens) return { log, next: record.has("next") ? Number(record.get("next").text) : undefined };
  const number = record.has("file") ? Number(record.get("file").text) : 1;
  check(number === next && (seq === 0 || record.get("log") === log), "inserted", seq);
  return { log: record.get("log"), next: undefined };
}

/** Whether a record says of a key that it signs no more of this log. */
function isRetirement(record) {
  const subject = record.get("kind") === "rotate" ? record.get("subject") : undefined;
  return subject?.get("type") === "audit_key" && subject.get("decision") === "retired";
}

function checkCheckpoint(record, trusted, seq) {
  const { key, sig, ...rest } = Object.fromEntries(record);
  const signed = canonical(new Map(Object.entries({ key, ...rest })));
  try {
    verify(parseKey(key), concat("\0TAPER\0CHECKPOINT\0", signed), unbase64url(sig, "forged"));
  } catch (error) {
    throw error instanceof Refusal ? new Refusal("forged", { record: seq }) : error;
  }
  check(trusted.some((each) => keyText(each) === key), "untrusted", seq);
}
