// URLs, and resources that are held to their rules (section 7).
import { demand } from "./bytes.mjs";
import { readHost } from "./host.mjs";
import { checkSegments } from "./segments.mjs";
import { isVisible } from "./text.mjs";

const WEB = ["http", "https", "ws", "wss", "ftp", "file"];
const PORTS = new Map(
  Object.entries({
    ...{ http: 80, ws: 80, https: 443, wss: 443, ftp: 21, ftps: 990 },
    ...{ sftp: 22, ssh: 22, ldap: 389, ldaps: 636 },
  }),
);
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;

const URL_CODE = "ambiguous_url";
const RESOURCE_CODE = "ambiguous_resource";

/** Whether a forgiving reader takes a string for a URL. */
export const looksLikeUrl = (text) => {
  try {
    return readUrlArgument(text) !== undefined;
  } catch {
    return true;
  }
};

/** The URL that a string argument is, undefined if it is none. */
export function readUrlArgument(text) {
  const forgiven = text.replace(/^[\u0000-\u0020\p{Zs}\p{Zl}\p{Zp}\u0085\u200B\uFEFF]+/u, "").replace(/[\t\n\r]/g, "");
  const scheme = SCHEME.exec(forgiven)?.[1];
  if (scheme === undefined) return undefined;
  const start = `${scheme}://`;
  if (!forgiven.startsWith(start)) {
    demand(!WEB.includes(scheme.toLowerCase()), URL_CODE);
    return undefined;
  }
  demand(text.startsWith(start), URL_CODE);
  return readUrl(text, scheme.toLowerCase(), URL_CODE);
}

export function readUrl(text, scheme, code) {
  demand(scheme.length <= 32 && isVisible(text) && !/[ \\]/.test(text), code);
  const [, authority, path] = /^[^:]*:\/\/([^/?#]*)([^?#]*)/.exec(text);
  demand(!authority.includes("@"), code);
  const [, hostText, portText] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority) ?? [];
  demand(hostText !== undefined, code);
  const host = readUrlHost(hostText, scheme, code);
  const port = portText === undefined ? (PORTS.get(scheme) ?? 0) : readPort(portText, code);
  demand(/^[\x00-\x7f]*$/.test(path), code);
  checkSegments(path, 0, code);
  return { scheme, host, port, path: path || "/", authority, defaultPort: PORTS.get(scheme) ?? 0 };
}

/** What a service declares to be a URL: without a scheme it starts with the host. */
export function readDeclaredUrl(text) {
  const url = readUrlArgument(text);
  if (url) return url;
  const hasScheme = SCHEME.test(text) && !/^[^:]*:[0-9]+([/?#]|$)/.test(text);
  demand(!hasScheme, URL_CODE);
  return { ...readUrl(`x://${text}`, "", URL_CODE), scheme: "" };
}

/** What a service declares to be a host. */
export const readDeclaredHost = (text) => ({ scheme: "", host: readHost(text, URL_CODE), port: 0, path: "/" });

function readUrlHost(text, scheme, code) {
  const isLocalFile = scheme === "file" && ["", "localhost"].includes(text.toLowerCase());
  return isLocalFile ? { text: "", isIpv6: false } : readHost(text, code);
}

function readPort(text, code) {
  demand(/^[1-9][0-9]{0,4}$/.test(text) && text <= 65535, code);
  return Number(text);
}

/** Refuses a label that is no resource in its one spelling. */
export function checkResource(text) {
  const scheme = SCHEME.exec(text)?.[1];
  const rest = scheme === undefined ? 0 : scheme.length + 1;
  const hasAuthority = scheme !== undefined && text.startsWith("//", rest);
  checkSegments(text, hasAuthority ? rest + 2 : rest, RESOURCE_CODE);
  if (scheme === undefined) return;
  demand(scheme === scheme.toLowerCase(), RESOURCE_CODE);
  demand(hasAuthority || !WEB.includes(scheme), RESOURCE_CODE);
  if (!hasAuthority || !(WEB.includes(scheme) || PORTS.has(scheme))) return;
  const { host, port, authority } = readUrl(text, scheme, RESOURCE_CODE);
  const spelling = port === (PORTS.get(scheme) ?? 0) ? host.text : `${host.text}:${port}`;
  demand(authority === spelling, RESOURCE_CODE);
}
