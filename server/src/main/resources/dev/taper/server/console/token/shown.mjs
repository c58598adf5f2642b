// Text of unknown origin, made safe to see: by the rules of the engine's ShownText, with the same results.
import { hex, sha256, utf8 } from "./bytes.mjs";

const MAX_MARKS = 2;
const DIGEST_DIGITS = 32;
const CATEGORIES = /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]$/u;
const MARK = /^\p{M}$/u;
const SPACE = /^\p{Zs}$/u;
const IGNORABLE = [0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180f, 0x2065, 0x2800, 0x3164, 0xffa0];
const IGNORABLE_RANGES = [
  [0x180b, 0x180d],
  [0xfe00, 0xfe0f],
  [0xfff0, 0xfff8],
  [0xe0000, 0xe0fff],
];
const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const escape = (character) => SHORT[character] ?? `\\u{${character.codePointAt(0).toString(16)}}`;

/** Whether a character cannot be seen where it stands. A space can. */
export function isHidden(character) {
  const point = character.codePointAt(0);
  if (point >= 0x20 && point < 0x7f) return false;
  return CATEGORIES.test(character) || IGNORABLE.includes(point) || IGNORABLE_RANGES.some(([from, to]) => point >= from && point <= to);
}

const width = (character) => (character.codePointAt(0) < 0x7f ? 1 : 2);

/** How many columns shown text has: two for a character beyond ASCII. */
export const columns = (shown) => [...shown].reduce((sum, character) => sum + width(character), 0);

/** The text, safe to show on one line; of one that is wider than so many columns, the beginning and a note about the rest. */
export function shown(text, most = Infinity) {
  const pieces = [];
  let [taken, marks, isBehindSpace] = [0, 0, true]; // a leading space is not seen either
  for (const character of text) {
    marks = MARK.test(character) ? marks + 1 : 0;
    const isPlain =
      !isHidden(character) && (character === " " ? !isBehindSpace : !SPACE.test(character)) && marks <= MAX_MARKS;
    const piece = isPlain ? character : escape(character);
    taken += isPlain ? width(character) : piece.length;
    if (taken > most) return pieces.join("") + note(text);
    pieces.push(piece);
    isBehindSpace = character === " ";
  }
  return pieces.join("");
}

function note(text) {
  const bytes = utf8(text.replace(/\p{Cs}/gu, "?")); // half surrogates, as the engine has them
  return `… (${[...text].length} characters, SHA-256 ${hex(sha256(bytes)).slice(0, DIGEST_DIGITS)})`;
}
