// What is asked of an approver, from signed bytes alone: who asks, on whose behalf, exactly what, and what a yes would do.
import { readApprovalRequest } from "./approval.mjs";
import { hex, Refusal, sha256 } from "./bytes.mjs";
import { readToken } from "./chain.mjs";
import { parse } from "./json.mjs";
import { keyText, parseKey } from "./keys.mjs";
import { readDelegation } from "./profile.mjs";
import { requestOf } from "./request.mjs";
import { readElements } from "./shape.mjs";
import { shown } from "./shown.mjs";
import { shownCall } from "./showncall.mjs";
import { verifyChain } from "./verify.mjs";
import { readWords } from "./words.mjs";
import { VERIFIER, World } from "./world.mjs";

const MOST_BLOCKS = 62;

/** Predicates about which a page cannot tell what a service will state, because only its catalog says how a value is read. */
const BY_CATALOG = ["arg_url", "arg_host_class", "arg_ip", "arg_each_host", "arg_path"];

/**
 * Reads a request for approval and verifies its token. trusted are root keys, texts by name; names are agents, lists of
 * texts by name; services say by the digest of their catalog what arguments are to a person. Gives flaws, each a reason why this must not be approved here, and all else only as far as it can be read.
 */
export async function readAsk(text, { trusted, names, services = [] }, now) {
  try {
    const request = readApprovalRequest(text, MOST_BLOCKS);
    const delegation = readDelegation(await verified(request.token, Object.values(trusted)));
    return { text, ...describe(request, delegation, { trusted, names, services, text }, now) };
  } catch (error) {
    // Whatever is wrong, nothing of it is shown as if it was verified.
    const code = error instanceof Refusal ? error.code : "unreadable";
    return { text, flaws: [{ code, words: "what was sent is no ask that can be verified" }] };
  }
}

async function verified(bytes, trusted) {
  const token = readToken(bytes, MOST_BLOCKS);
  token.root = await verifyChain(token, trusted.map(parseKey));
  return token;
}

function describe(request, delegation, { trusted, names, services, text }, now) {
  const { token } = delegation;
  const hops = delegation.blocks.map((block) => readHop(block, names));
  const holderBlock = delegation.blocks.findLast(({ handedOn }) => handedOn);
  const call = readCall(request, services, text);
  const { delegator, task } = delegation;
  const purpose = purposeOf(delegation);
  const root = keyText(token.root);
  const asked = {
    ...{ hops, call, delegator, task, purpose, depth: delegation.depth },
    root: { key: root, name: Object.keys(trusted).find((name) => trusted[name] === root) },
    holder: hops[holderBlock.index],
    state: hex(sha256(holderBlock.signature)),
    reason: request.reason,
    catalog: request.catalog,
    audience: request.audience,
    until: earliest(hops),
  };
  return { ...asked, effect: readEffect(request, delegation, hops), ...judge(asked, now) };
}

const purposeOf = ({ blocks: [{ datalog }] }) => datalog.facts.find(({ name }) => name === "purpose")?.terms[0].value;

function readHop(block, names) {
  const { index, mode, grantor, holder, nextKey, handedOn } = block;
  const key = keyText(nextKey);
  return { index, mode, grantor, holder, handedOn, key, standing: standingOf(holder, key, names), ...readWords(block) };
}

/** Whether a name is known, with this key or another one. */
function standingOf(holder, key, names) {
  if (!Object.hasOwn(names, holder)) return "unknown";
  return names[holder].includes(key) ? "known" : "another";
}

const earliest = (hops) =>
  hops
    .flatMap(({ conditions }) => conditions.map(({ until }) => until))
    .filter((until) => until !== undefined)
    .reduce((least, until) => (least === undefined || until < least ? until : least), undefined);

/** Every part of the call in the order of what it touches, and whether all of it can be seen. */
function readCall({ call, audience, catalog }, services, text) {
  const args = parse(text, "", 17).get("call").get("args") ?? new Map();
  const { tool, operation, resource } = call;
  const said = { tool, operation, resource, digest: hex(call.digest) };
  const tools = services.find((each) => each.audience === audience && each.catalog === catalog)?.tools ?? {};
  const roles = Object.hasOwn(tools, tool) ? tools[tool] : {};
  const whole = shownCall(said, args, roles, Infinity);
  const { columns: width, whole: isWhole } = shownCall(said, args, roles);
  const cut = shownCall(said, args, roles, 0);
  return { ...said, audience, canonical: call.canonical, width, isWhole, whole: whole.arguments, arguments: cut.arguments, omitted: cut.omitted };
}

/**
 * What each block's grants say of the call: "open" if one covers it and waits for nothing, "waits" with what for,
 * "closed" if none covers it, "unsure" if only the service can tell.
 */
function readEffect({ call }, delegation, hops) {
  const world = new World([]);
  const facts = factsOf(call);
  for (const fact of facts) world.state(fact, VERIFIER);
  return hops
    .filter(({ grants }) => grants.length > 0)
    .map(({ index, grants }) => ({ index, ...effectOf(grants.flat(), world) }));
}

/** The facts about a call without knowing its catalog. */
function factsOf(call) {
  const json = parse(call.canonical, "", 17);
  try {
    return requestOf(json).facts;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return call.facts;
  }
}

function effectOf(grants, world) {
  const covering = grants.map((grant) => ({ grant, covers: coversOf(grant, world) }));
  const sure = covering.filter(({ covers }) => covers === true);
  if (sure.some(({ grant }) => grant.requirements.length === 0)) return { effect: "open" };
  const needs = sure.map(({ grant }) => needsOf(grant));
  if (needs.length > 0) return { effect: "waits", needs };
  return { effect: covering.some(({ covers }) => covers === undefined) ? "unsure" : "closed" };
}

/** Undefined if only the service can tell. */
function coversOf({ covers }, world) {
  const isBy = ({ name }) => BY_CATALOG.includes(name);
  const known = { ...covers, ...partsOf(covers, (predicate, expressions) => !isBy(predicate) && !expressions.some(isPattern)) };
  if (!world.matches(known, VERIFIER)) return false;
  return known.body.length === covers.body.length ? true : undefined;
}

/** A pattern from a token is run by nobody here: some never end. */
const isPattern = (node) =>
  node.operator === ".matches" || [node.left, node.right, node.operand, node.body].some((each) => each && isPattern(each));

function partsOf(query, keeps) {
  if (query.body.length === 0) return query;
  const kept = readElements(query).filter(({ predicate, expressions }) => keeps(predicate, expressions));
  return { body: kept.map(({ predicate }) => predicate), expressions: kept.flatMap(({ expressions }) => expressions) };
}

const needsOf = ({ requirements, words }) => ({
  words: words.filter((each) => each.startsWith("once ")),
  groups: requirements.filter(({ kind }) => kind === "approved_by").map(({ group }) => group),
  keys: requirements
    .filter(({ kind }) => kind === "approvers")
    .flatMap(({ expressions: [count] }) => count.left.operand.left.term.value.map(({ value }) => value)),
  isJustified: requirements.every(({ kind }) => kind !== "justified_for"),
});

/** What forbids a yes. */
function judge({ hops, catalog, audience, task, depth, until }, now) {
  const flaws = [];
  const flaw = (code, words) => flaws.push({ code, words });
  for (const { index, unknown } of hops) {
    for (const each of unknown) flaw("unknown_content", `block ${index} has something that this page does not know: ${shown(each, 400)}`);
  }
  for (const { index, holder, standing } of hops) {
    if (standing === "another") flaw("other_key", `block ${index} gives another key to the known name ${shown(holder, 400)}`);
  }
  if (catalog === undefined) flaw("no_catalog", "no service made this ask: it names no catalog, so what the call means is its agent's word");
  const conditions = hops.flatMap((hop) => hop.conditions.map((each) => ({ ...each, index: hop.index })));
  if (until !== undefined && until <= BigInt(Math.floor(now / 1000))) flaw("expired", "the token has ended");
  for (const each of conditions) {
    if (each.audiences && !each.audiences.includes(audience)) flaw("wrong_audience", `block ${each.index} is ${each.words}`);
    if (each.task !== undefined && each.task !== task) flaw("wrong_task", `block ${each.index} is ${each.words}`);
    if (each.depth !== undefined && BigInt(depth) > each.depth) flaw("too_deep", `block ${each.index} may be ${each.words}`);
  }
  return { flaws };
}

