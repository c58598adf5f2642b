// Signs messages of MCP as docs/binding.md and docs/profile.md say, for the tests of the TypeScript SDK.
import { createHash, createPrivateKey, randomBytes, sign as signWith } from 'node:crypto';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
// The requests that need no token in them.
const OPEN = new Set(['initialize', 'server/discover', 'ping', 'logging/setLevel']);
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

// The fields of one protobuf message that have bytes, by number.
function fields(bytes) {
  const found = new Map();
  let at = 0;
  const varint = () => {
    let value = 0, shift = 1, byte;
    do {
      byte = bytes[at++];
      value += (byte & 0x7f) * shift;
      shift *= 128;
    } while (byte & 0x80);
    return value;
  };
  while (at < bytes.length) {
    const tag = varint();
    if ((tag & 7) === 0) {
      varint();
      continue;
    }
    const length = varint();
    const list = found.get(tag >> 3) ?? [];
    list.push(bytes.subarray(at, at + length));
    found.set(tag >> 3, list);
    at += length;
  }
  return found;
}

// RFC 8785, for the values that these tests send.
export function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (value && typeof value === 'object') {
    return `{${Object.keys(value).sort().map((n) => `${JSON.stringify(n)}:${canonical(value[n])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

// An agent's side of one service: a token, its holder's key, the audience.
export class Agent {
  constructor({ token, seed, audience }) {
    this.token = token;
    this.audience = audience;
    this.key = createPrivateKey({
      key: Buffer.concat([PKCS8, Buffer.from(seed, 'hex')]), format: 'der', type: 'pkcs8',
    });
    const envelope = fields(Buffer.from(token, 'base64url'));
    const blocks = [...envelope.get(2), ...(envelope.get(3) ?? [])];
    this.last = fields(blocks.at(-1)).get(3)[0];
  }

  // The members of _meta for one call.
  forCall(method, params, approvals = []) {
    const digests = approvals.map((text) => sha256(Buffer.from(text, 'base64url')))
      .sort(Buffer.compare);
    const parts = [this.last, this.audience, Buffer.concat(digests), method, canonical(params)];
    const meta = { 'dev.taper/token': this.token, 'dev.taper/proof': this.#proof('PROOF', 3, parts) };
    return approvals.length ? { ...meta, 'dev.taper/approvals': approvals } : meta;
  }

  // The members of _meta for one list.
  forList() {
    const parts = [this.last, this.audience, ''];
    return { 'dev.taper/token': this.token, 'dev.taper/proof': this.#proof('OFFER', 4, parts) };
  }

  // A fetch for streamable HTTP that signs what goes on with a session and says not itself who sends it.
  fetch = async (url, init = {}) => {
    const headers = new Headers(init.headers);
    const method = init.method ?? 'GET';
    const body = init.body ?? '';
    const said = method === 'POST' ? JSON.parse(body) : {};
    const isAsked = said.method !== undefined && said.id !== undefined && !OPEN.has(said.method);
    if (headers.has('mcp-session-id') && !isAsked) {
      const { protocol, host, pathname, search } = new URL(url);
      const covered = ['last-event-id', 'mcp-session-id'].filter((name) => headers.has(name));
      const named = Object.fromEntries(covered.map((name) => [name, headers.get(name)]));
      const parts = [this.last, this.audience, '', method, protocol.slice(0, -1), host, pathname + search,
        headers.get('content-type') ?? '', '', covered.length ? canonical(named) : '', body];
      headers.set('Taper-Token', this.token);
      headers.set('Taper-Proof', this.#proof('PROOF', 2, parts));
    }
    return fetch(url, { ...init, headers });
  };

  #proof(tag, form, parts) {
    const digests = parts.map((part) => sha256(part));
    const head = Buffer.alloc(11);
    head[0] = 2;
    head[1] = form;
    head[2] = 0; // Ed25519
    head.writeBigUInt64BE(BigInt(Date.now()), 3);
    const nonce = randomBytes(16);
    const signed = Buffer.concat([Buffer.from(`\0TAPER\0${tag}\0`), head, nonce, ...digests]);
    const hints = digests.map((digest) => digest.subarray(0, 4));
    return Buffer.concat([head, nonce, ...hints, signWith(null, signed, this.key)]).toString('base64url');
  }
}
