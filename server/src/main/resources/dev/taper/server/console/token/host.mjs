// Hosts: their one spelling (section 7) and their class (section 8).
import { demand, refuse } from "./bytes.mjs";

/** A host as it is compared. */
export function readHost(text, code) {
  if (text.startsWith("[")) return { text: ipv6Text(readIpv6(text, code)), isIpv6: true };
  const labels = text.split(".");
  const isLabel = (label) => /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(label) && label.length <= 63;
  demand(text.length <= 253 && labels.every(isLabel), code);
  if (/^([0-9]+|0[xX][0-9a-fA-F]*)$/.test(labels.at(-1))) readIpv4(text, code);
  return { text: text.toLowerCase(), isIpv6: false };
}

function readIpv4(text, code) {
  const octets = text.split(".");
  demand(octets.length === 4 && octets.every((octet) => /^(0|[1-9][0-9]{0,2})$/.test(octet) && octet <= 255), code);
  return octets.reduce((number, octet) => number * 256 + Number(octet), 0);
}

/** The eight groups of an address in brackets. */
function readIpv6(text, code) {
  demand(text.endsWith("]"), code);
  const halves = text.slice(1, -1).split("::");
  demand(halves.length <= 2, code);
  const [head, tail] = halves.map((half, i) => readGroups(half, i === halves.length - 1, code));
  if (tail === undefined) return head.length === 8 ? head : refuse(code);
  const zeros = 8 - head.length - tail.length;
  demand(zeros >= 1, code);
  return [...head, ...Array(zeros).fill(0), ...tail];
}

function readGroups(text, isLast, code) {
  if (text === "") return [];
  return text.split(":").flatMap((group, i, all) => {
    if (group.includes(".") && isLast && i === all.length - 1) {
      const number = readIpv4(group, code);
      return [number >>> 16, number & 0xffff];
    }
    demand(/^[0-9a-fA-F]{1,4}$/.test(group), code);
    return [parseInt(group, 16)];
  });
}

/** RFC 5952: `::` for the first longest run of two zeros or more. */
function ipv6Text(groups) {
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = (part) => part.map((group) => group.toString(16)).join(":");
  if (best.length < 2) return `[${hex(groups)}]`;
  return `[${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}]`;
}

const IPV4_CLASSES = {
  private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
  loopback: ["127.0.0.0/8"],
  "link-local": ["169.254.0.0/16"],
  reserved: [
    ...["0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"],
    ...["192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"],
  ],
};
const NAMES_BELOW = {
  private: ["local", "internal", "home.arpa", "lan", "corp", "home", "intranet", "localdomain", "private"],
  loopback: ["localhost"],
  reserved: ["test", "invalid", "example", "onion", "alt", "arpa"],
};

/** The class of a host that was read. */
export function hostClass({ text, isIpv6 }) {
  if (isIpv6) return ipv6Class(readIpv6(text));
  if (/^[0-9.]+$/.test(text)) return ipv4Class(readIpv4(text));
  const below = (name) => text.endsWith(`.${name}`);
  if (NAMES_BELOW.private.some(below)) return "private";
  if (text === "" || text === "localhost" || below("localhost")) return "loopback";
  if (!text.includes(".") || NAMES_BELOW.reserved.some(below)) return "reserved";
  return "public";
}

/** The bits of an address that was read, undefined for a name. */
export function hostBits({ text, isIpv6 }) {
  const digits = (numbers, length) => numbers.map((number) => number.toString(2).padStart(length, "0")).join("");
  if (!isIpv6) return /^[0-9.]+$/.test(text) ? `4:${digits([readIpv4(text)], 32)}` : undefined;
  const groups = readIpv6(text);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? `4:${digits(groups.slice(6), 16)}` : `6:${digits(groups, 16)}`;
}

function ipv4Class(address) {
  const isIn = (range) => {
    const [start, bits] = range.split("/");
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) === Math.floor(readIpv4(start) / size);
  };
  const [name] = Object.entries(IPV4_CLASSES).find(([, ranges]) => ranges.some(isIn)) ?? ["public"];
  return name;
}

function ipv6Class(groups) {
  const starts = (...prefix) => prefix.every((group, i) => groups[i] === group);
  const masked = (mask, value) => (groups[0] & mask) === value;
  const embedded = (high, low) => {
    const inner = ipv4Class(high * 65536 + low);
    return inner === "public" ? "reserved" : inner;
  };
  const last = () => embedded(groups[6], groups[7]);

  if (starts(0, 0, 0, 0, 0, 0, 0, 0)) return "reserved";
  if (starts(0, 0, 0, 0, 0, 0, 0, 1)) return "loopback";
  if (starts(0, 0, 0, 0, 0, 0) || starts(0, 0, 0, 0, 0, 0xffff) || starts(0, 0, 0, 0, 0xffff, 0)) return last();
  if (starts(0x64, 0xff9b, 0, 0, 0, 0)) return last();
  if (masked(0xfe00, 0xfc00) || masked(0xffc0, 0xfec0)) return "private";
  if (masked(0xffc0, 0xfe80)) return "link-local";
  if (!masked(0xe000, 0x2000)) return "reserved";
  if (starts(0x2002)) return embedded(groups[1], groups[2]);
  if (starts(0x2001, 0)) return embedded(groups[6] ^ 0xffff, groups[7] ^ 0xffff);
  if (starts(0x2001) && groups[1] < 0x200) return "reserved";
  if (starts(0x2001, 0xdb8) || (starts(0x3fff) && groups[1] < 0x1000)) return "reserved";
  if (starts(0x2620, 0x4f, 0x8000)) return "reserved";
  if ((groups[4] === 0 || groups[4] === 0x200) && groups[5] === 0x5efe) return last();
  return "public";
}
