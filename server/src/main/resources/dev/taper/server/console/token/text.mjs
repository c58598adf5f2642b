// Strings, visible text and labels (section 7).
import { utf8 } from "./bytes.mjs";

/** Normalization form C, no NUL, no half surrogates, at most 30 combining marks in a row. */
export const isString = (text) =>
  text.isWellFormed() && text.normalize("NFC") === text && !text.includes("\0") && !/\p{M}{31}/u.test(text);

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const LEFT_OUT = /[\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u3164\uFE00-\uFE0F\uFFA0\u{E0100}-\u{E01EF}]/u;

export const isVisible = (text) => isString(text) && !INVISIBLE.test(text) && !LEFT_OUT.test(text);

export const isLabel = (text, maxBytes) =>
  isVisible(text) && text !== "" && text.trim() === text && utf8(text).length <= maxBytes;

const NAME = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

/** Whether this is a tool or an operation. */
export const isName = (text) => NAME.test(text) && text.length <= 1024;
