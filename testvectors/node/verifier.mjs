// A verifier and its decisions (section 11).
import { Budgets } from "./token/budget.mjs";
import { concat, demand, hex, Refusal, refuse, sha256, unhex } from "./token/bytes.mjs";
import { readCatalog, readMeant } from "./catalog.mjs";
import { readToken, verifyApproval, verifyFirst, verifyRest } from "./chain.mjs";
import { misfit, readApprovals as readBeside } from "./token/beside.mjs";
import { approversOf, claimName, Escalation, keysOf, Names } from "./escalation.mjs";
import { EvaluationError } from "./token/evaluate.mjs";
import { keyText, parseKey, revocationKey } from "./keys.mjs";
import { isForbidden } from "./opaque.mjs";
import { parsePolicies } from "./policies.mjs";
import { readDelegation } from "./token/profile.mjs";
import { offerOf } from "./offer.mjs";
import { hasEnded, readProof, verifyProof } from "./proof.mjs";
import { fact, readRequest } from "./token/request.mjs";
import { fingerprint, Revocations } from "./revocation.mjs";
import { readSent } from "./sent.mjs";
import { codeOfCondition, readApprovals, readGrants } from "./token/shape.mjs";
import { date, integer, set, string } from "./token/term.mjs";
import { VERIFIER, World } from "./token/world.mjs";

export class Verifier {
  /** The times of the proofs that were used, by nonce. */
  #used = new Map();
  #latest = 0;
  #claimed = new Map();

  constructor(
    { audience, roots, bearer, sealed, policies = "allow if true;", shared, directory = {}, revocations, names, ...approving },
    now,
  ) {
    const { facts, rules, ...judging } = parsePolicies(policies);
    const { countsApprovals: isCounting, publishesApprovers: isPublished, stores, issuers, catalog } = approving;
    this.budgets = new Budgets(stores, issuers);
    if (catalog !== undefined) this.catalog = readCatalog(catalog);
    Object.assign(this, { audience, directory, ...judging, own: { facts, rules, shared } });
    this.approving = { names: new Names(names), isCounting, isPublished, claimed: this.#claimed };
    this.roots = roots.map(({ key, id }) => ({ key: parseKey(key), id }));
    this.accepted = { held: true, bearer, sealed };
    if (revocations) {
      this.revocations = new Revocations(revocations.issuers.map(parseKey));
      if (revocations.lists.length > 0) this.revocations.apply(revocations.lists, now);
    }
  }

  /** The tools of the catalog that a chain does not exclude, or calls of one that are asked about; nothing is claimed. */
  offer(tokenBytes, proofText, now, entry) {
    const { delegation } = this.#admit(tokenBytes, proofText, { form: 4, parts: [] }, now);
    const world = new World(delegation.blocks, {});
    factsAbout(this, delegation, now).forEach((each) => world.state(each, VERIFIER));
    world.run();
    const matches = (query, facts, { index }) => {
      const known = new World(delegation.blocks, {});
      facts.forEach((each) => known.state(each, VERIFIER));
      return known.matches(query, index);
    };
    const holds = (check, { index }) => world.checkHolds(check, index);
    return offerOf(this.catalog.tools, delegation.blocks, holds, matches, entry);
  }

  /** Refuses whoever is not the holder that a request is by; nothing is claimed. */
  identify(tokenBytes, proofText, sent, now, approvalTexts = []) {
    this.#admit(tokenBytes, proofText, { sent, parts: sent.parts }, now, approvalTexts);
  }

  /** Refuses a call unless it is allowed; gives the counters of budgets that it is charged to. */
  decide(tokenBytes, proofText, received, now, approvalTexts = []) {
    const request = this.#read(received);
    const admitted = this.#admit(tokenBytes, proofText, request, now, approvalTexts);
    const { delegation, root, use } = admitted;
    const spent = this.#permit(admitted, request, now);
    // Only a call that is allowed uses anything up.
    if (use !== undefined) this.#used.set(use.nonce, use.time);
    const counters = this.budgets.charge(delegation, root, request, now, blame);
    spent.map(claimName).forEach((name) => this.#claimed.set(name, (this.#claimed.get(name) ?? 0) + 1));
    return counters;
  }

  /** Refuses as a decision would, whoever asks; nothing is claimed. */
  preview(tokenBytes, received, now, approvalTexts = []) {
    const request = this.#read(received);
    const token = readToken(tokenBytes);
    const sent = readBeside(approvalTexts);
    const trusted = this.#trust(token, now);
    this.#permit({ ...trusted, sent }, request, now);
    this.budgets.look(trusted.delegation, trusted.root, request, now, blame);
  }

  /** The first steps: whatever is asked, by whom it is. */
  #admit(tokenBytes, proofText, request, now, approvalTexts = []) {
    const token = readToken(tokenBytes);
    const proof = proofText === undefined ? undefined : readProof(proofText);
    const sent = readBeside(approvalTexts);
    const { delegation, root, isHeld } = this.#trust(token, now);
    const use = isHeld ? this.#checkProof(proof ?? refuse("proof_required"), delegation, request, now, sent.part) : undefined;
    return { delegation, root, isHeld, sent, use };
  }

  /** A token that this verifier takes. */
  #trust(token, now) {
    const root = verifyFirst(token, this.#rootsFor(token));
    const alone = token.blocks.length > 1 ? readFirst(token) : undefined;
    if (alone) this.#checkFirst(alone, root, now, true);
    verifyRest(token);
    const delegation = readDelegation(token);
    this.#checkFirst(delegation, root, now, false);
    this.#checkRevocations(delegation, root, now);
    return { delegation, root, isHeld: token.end.mode === "held" };
  }

  /** What block 0 says alone, before other signatures are verified and in the same order behind them. */
  #checkFirst(delegation, root, now, isAlone) {
    demand(this.accepted[delegation.mode], `${delegation.mode}_not_accepted`);
    const [first] = delegation.blocks;
    const world = new World([first], {});
    world.state(fact("time", date(Math.floor(now / 1000))), VERIFIER);
    const isPast = (check) => codeOfCondition(check) === "expired" && !world.checkHolds(check, 0);
    const hasEnded = first.datalog.scopes.length === 0 && first.datalog.checks.some(isPast);
    if (this.revocations && (isAlone || hasEnded)) {
      const parts = partsOf(delegation, root).filter(({ block, isLast }) => block === first && !isLast);
      if (this.revocations.names(parts.map(({ print }) => print), now)) throw new Refusal("revoked", blame(first));
    }
    if (hasEnded) throw new Refusal("expired", blame(first));
  }

  /** The counted approvals that a call needs, if it is allowed. */
  #permit({ delegation, isHeld, sent }, request, now) {
    const approvals = isHeld ? this.#judge(sent.approvals, delegation, request, now) : [];
    demand(!isForbidden(request, delegation.blocks, this), "argument_opaque");
    return this.#evaluate(delegation, request, now, approvals);
  }

  /** A call by its own words, or what the catalog makes of what is sent. */
  #read(received) {
    if (this.catalog === undefined) return readRequest(received);
    return typeof received === "string" ? readMeant(this.catalog, received) : this.catalog.meaning(readSent(received));
  }

  /** The approvals with what keeps them from counting whenever it is; only those that fit have to be signed. */
  #judge(approvals, { blocks }, request, now) {
    const states = blocks.filter(({ handedOn }) => handedOn).map(({ signature }) => hex(sha256(signature)));
    const judged = approvals.map((each) => ({ ...each, flaw: misfit(each, states, this.audience, request) }));
    const fitting = judged.filter(({ flaw }) => flaw === undefined);
    fitting.forEach(verifyApproval);
    for (const each of fitting) if (this.#isWithdrawn(each, now)) each.flaw = "withdrawn";
    return judged;
  }

  #isWithdrawn({ by, id }, now) {
    if (!this.revocations) return false;
    const key = concat([by.algorithm], by.bytes);
    return this.revocations.look([fingerprint(6, concat(key, unhex(id))), fingerprint(3, key)], now) >= 0;
  }

  #rootsFor({ rootKeyId }) {
    const named = ({ id }) => id === undefined || id === rootKeyId;
    const fitting = rootKeyId === undefined ? this.roots.slice(0, 1) : this.roots.filter(named);
    demand(fitting.length > 0, "unknown_root_key");
    return fitting.map(({ key }) => key);
  }

  #checkRevocations(delegation, root, now) {
    if (!this.revocations) return;
    const parts = partsOf(delegation, root);
    const revoked = this.revocations.look(parts.map(({ print }) => print), now);
    if (revoked >= 0) throw new Refusal("revoked", blame(parts[revoked].block));
  }

  /**
   * What a good proof uses. If the clock was set back, it goes on by the latest time of a good proof. So a proof that was
   * forgotten, its window having ended, is too old for ever.
   */
  #checkProof(proof, { blocks }, request, now, approvals) {
    const { nextKey, signature } = blocks.at(-1);
    const time = Math.max(now, this.#latest);
    verifyProof(proof, nextKey, signature, this.audience, request, time, approvals);
    this.#latest = time;
    const nonce = `${keyText(nextKey)} ${hex(proof.nonce)}`;
    const used = this.#used.get(nonce);
    demand(used === undefined || hasEnded(used, time), "proof_replayed");
    return { nonce, time: proof.time };
  }

  /** The counted approvals that an allowed call has to claim. */
  #evaluate(delegation, request, now, approvals) {
    const escalation = new Escalation(delegation, request, now, approvals, this.approving);
    const attempt = (counted, { seen = delegation, keys = [], groups, justified } = {}) => {
      const { approvers, ...others } = escalation.factsOf([...keysOf([...escalation.lasting, ...counted]), ...keys], groups);
      return this.#attempt(seen, request, now, escalation, { approvers, ...others }, justified);
    };
    const outcome = attempt([]);
    if (outcome.isAllowed) return [];
    if (!attempt(escalation.counted).isAllowed) {
      const missing = missingOf(outcome, escalation, (keys, groups, justified) => attempt([], { keys, groups, justified }));
      throw refusalOf(outcome, missing, escalation);
    }
    const needed = fewest(escalation.counted, attempt);
    // What nobody but the present holder asks for, in blocks of its own, is not claimed.
    const lastHop = delegation.blocks.findLastIndex(({ handedOn }) => handedOn);
    const before = { ...delegation, blocks: delegation.blocks.slice(0, lastHop + 1) };
    const attemptBefore = (counted) => attempt(counted, { seen: before });
    try {
      return attemptBefore(needed).isAllowed ? fewest(needed, attemptBefore) : needed;
    } catch (error) {
      if (error instanceof Refusal) return needed;
      throw error;
    }
  }

  /** What Datalog says if these keys have approved the call, and its holder perhaps justified it. */
  #attempt(delegation, request, now, escalation, { approvers, groups }, justified) {
    const world = new World(delegation.blocks, this.own);
    const because = (reason, seconds) => [
      fact("justified", string(request.tool), string(reason)),
      fact("justified_for", integer(seconds)),
    ];
    const facts = [
      ...request.facts,
      ...factsAbout(this, delegation, now),
      ...escalation.countingJustifications.flatMap(({ reason, from, until }) => because(reason, until - from)),
      ...(justified ? because("", 0) : []),
      ...(approvers.length > 0 ? [fact("approvers", set(approvers.map(string)))] : []),
      ...[...groups].map(([group, persons]) => fact("approved_by", string(group), set(persons.map(string)))),
    ];
    facts.forEach((each) => world.state(each, VERIFIER));
    try {
      return this.#outcome(world, delegation);
    } catch (error) {
      throw error instanceof EvaluationError ? new Refusal("evaluation_failed") : error;
    }
  }

  #outcome(world, { blocks }) {
    world.run();
    const failed = blocks.flatMap((block) =>
      block.datalog.checks
        .map((check) => ({ block, check, grants: readGrants(check) }))
        .filter(({ check }) => !world.checkHolds(check, block.index)),
    );
    const matches = (query) => world.matches(query, VERIFIER);
    const own = this.checks.filter((check) => !world.checkHolds(check, VERIFIER));
    const policy = this.policies.find(({ queries }) => queries.some(matches));
    for (const each of failed) {
      const covering = each.grants?.filter(({ covers }) => world.matches(covers, each.block.index));
      each.dormant = covering?.length > 0 ? covering : undefined;
    }
    const isAboutCall = (query) => readGrants({ kind: "check if", queries: [query] })?.every(({ covers }) => matches(covers));
    const readOwn = (query) => readApprovals(query, this.own.facts);
    const approvalsOf = ({ queries }) => queries.filter((query) => isAboutCall(query) ?? true).map(readOwn);
    const named = blocks.flatMap((block) =>
      block.datalog.checks
        .flatMap((check) => readGrants(check) ?? [])
        .filter(({ covers }) => world.matches(covers, block.index))
        .flatMap(({ requirements }) => requirements)
        .flatMap(approversOf),
    );
    return {
      failed,
      own: own.map((check) => ({ approvals: check.kind === "check if" ? approvalsOf(check) : [] })),
      policy: policy && { kind: policy.kind, approvals: approvalsOf(policy) },
      policies: this.policies.filter(({ kind }) => kind === "allow if").map((each) => ({ approvals: approvalsOf(each) })),
      named,
      isAllowed: policy?.kind === "allow if" && failed.length === 0 && own.length === 0,
    };
  }
}

/** What a verifier states about a token and the moment (section 8). */
export function factsAbout({ audience, directory, budgets }, { mode, blocks, depth }, now) {
  const hops = blocks.filter(({ handedOn }) => handedOn);
  const key = ({ nextKey }) => keyText(nextKey);
  const hasKey = (hop) => Object.hasOwn(directory, hop.holder) && directory[hop.holder].includes(key(hop));
  const isKnown = ({ holder }) => hops.filter((hop) => hop.holder === holder).every(hasKey);
  return [
    fact("time", date(Math.floor(now / 1000))),
    fact("audience", string(audience)),
    fact("depth", integer(depth)),
    fact("presented", string(mode)),
    ...budgets.stores.map((store) => fact("budget_store", string(store))),
    ...hops.map((hop, i) => fact("delegation", integer(i), string(hop.holder), string(key(hop)))),
    ...(mode === "held" ? [fact("invoker", string(hops.at(-1).holder))] : []),
    ...hops.filter(isKnown).map(({ holder }) => fact("holder_verified", string(holder))),
  ];
}

/** Drops what is needed for nothing, from the latest on. */
function fewest(approvals, attempt) {
  let needed = approvals;
  for (const last of [...approvals].reverse()) {
    const fewer = needed.filter((each) => each !== last);
    if (attempt(fewer).isAllowed) needed = fewer;
  }
  return needed;
}

/** Section 12, what is missing: requirements, if a call is refused for nothing else; or undefined. */
function missingOf({ failed, own, policy, policies }, escalation, attempt) {
  if (policy?.kind === "deny if" || failed.some(({ dormant }) => !dormant)) return undefined;
  const unmet = (requirements) => requirements.filter((each) => !escalation.isMet(each));
  const fewestOf = ({ dormant }) =>
    dormant.reduce((best, each) => (unmet(each.requirements).length < unmet(best.requirements).length ? each : best));
  const askedOfGrants = failed.map(fewestOf).flatMap(({ requirements }) => requirements);
  const ofGrants = unmet(askedOfGrants);
  const first = ({ approvals }) => approvals.find((each) => unmet(each).length > 0) ?? [];
  const askedOfOwn = own.map(first);
  if (askedOfOwn.some((each) => each.length === 0)) return undefined;
  if (own.length === 0 && policy) return { ofGrants, ofOwn: [], asked: askedOfGrants };
  const asking = [...own, ...(policy ? [] : policies)].flatMap(({ approvals }) => approvals.flat());
  if (asking.length === 0) return undefined;
  const all = [...asking, ...ofGrants];
  const groups = all.filter(({ kind }) => kind === "approved_by").map(({ group }) => group);
  const met = attempt(all.flatMap((each) => (each.kind === "approvers" ? approversOf(each) : [])), groups,
    ofGrants.some(({ kind }) => kind === "justified_for"));
  if (!met.isAllowed) return undefined;
  if (!policy) askedOfOwn.push(first(met.policy));
  return { ofGrants, ofOwn: unmet(askedOfOwn.flat()), asked: [...askedOfGrants, ...askedOfOwn.flat()] };
}

/** Section 11, which code and which hop. */
function refusalOf({ failed, own, policy, named }, missing, escalation) {
  const withBlame = (code) => new Refusal(code, failed.length > 0 ? blame(failed[0].block) : {});
  if (policy?.kind === "deny if") return withBlame("policy_denied");
  if (missing?.ofGrants.length > 0 || missing?.ofOwn.length > 0) {
    const alsoNamed = missing.ofGrants.length > 0 ? [] : named;
    return withBlame(
      escalation.codeOf([...missing.ofGrants, ...missing.ofOwn], missing.asked, alsoNamed, missing.ofOwn.length > 0),
    );
  }
  const first = failed.find(({ dormant }) => !dormant);
  if (first) return withBlame(first.grants ? "out_of_scope" : codeOfCondition(first.check));
  if (own.length > 0) return withBlame("check_failed");
  return withBlame(failed.length > 0 ? "out_of_scope" : "no_matching_policy");
}

/** Who held the token after a block, if anybody did by name. */
const blame = ({ index, holder }) => (holder === undefined ? { hop: index } : { hop: index, holder });

/** All that can be revoked of a chain, with the block that brought it in. */
function partsOf({ blocks, delegator, task }, root) {
  const keyBytes = ({ algorithm, bytes }) => concat([algorithm], bytes);
  const part = (kind, value, block) => ({ print: fingerprint(kind, value), block });
  const ofBlocks = blocks.flatMap((block, i) => [
    part(1, revocationKey(blocks[i - 1]?.nextKey ?? root, block.signature), block),
    ...(block.external ? [part(3, keyBytes(block.external.key), block)] : []),
    part(3, keyBytes(block.nextKey), block),
  ]);
  const [first] = blocks;
  const ofChain = [part(5, keyBytes(root), first), part(4, concat(delegator), first), part(2, concat(task), first)];
  // Nobody holds a bearer tail.
  const holder = blocks.findLast(({ handedOn }) => handedOn);
  const isHeld = blocks.at(-1).holder !== undefined;
  const last = () => ({ ...part(7, keyBytes(holder.nextKey), holder), isLast: true });
  return [...ofChain, ...ofBlocks, ...(isHeld ? [last()] : [])];
}

/** Block 0 as a chain of its own; undefined if it breaks a rule, which is said when all is verified. */
function readFirst({ blocks, ...token }) {
  try {
    return readDelegation({ ...token, blocks: blocks.slice(0, 1) });
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
