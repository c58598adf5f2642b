// Measures proofs by a keeper; see run.
import http from 'node:http';

const socketPath = process.env.TAPER_KEEPER;
const body = Buffer.from(
  JSON.stringify({
    token: 'planner',
    http: {
      method: 'POST',
      url: 'https://jira.example.com/tickets/12/notes?notify=1',
      content_type: 'application/json',
      content: Buffer.alloc(1024, 'x').toString('base64url'),
    },
  }),
);

function prove(agent) {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
    const options = { socketPath, agent, method: 'POST', path: '/v1/prove', headers };
    const begin = process.hrtime.bigint();
    const request = http.request(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => (text += part));
      answer.on('end', () => {
        if (answer.statusCode !== 200) reject(new Error(text));
        else resolve(Number(process.hrtime.bigint() - begin) / 1e6);
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function measure(name, agent) {
  for (let i = 0; i < 3000; i++) await prove(agent);
  const times = [];
  for (let i = 0; i < 2000; i++) times.push(await prove(agent));
  times.sort((a, b) => a - b);
  for (const [quantile, at] of [['median', 0.5], ['p99', 0.99]]) {
    const time = times[Math.floor(times.length * at)];
    console.log(`${name}-${quantile} ${time.toFixed(3)} ms 2 ${time <= 2 ? 'holds' : 'misses'}`);
  }
}

const kept = new http.Agent({ keepAlive: true, maxSockets: 1 });
await measure('keeper-proof-kept', kept);
kept.destroy();
await measure('keeper-proof-new', false);
