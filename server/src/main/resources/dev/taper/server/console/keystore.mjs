// The approver's key in this browser, and what it answered. The secret is a CryptoKey that cannot be read out, not by this
// page either; the browser keeps it for this origin until its data is deleted.
import { keyText, parseKey } from "./token/keys.mjs";
import { generate, sign } from "./token/verify.mjs";

const NAME = "taper-console";
const MOST_ANSWERS = 2000;

const done = (request) =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });

let opened;
function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore("keys", { keyPath: "key" });
      request.result.createObjectStore("answers", { autoIncrement: true });
    });
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
  return opened;
}

async function store(name, mode) {
  return (await database()).transaction(name, mode).objectStore(name);
}

/** The keys of this browser, the newest last: key as text, made (ms), privateKey. */
export async function keys() {
  const all = await done((await store("keys", "readonly")).getAll());
  return all.sort((a, b) => a.made - b.made);
}

/** Makes a key and keeps it. The browser is asked not to delete it when room is scarce. */
export async function make(algorithm, now) {
  const { privateKey, key } = await generate(algorithm);
  const kept = { key: keyText(key), made: now, privateKey };
  await done((await store("keys", "readwrite")).add(kept));
  await navigator.storage?.persist?.().catch(() => false);
  return kept;
}

export const forget = async (key) => done((await store("keys", "readwrite")).delete(key));

/** A function that signs with a key of this browser. */
export function signer({ key: text, privateKey }) {
  const key = parseKey(text);
  return { key, sign: (message) => sign(key.algorithm, privateKey, message) };
}

/** Remembers an answer, and forgets the oldest of too many. */
export async function remember(answer) {
  const answers = await store("answers", "readwrite");
  await done(answers.add(answer));
  const count = await done(answers.count());
  if (count <= MOST_ANSWERS) return;
  const cursor = await done(answers.openKeyCursor());
  if (cursor) await done(answers.delete(cursor.primaryKey));
}

export const answers = async () => done((await store("answers", "readonly")).getAll());
