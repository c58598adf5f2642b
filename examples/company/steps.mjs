// What both stories tell in the same way.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Copies files into the folder of the story, with what is otherwise each time: `@NAME@`. */
export function lay(stage, from, values, names = readdirSync(from)) {
  for (const name of names) {
    stage.write(name, readFileSync(join(from, name), 'utf8')
      .replace(/@([A-Z]+)@/g, (all, place) => values[place]));
  }
}

/** The issuer, once it is started. */
export function startIssuer(stage, issuer) {
  return stage.start('./taper serve --role issuer --issuer issuer.yaml --config issuing-service.yaml'
    + ` --sign-in sign-in.json --enrolments enrolments.json --listen ${new URL(issuer).host}`);
}

/** An operator compares the planner's key, and enrols it. */
export async function enrolment(stage, issuer, operator) {
  const enrol = stage.start(`./taper enrol agent:planner --issuer ${issuer} --key planner.key`);
  const key = await enrol.said(/^key +(\S+)/m);
  const code = await enrol.said(/^code +(\S+)/m);
  await operator.enrols(await enrol.said(/(http\S+\/confirm)/), code, key);
  stage.expect(await enrol.end() === 0, 'enrolled');
}

/** Somebody signs in for the planner. */
export async function signIn(stage, { issuer, provider, out }, person) {
  const login = stage.start(`./taper login --issuer ${issuer} --provider ${provider} --client-id`
    + ' taper-login --template tickets --task T-4711 --purpose \'tidy up after Q3\' --key planner.key'
    + ` --no-browser --out ${out}`);
  await person.signsIn(await login.said(/^Sign in at (\S+)/m));
  return login;
}

/** The person who signed in consents, and the planner has its token. */
export async function consent(stage, login, person, ...texts) {
  await person.consents(await login.said(/^Consent at (\S+)/m), ...texts);
  stage.expect(await login.end() === 0, 'a token');
}
