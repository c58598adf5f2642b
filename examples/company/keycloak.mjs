// People sign in at Keycloak, and an agent calls through the guard before a server of MCP. Usage: node
// keycloak.mjs TAPER [--dir FOLDER]
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, Person } from './people.mjs';
import { freePorts, given, Stage } from './stage.mjs';
import { consent, enrolment, lay, signIn, startIssuer } from './steps.mjs';

const here = new URL('.', import.meta.url).pathname;
const { taper, folder } = given();
const stage = new Stage(taper, folder);
const [issuing, providing, guarding] = await freePorts(3);
const values = {
  ISSUER: `http://127.0.0.1:${issuing}`,
  PROVIDER: `http://127.0.0.1:${providing}/realms/acme`,
  PASSWORD: randomBytes(12).toString('base64url'),
  SECRET: randomBytes(24).toString('base64url'),
};
const at = { issuer: values.ISSUER, provider: values.PROVIDER };
const SERVER = `node ${here}keycloak/server.mjs`;

async function files() {
  stage.say('1. Keys, and the company\'s rules. What the tools of a server of MCP mean is drafted, and'
    + ' pinned.');
  lay(stage, `${here}files`, values, ['issuing.datalog', 'issuing.cases.yaml', 'issuing-service.yaml']);
  lay(stage, `${here}keycloak`, values,
    ['issuer.yaml', 'sign-in.json', 'tickets.yaml', 'calls.jsonl']);
  stage.write('client.secret', `${values.SECRET}\n`);
  await stage.run('for who in root audit planner; do ./taper keygen --out $who.key; done');
  await stage.run(`./taper mcp catalog --audience svc:jira --out catalog.json -- ${SERVER}`);
}

/** Keycloak keeps what it makes in the folder of the story, and people in memory. */
function keycloak() {
  stage.say('2. Keycloak, with a realm of three people; the issuer; the guard before the server of MCP.');
  mkdirSync(join(stage.folder, 'keycloak'));
  lay(stage, `${here}keycloak`, values, ['realm.json']);
  return stage.start(`${here}keycloak/start ${here}target/keycloak keycloak realm.json ${providing}`);
}

async function servers() {
  const provider = keycloak();
  const issuer = startIssuer(stage, at.issuer);
  const guard = stage.start('./taper mcp guard --config tickets.yaml --listen'
    + ` 127.0.0.1:${guarding} -- ${SERVER}`);
  await Promise.all([
    provider.answers(`${at.provider}/.well-known/openid-configuration`),
    issuer.answers(`${at.issuer}/.well-known/oauth-authorization-server`),
    guard.said(/127\.0\.0\.1/),
  ]);
}

function tells(user) {
  return async (page) => {
    await page.locator('#username').fill(user);
    await page.locator('#password').fill(values.PASSWORD);
    await page.locator('#kc-login').click();
  };
}

async function calls() {
  stage.say('6. The planner calls through the guard: what Alice let it do, and what nobody did.');
  await stage.run(`node ${here}keycloak/agent.mjs calls.jsonl ./taper mcp connect --key planner.key --token`
    + ` planner.token --audience svc:jira http://127.0.0.1:${guarding}/mcp`,
  { texts: ['open: ACME-11', 'search_issues was refused', 'out_of_scope'] });
}

async function trail() {
  stage.say('7. The log has all of it.');
  await stage.run('./taper audit verify sqlite:audit.db --audit-public-key audit.pub',
    { texts: ['INTACT'] });
  await stage.run('./taper audit trace sqlite:audit.db --task T-4711 --audit-public-key audit.pub',
    { texts: ['user:alice@acme.com', 'agent:planner', '✓ search_issues', 'out_of_scope'] });
}

const opening = openBrowser();
opening.catch(() => undefined); // it is said where it is needed
try {
  await files();
  await servers();
  const browser = await opening;
  const person = (name) => Person.at(stage, browser, name, tells(name.toLowerCase()));
  stage.say('3. Olga, an operator by her role in the realm, enrols the planner\'s key.');
  await enrolment(stage, at.issuer, await person('Olga'));
  stage.say('4. Bob signs in. In his role nobody lets an agent do anything, so nobody asks him.');
  const refused = await signIn(stage, { ...at, out: 'bob.token' }, await person('Bob'));
  stage.expect(await refused.end() !== 0 && refused.printed.includes('not_granted'), 'not_granted');
  stage.say('5. Alice signs in, and consents: the planner gets a token.');
  const alice = await person('Alice');
  const login = await signIn(stage, { ...at, out: 'planner.token' }, alice);
  await consent(stage, login, alice, 'agent:planner', 'T-4711', 'user:alice@acme.com');
  await calls();
  await trail();
} catch (error) {
  stage.expect(false, `no failure: ${error.stack}`);
} finally {
  await (await opening.catch(() => undefined))?.close();
  await stage.end();
}
stage.close();
