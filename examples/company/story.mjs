// A company: people sign in, consent and approve at browsers; two agents share the work on a ticket;
// a service in another language asks about each call. Usage: node story.mjs TAPER [--dir FOLDER]
import { openBrowser, Person } from './people.mjs';
import { freePorts, given, Stage } from './stage.mjs';
import { consent, enrolment, lay, signIn, startIssuer } from './steps.mjs';

const here = new URL('.', import.meta.url).pathname;
const { taper, folder } = given();
const stage = new Stage(taper, folder);
const [issuing, providing, deciding, serving, showing] = await freePorts(5);
const at = {
  ISSUER: `http://127.0.0.1:${issuing}`,
  PROVIDER: `http://127.0.0.1:${providing}/test`,
  TICKETS: `http://127.0.0.1:${serving}`,
};
const java = process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : 'java';
const AUDIT = '--audit sqlite:audit.db --audit-key audit.key';
const CLOSE = `${at.TICKETS}/projects/ACME/issues/12/close`;

function names(erin) {
  stage.write('who.json', `${JSON.stringify({
    format: 'taper/1 names',
    agents: {
      'agent:planner': [stage.read('planner.pub')],
      'agent:closer': [stage.read('closer.pub')],
    },
    ...(erin && {
      approvers: { 'user:erin@acme.com': [erin] },
      groups: { leads: ['user:erin@acme.com'] },
    }),
  }, null, 2)}\n`);
}

async function keys() {
  stage.say('1. Everybody has a key of their own, and the company its rules. The registrar signs who'
    + ' is who.');
  await stage.run('for who in root audit registrar planner closer; do ./taper keygen --out $who.key;'
    + ' done');
  lay(stage, `${here}files`, at);
  names();
  await stage.run('./taper names sign who.json --key registrar.key --number 1 --out names.json');
  await stage.run('./taper policy test .', { texts: ['6 cases of 1 policy, 0 failed'] });
}

async function servers() {
  stage.say('2. A TEST provider of sign-ins, which takes anybody\'s word for who they are; the issuer;'
    + '\n   a service of tickets on Node.js that knows nothing of tokens, with taper beside it.');
  const provider = stage.start(`env SERVER_HOSTNAME=127.0.0.1 SERVER_PORT=${providing} JSON_CONFIG='{"interactiveLogin":`
    + ` true}' ${java} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '${here}target/lib/*'`
    + ' no.nav.security.mock.oauth2.StandaloneMockOAuth2ServerKt');
  const issuer = startIssuer(stage, at.ISSUER);
  const decider = stage.start('./taper serve --role decide,asks --config tickets.yaml --listen'
    + ` 127.0.0.1:${deciding}`);
  const service = stage.start(`node ${here}service.mjs ${serving} 127.0.0.1:${deciding}`);
  await Promise.all([
    provider.answers(`${at.PROVIDER}/.well-known/openid-configuration`),
    issuer.answers(`${at.ISSUER}/.well-known/oauth-authorization-server`),
    decider.said(/127\.0\.0\.1/),
    service.said(/tickets at/),
  ]);
}

/** Whatever the test provider is told, it says. */
function tells(user, groups) {
  return async (page) => {
    await page.locator('[name=username]').fill(user);
    await page.locator('[name=claims]').fill(JSON.stringify({ groups }));
    await page.locator('[type=submit]').click();
  };
}

async function signIns(olga, alice) {
  stage.say('3. The planner\'s key becomes known at the issuer: Olga, an operator, compares it and says'
    + ' so.');
  await enrolment(stage, at.ISSUER, olga);
  stage.say('4. Alice signs in, and consents: the planner gets a token of its own for her sign-in and its'
    + ' proof.');
  const login = await signIn(stage,
    { issuer: at.ISSUER, provider: at.PROVIDER, out: 'planner.token' }, alice);
  await consent(stage, login, alice, 'agent:planner', 'T-4711', 'jira.close');
}

async function delegation() {
  stage.say('5. The planner hands one ticket on to the closer, for ten minutes, offline.');
  await stage.run('./taper delegate planner.token --key planner.key --holder agent:closer=closer.pub'
    + ' --grant \'jira.close close on jira:project/ACME/12\' --expires 10m --out closer.token --registry'
    + ` sqlite:registry.db ${AUDIT}`);
  await stage.run('./taper inspect closer.token --public-key root.pub',
    { texts: ['user:alice@acme.com', 'agent:planner', 'agent:closer'] });
}

async function approver(browser) {
  stage.say('6. Erin leads. At her own machine her browser makes the key by which she approves; the'
    + ' registrar lists it.');
  const console_ = stage.start('./taper console --config tickets.yaml --root-keys root.pub --names'
    + ' names.json --names-key registrar.pub --registry sqlite:registry.db --audit sqlite:audit.db'
    + ` --audit-public-key audit.pub --audit-key audit.key --listen 127.0.0.1:${showing}`);
  const erin = await Person.at(stage, browser, 'Erin');
  const key = await erin.makesKey(await console_.said(/(http:\S+#link=\S+)/));
  names(key);
  await stage.run('cat who.json');
  await stage.run('./taper names sign who.json --key registrar.key --number 2 --out names.json');
  return erin;
}

/** The agent proves a request and sends it, as it would in any language. */
async function send(method, url, { sent = '', approval, texts, look = '-s' }) {
  const beside = approval ? ' --approval yes.approval' : '';
  await stage.run(`./taper prove closer.token --key closer.key --audience svc:jira${beside} --http`
    + ` ${method} ${url}${sent && ` --content ${sent} --content-type application/json`} --out proof.txt`);
  const line = `curl ${look} -X ${method} -H "Authorization: Taper $(cat closer.token)" -H "Taper-Proof:`
    + ` $(cat proof.txt)"${approval ? ' -H "Taper-Approval: $(cat yes.approval)"' : ''}`
    + `${sent && ` -H 'Content-Type: application/json' --data-binary @${sent}`} ${url} | cut -c -160`;
  return { line, printed: await stage.run(line, { texts }) };
}

async function asks() {
  stage.say('7. The closer calls. The grant sleeps until a lead agrees, so it asks.');
  await send('POST', CLOSE, { texts: ['approval_required'] });
  stage.write('asked.json', JSON.stringify({
    method: 'POST', target: '/projects/ACME/issues/12/close', reason: 'a duplicate of ACME-11',
  }));
  const { printed } = await send('POST', `${at.TICKETS}/v1/asks`,
    { sent: 'asked.json', texts: ['"open"'], look: '-si' });
  return `${at.TICKETS}${/^location: *(\S+)/im.exec(printed)?.[1]}`;
}

async function allowed(ask) {
  stage.say('9. The closer fetches the answer, and calls again with it: allowed.');
  await stage.run(`curl -s -o answered.json ${ask}`);
  await stage.run('node -p \'JSON.parse(fs.readFileSync("answered.json")).approvals[0]\' >yes.approval');
  const { line } = await send('POST', CLOSE, { approval: true, texts: ['"closed":"ACME-12"'] });
  stage.say('   Refused: the same request again, a new one with an approval that is used up, another'
    + ' ticket, and\n   handing on what may go no further.');
  await stage.run(line, { texts: ['proof_replayed'] });
  await send('POST', CLOSE, { approval: true, texts: ['approval_used'] });
  await send('POST', CLOSE.replace('/12/', '/13/'), { texts: ['out_of_scope'] });
  await stage.run('./taper delegate closer.token --key closer.key --holder agent:planner=planner.pub'
    + ' --grant \'jira.* \' --strict --out wider.token', { exit: 2, texts: ['too_deep'] });
}

async function trail() {
  stage.say('10. What happened? One log, a signed chain, of issuer, service, console and agents.');
  await stage.run('./taper audit verify sqlite:audit.db --audit-public-key audit.pub',
    { texts: ['INTACT'] });
  await stage.run('./taper audit trace sqlite:audit.db --task T-4711 --audit-public-key audit.pub --names'
    + ' names.json --names-key registrar.pub', { texts: ['user:alice@acme.com', 'agent:planner',
    'agent:closer', 'approval_required', 'approve, by user:erin@acme.com, jira.close',
    'proof_replayed'] });
}

const opening = openBrowser();
opening.catch(() => undefined); // it is said where it is needed
try {
  await keys();
  await servers();
  const browser = await opening;
  await signIns(await Person.at(stage, browser, 'Olga', tells('olga', ['taper-operators'])),
    await Person.at(stage, browser, 'Alice', tells('alice', ['engineer'])));
  await delegation();
  const erin = await approver(browser);
  const ask = await asks();
  stage.say('8. At her console Erin sees what is asked, verified in her browser, and by whom.');
  await erin.approves('jira.close', 'agent:closer', 'agent:planner', 'user:alice@acme.com',
    'a duplicate of ACME-11');
  await allowed(ask);
  await trail();
} catch (error) {
  stage.expect(false, `no failure: ${error.stack}`);
} finally {
  await (await opening.catch(() => undefined))?.close();
  await stage.end();
}
stage.close();
