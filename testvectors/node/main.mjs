// Checks a folder of vectors and says what differs: node main.mjs FOLDER
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { KINDS } from "./kinds.mjs";

/** Kinds that the vectors have and that nothing here checks. */
const UNCHECKED = ["decisions"];
const SCHEMA = "schema.json";

const [folder] = process.argv.slice(2);
const counts = {};
let failed = 0;

function fail(kind, name, expected, actual) {
  failed++;
  console.log(`FAILED ${kind}: ${name}`);
  console.log(`  expected ${JSON.stringify(expected)}`);
  console.log(`  actual   ${JSON.stringify(actual)}`);
}

/** Whether all results of a case are as it states them. */
function check(kind, vector) {
  let actual;
  try {
    actual = KINDS[kind](vector);
  } catch (error) {
    fail(kind, vector.name, vector.expect, String(error.stack));
    return false;
  }
  for (const [part, value] of Object.entries(actual)) {
    if (isDeepStrictEqual(value, vector[part])) continue;
    fail(kind, `${vector.name} (${part})`, vector[part], value);
    return false;
  }
  return true;
}

const files = readdirSync(folder).sort();
for (const file of files.filter((name) => name !== SCHEMA)) {
  const { kind, cases } = JSON.parse(readFileSync(join(folder, file), "utf8"));
  counts[kind] ??= { passed: 0, all: 0 };
  counts[kind].all += cases.length;
  if (kind in KINDS) counts[kind].passed += cases.filter((vector) => check(kind, vector)).length;
  else if (!UNCHECKED.includes(kind)) fail(kind, file, "a kind that is known here", kind);
}
for (const kind of Object.keys(KINDS)) if (!counts[kind]) fail(kind, folder, "a file of this kind", "none");

let passed = 0;
for (const [kind, count] of Object.entries(counts)) {
  passed += count.passed;
  const isChecked = kind in KINDS;
  console.log(`${kind}: ${isChecked ? `${count.passed} of ${count.all}` : `not checked here (${count.all} cases)`}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
