// Taper for agents in Node.js, through the keeper of the user that runs them: docs/keeper.md.
// One file without dependencies, for Node.js 18 and later. It has no key, and needs none.
import http from 'node:http';
import { homedir } from 'node:os';
import path from 'node:path';

const MAX_ANSWER = 1 << 20;

/** What the keeper, or what stands in its place, refuses: `code` is what a program decides by. */
export class KeeperError extends Error {
  constructor(status, code, detail) {
    super(`${code}: ${detail}`);
    this.name = 'KeeperError';
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

/** Where the keeper listens, unless the agent's configuration says so itself. */
export function keeperSocket(environment = process.env) {
  if (environment.TAPER_KEEPER) return environment.TAPER_KEEPER;
  return environment.XDG_RUNTIME_DIR
    ? path.join(environment.XDG_RUNTIME_DIR, 'taper', 'keeper.sock')
    : path.join(homedir(), '.taper', 'keeper.sock');
}

/** Talks to a keeper. A token is named by the keeper's name of it, or given as it is. */
export class Keeper {
  constructor({ socket = keeperSocket(), timeout = 130_000 } = {}) {
    this.socket = socket;
    this.timeout = timeout;
  }

  status() {
    return this.send('GET', '/v1/status');
  }

  async keys() {
    return (await this.send('GET', '/v1/keys')).keys;
  }

  async tokens() {
    return (await this.send('GET', '/v1/tokens')).tokens;
  }

  token(name) {
    return this.send('GET', `/v1/tokens/${encodeURIComponent(name)}`);
  }

  /** The agents that a token can be handed on to by name, each with its keys. */
  async names() {
    return (await this.send('GET', '/v1/names')).agents;
  }

  /** Has the keeper make a key; what comes back has its public half as `key`. */
  newKey(name, { algorithm, in: place, confirm, lifetime } = {}) {
    return this.send('POST', '/v1/keys', { name, algorithm, in: place, confirm, lifetime });
  }

  /** Has the keeper keep a token whose holder's key it has. */
  addToken(name, token, { audiences, lifetime, replace, renew } = {}) {
    return this.send('POST', '/v1/tokens', { name, token, audiences, lifetime, replace, renew });
  }

  /**
   * Proves one HTTP request, and gives the header fields to send with it, once and at once.
   * `fields` are the header fields that the service's catalog declares; `audience` is needed unless
   * the keeper keeps the token for one service alone.
   */
  async headers(token, request, { audience, approvals, ownField } = {}) {
    const proved = await this.send('POST', '/v1/prove', {
      token,
      audience,
      http: sentHttp(request),
      approvals,
      own_field: ownField,
    });
    return proved.headers;
  }

  /**
   * Proves one HTTP request and sends it. It follows no redirect: what is proved for one origin
   * goes to no other.
   */
  async fetch(token, url, { method = 'GET', headers = {}, body, fields = [], ...options } = {}) {
    const target = new URL(url);
    target.hash = '';
    const content = bytes(body);
    const sent = new Headers(headers);
    requireOneSpelling([...sent.keys()], fields);
    const covered = {};
    for (const name of fields) {
      if (sent.has(name)) covered[name] = sent.get(name);
    }
    const ours = await this.headers(
      token,
      {
        method,
        url: target.href,
        contentType: sent.get('content-type') ?? undefined,
        contentEncoding: sent.get('content-encoding') ?? undefined,
        content,
        fields: covered,
      },
      options,
    );
    for (const [name, value] of Object.entries(ours)) sent.set(name, value);
    return fetch(target, { method, headers: sent, body: content, redirect: 'manual' });
  }

  /**
   * Proves one message of the Model Context Protocol, and gives the `params` to send in place of
   * these, once and at once.
   */
  async mcp(token, method, params = {}, { audience, approvals } = {}) {
    const proved = await this.send('POST', '/v1/prove', {
      token,
      audience,
      mcp: { method, params },
      approvals,
    });
    return proved.params;
  }

  /** Proves a call of a tool that goes over another wire: `{token, proof, approvals}`. */
  tool(token, name, args = {}, { audience, approvals } = {}) {
    return this.send('POST', '/v1/prove', {
      token,
      audience,
      tool: { name, arguments: args },
      approvals,
    });
  }

  /**
   * Hands a token on: to a name of the keeper's file of names, or to `{name, key}`. `terms` say
   * what is left: `grants`, `budgets`, `expires_in` in seconds, `audiences`, `max_depth`.
   */
  delegate(token, to, terms = {}) {
    return this.send('POST', '/v1/delegate', { token, to, ...terms });
  }

  /**
   * Asks the service for the approval of an HTTP request that it refused with `approval_required`.
   * What comes back has a `state`: `answered` with `approvals` for the next try, `refused`, `open`
   * with an `ask` to wait for, `ended`, or `not_taken` with a `reason`.
   */
  ask(token, request, reason, { audience, wait } = {}) {
    const content = bytes(request.body);
    const http = sentHttp({ ...request, content });
    return this.send('POST', '/v1/ask', { token, audience, http, reason, wait });
  }

  /** Waits, some seconds at most, for the answer to an ask that is open. */
  awaitAsk(ask, { wait = 30 } = {}) {
    return this.send('POST', '/v1/ask/await', { ask, wait });
  }

  /**
   * Makes a request for the approval of a call, which the agent's user gives to an approver:
   * `tool` has `name`, `operation`, `resource` and `arguments`.
   */
  async requestApproval(token, tool, reason, { audience } = {}) {
    return (await this.send('POST', '/v1/ask', { token, audience, tool, reason })).request;
  }

  /** Has the keeper get a later end for a token from its issuer. */
  renew(token) {
    return this.send('POST', '/v1/renew', { token });
  }

  /** Sends one request of docs/keeper.md, and gives the members of the answer. */
  send(method, target, content) {
    return new Promise((resolve, reject) => {
      const body = content === undefined ? undefined : Buffer.from(JSON.stringify(content));
      const headers = body
        ? { 'Content-Type': 'application/json', 'Content-Length': body.length }
        : {};
      const request = http.request(
        { socketPath: this.socket, method, path: target, headers, timeout: this.timeout },
        (answer) => {
          const parts = [];
          let length = 0;
          answer.on('data', (part) => {
            length += part.length;
            if (length > MAX_ANSWER) answer.destroy(new Error('the answer does not end'));
            parts.push(part);
          });
          answer.on('error', (problem) => reject(none(this.socket, problem)));
          answer.on('end', () => {
            try {
              resolve(taken(answer.statusCode, Buffer.concat(parts)));
            } catch (problem) {
              reject(problem);
            }
          });
        },
      );
      request.on('timeout', () => request.destroy(new Error('the keeper takes too long')));
      request.on('error', (problem) => reject(none(this.socket, problem)));
      request.end(body);
    });
  }
}

/** Refuses what servers could take for another field: to many, `_` and `-` are one. */
function requireOneSpelling(names, fields) {
  const fold = (name) => name.toLowerCase().replaceAll('_', '-');
  const taken = new Map(['taper-token', 'taper-proof', 'taper-approval'].map((name) => [name, '']));
  for (const name of fields) taken.set(fold(name), name.toLowerCase());
  const seen = new Set();
  for (const name of names) {
    const folded = fold(name);
    if (seen.has(folded) || (taken.get(folded) ?? name) !== name) {
      throw new TypeError(`the field ${name} is given in two spellings, or is the keeper's`);
    }
    seen.add(folded);
  }
}

function none(socket, problem) {
  const detail = `there is no keeper at ${socket}: ${problem.message}; start one with taper keeper`;
  return new KeeperError(0, 'no_keeper', detail);
}

function taken(status, content) {
  let json;
  try {
    json = JSON.parse(content.toString('utf8'));
  } catch {
    throw new KeeperError(status, 'malformed_answer', 'what answers there is no keeper');
  }
  if (status >= 200 && status < 300) return json;
  throw new KeeperError(status, String(json?.code), String(json?.detail));
}

function bytes(body) {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (body instanceof Uint8Array) return body;
  throw new TypeError('a body is a string or bytes: it is proved as it is sent');
}

function sentHttp({ method = 'GET', url, contentType, contentEncoding, content, fields }) {
  return {
    method,
    url: String(url),
    content_type: contentType,
    content_encoding: contentEncoding,
    content: content?.length ? Buffer.from(content).toString('base64url') : undefined,
    fields: fields && Object.keys(fields).length ? fields : undefined,
  };
}
