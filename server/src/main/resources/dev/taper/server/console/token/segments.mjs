// Segments of resources, paths and URLs (section 7): what could be read in more than one way is refused.
import { demand, refuse } from "./bytes.mjs";
import { isVisible } from "./text.mjs";
import * as bytes from "./bytes.mjs";

const LOOK_ALIKES = /[\u2044\u2215\u29F5\u29F8\u29F9]/;
const SEPARATORS = "./\\%:;?#@";
const ESCAPES = /(?:%[0-9A-F]{2})+/g;
const UNRESERVED = /[A-Za-z0-9.~_-]/;

/** Refuses a text that is against the rules; start is where its first segment starts. */
export function checkSegments(text, start, code) {
  demand(!text.includes("\\") && !text.includes("//", start), code);
  const decoded = decode(text, code);
  demand(decoded === text || isVisible(decoded), code);
  demand(!LOOK_ALIKES.test(decoded), code);
  const compatible = decoded.normalize("NFKC");
  for (const separator of SEPARATORS) demand(count(decoded, separator) === count(compatible, separator), code);
  demand(!decoded.split(/[/:;?#]/).some((piece) => /^[. ]+$/.test(piece)), code);
}

const count = (text, character) => text.split(character).length;

function decode(text, code) {
  demand(!/%(?![0-9A-F]{2})/.test(text), code);
  return text.replace(ESCAPES, (escapes) => {
    const octets = bytes.unhex(escapes.replaceAll("%", ""));
    for (const octet of octets.filter((each) => each < 0x80)) {
      const character = String.fromCharCode(octet);
      demand(octet >= 0x20 && octet !== 0x7f && !"/\\%".includes(character), code);
      demand(!UNRESERVED.test(character), code);
    }
    return utf8(octets, code);
  });
}

/** ASCII characters between escapes divide what cannot be UTF-8 then either, so a run is read at once. */
function utf8(octets, code) {
  try {
    return bytes.text(octets);
  } catch {
    return refuse(code);
  }
}
