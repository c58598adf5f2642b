// A service of tickets that knows nothing of tokens: about each request it asks 'taper serve' beside
// it, and does what that says. Usage: node service.mjs PORT ADDRESS-OF-TAPER
import { createServer, request as dial } from 'node:http';

const [port, taper] = process.argv.slice(2);
const closed = new Set();
const MOST = 65_536; // bytes of content

function act({ tool, args }) {
  if (tool === 'jira.close') {
    closed.add(args.issue);
    return { closed: `${args.project}-${args.issue}` };
  }
  return { open: ['11', '12', '13'].filter((issue) => !closed.has(issue)) };
}

// All fields as they came: one that was there twice is a list of two.
function fields(raw) {
  const all = {};
  for (let i = 0; i < raw.length; i += 2) {
    (all[raw[i].toLowerCase()] ??= []).push(raw[i + 1]);
  }
  return all;
}

async function decide(question) {
  const answer = await fetch(`http://${taper}/v1/decide`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(question),
    signal: AbortSignal.timeout(5000),
  });
  return answer.ok ? answer.json() : undefined;
}

async function answer(incoming, outgoing) {
  const parts = [];
  let length = 0;
  for await (const part of incoming) {
    length += part.length;
    if (length > MOST) return outgoing.writeHead(413, { Connection: 'close' }).end();
    parts.push(part);
  }
  const content = Buffer.concat(parts);
  const said = await decide({ http: {
    method: incoming.method,
    scheme: 'http',
    target: incoming.url,
    fields: fields(incoming.rawHeaders),
    ...(content.length > 0 && { content: content.toString('base64url') }),
  } });
  if (said?.allowed === true) {
    const done = JSON.stringify(act(said.call));
    outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end(`${done}\n`);
  } else if (said?.allowed === false) {
    outgoing.writeHead(said.status, said.fields).end(`${JSON.stringify(said.refusal)}\n`);
  } else {
    outgoing.writeHead(503).end(); // no answer is a denial
  }
}

// What an agent asks and an approver answers goes to taper as it is.
function pass(incoming, outgoing) {
  const [hostname, behind] = taper.split(':');
  const { method, url: path, headers } = incoming;
  const onward = dial({ hostname, port: behind, method, path, headers }, (reply) => {
    outgoing.writeHead(reply.statusCode, reply.headers);
    reply.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

createServer((incoming, outgoing) => {
  if (/^\/(v1\/asks(\/|$)|\.well-known\/taper$)/.test(incoming.url)) {
    pass(incoming, outgoing);
  } else {
    answer(incoming, outgoing).catch(() => outgoing.headersSent || outgoing.writeHead(503).end());
  }
}).listen(port, '127.0.0.1', () => console.log(`tickets at http://127.0.0.1:${port}`));
