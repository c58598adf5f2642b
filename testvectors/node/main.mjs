// Checks folders of vectors, each of the profile or of the binding, and says what differs: node main.mjs FOLDER...
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { BINDING_KINDS } from "./bindingkinds.mjs";
import { KINDS } from "./kinds.mjs";

const SCHEMA = "schema.json";

/** The first place where two values differ, undefined if they do not. */
function difference(expected, actual, path = "") {
  if (isDeepStrictEqual(expected, actual)) return undefined;
  const areObjects = [expected, actual].every((value) => typeof value === "object" && value !== null);
  if (!areObjects || path.endsWith("expect")) return { path, expected, actual };
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const inside = difference(expected[name], actual[name], path === "" ? name : `${path}.${name}`);
    if (inside) return inside;
  }
}

/** What of a case is not as its inputs give it. */
function check(run, vector) {
  try {
    const actual = run(vector);
    const stated = Object.fromEntries(Object.keys(actual).map((name) => [name, vector[name]]));
    return difference(stated, actual);
  } catch (error) {
    return { path: "a result", expected: vector.expect, actual: String(error.stack) };
  }
}

let [passed, failed] = [0, 0];

function fail(kind, name, expected, actual) {
  failed++;
  console.log(`FAILED ${kind}: ${name}`);
  console.log(`  expected ${JSON.stringify(expected)}`);
  console.log(`  actual   ${JSON.stringify(actual)}`);
}

/** Those of the binding have a folder of their own. */
const kindsOf = (files) => (files.some(({ kind }) => Object.hasOwn(BINDING_KINDS, kind)) ? BINDING_KINDS : KINDS);

function checkFolder(folder) {
  const names = readdirSync(folder).filter((name) => name !== SCHEMA).sort();
  const files = names.map((name) => ({ file: name, ...readFile(join(folder, name)) }));
  const kinds = kindsOf(files);
  const counts = new Map(Object.keys(kinds).map((kind) => [kind, { good: 0, all: 0 }]));
  for (const { file, kind, cases } of files) {
    const count = counts.get(kind);
    if (!count || !(cases?.length > 0)) {
      fail("files", file, "cases of a kind that is known here", kind);
      continue;
    }
    for (const vector of cases) {
      count.all++;
      const flaw = check(kinds[kind], vector);
      if (flaw) fail(kind, `${vector.name}: ${flaw.path}`, flaw.expected, flaw.actual);
      else count.good++;
    }
  }
  for (const [kind, { good, all }] of counts) {
    if (all === 0) fail(kind, "no case", "at least one", "none");
    console.log(`${kind}: ${good} of ${all}`);
    passed += good;
  }
}

process.argv.slice(2).forEach(checkFolder);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function readFile(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return {}; // no vectors
  }
}
