package dev.taper.server.issuer;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.issuer.ExchangeException.OauthError;
import dev.taper.server.issuer.Mint.Renewable;
import dev.taper.server.issuer.PendingBook.Entry;
import dev.taper.server.issuer.PendingBook.State;
import dev.taper.server.oidc.Identity;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives an agent a token of its own in exchange for a person's, and renews it. It trusts a subject
 * token for who the person is, the agent's proof for who asks and what for, {@code may_act}, {@code
 * azp} or the person's own word for consent, and its policies for what may be granted. Whatever
 * fails, nothing is issued; what is issued was recorded before. Thread-safe.
 */
public final class TokenIssuer {
  /** What stands before a token in a field of HTTP. */
  private static final String SCHEME = "Taper ";

  private final String issuer;
  private final EnrolledAgents agents;
  private final People people;
  private final Map<String, Template> templates;
  private final PolicySet policies;
  private final SubjectTokens subjects;
  private final AgentProofs proofs;
  private final Supplier<Verifier> verifier;
  private final Mint mint;
  private final Records records;
  private final PendingBook pending;
  private final Turns turns;
  private final Clock clock;
  private final FailureLog failures;
  private final FailureLog undecided;

  private TokenIssuer(IssuerParts parts, Map<String, Template> templates) {
    this.issuer = parts.issuer();
    this.clock = parts.clock();
    this.agents = parts.trusted().agents();
    this.people = parts.trusted().people();
    this.templates = Map.copyOf(templates);
    this.policies = parts.offered().policies();
    this.undecided =
        FailureLog.of(TokenIssuer.class, "deciding what may be granted", parts.clock());
    IssuerParts.Kept kept = parts.kept();
    this.subjects = new SubjectTokens(parts.trusted().providers(), kept.subjects(), clock);
    this.proofs = new AgentProofs(issuer, kept.proofs(), clock);
    this.records = kept.records();
    this.pending = new PendingBook(records, clock);
    this.verifier = parts.signing().verifier();
    this.mint = new Mint(parts.signing().root(), parts.signing().keyId());
    this.turns = new Turns(parts.offered().turnsPerMinute(), clock);
    this.failures = FailureLog.of(TokenIssuer.class, "issuing a token", clock);
  }

  /**
   * Makes an issuer.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if two templates have one name, or
   *     two providers
   */
  public static TokenIssuer of(IssuerParts parts) {
    Map<String, Template> templates = new HashMap<>();
    for (Template template : parts.offered().templates()) {
      if (templates.put(template.name(), template) != null) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "two templates are called " + template.name());
      }
    }
    return new TokenIssuer(parts, templates);
  }

  /**
   * Refuses a verifier that does not trust this issuer's own key: nothing could be renewed, and
   * nobody would see what is revoked.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT}
   */
  public void requireTrusted() {
    AgentToken trial = mint.trial(clock.instant());
    try {
      var unused = unproven(trial);
    } catch (TaperException e) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "the issuer's key " + mint.publicKey() + " is none of its configuration's root-keys",
          e);
    }
  }

  /** Its name. */
  public String issuer() {
    return issuer;
  }

  /** Who is enrolled. */
  public EnrolledAgents agents() {
    return agents;
  }

  /** The key that verifies its tokens. */
  public PublicKey rootKey() {
    return mint.publicKey();
  }

  /** The exchanges that wait for people. */
  public PendingExchanges pending() {
    return pending;
  }

  /**
   * Exchanges a person's token for the agent's.
   *
   * @return the token, which was recorded and registered
   * @throws ExchangeException if there is none
   */
  public Issued exchange(ExchangeRequest request) throws ExchangeException {
    try {
      return exchanged(request);
    } catch (TaperException e) {
      failures.failed(e);
      throw ExchangeException.unavailable();
    }
  }

  private Issued exchanged(ExchangeRequest request) throws ExchangeException {
    ExchangeProof proof = AgentProofs.read(request.proof());
    EnrolledAgent agent = agents.byKey(proof.agent());
    if (agent == null) {
      throw new ExchangeException(
          OauthError.INVALID_CLIENT, "unknown_agent", "nobody enrolled has the key of the proof");
    }
    String client = request.client();
    if (client != null && !agent.isCalled(client)) {
      throw new ExchangeException(
          OauthError.INVALID_CLIENT, "other_client", "the proof is not that client's");
    }
    AcceptedProofs.Unused unused = proofs.check(proof, request);
    if (!turns.take(agent.name())) {
      throw new ExchangeException(
          OauthError.SLOW_DOWN, "agent_too_often", "the agent asks too often; wait a minute");
    }
    GrantRequest ask = GrantRequest.read(request.details());
    String key = SubjectTokens.key(request, agent);
    Entry entry = pending.find(key);
    String delegator = "unknown";
    try {
      Identity identity =
          entry == null ? subjects.verify(request.subjectToken()) : entry.identity();
      Person person = person(identity);
      delegator = person.delegator();
      if (entry == null) {
        people.seen(identity);
      }
      AgentProofs.claim(unused, person, agent);
      Asked asked = new Asked(ask, person, agent);
      return entry == null ? first(request, key, identity, asked) : answered(key, entry, asked);
    } catch (ExchangeException e) {
      if (e.error() != OauthError.AUTHORIZATION_PENDING
          && e.error() != OauthError.TEMPORARILY_UNAVAILABLE) {
        records.refused(agent, delegator, e.code());
      }
      throw e;
    }
  }

  /** Who asks for what, for whom. */
  private record Asked(GrantRequest ask, Person person, EnrolledAgent agent) {}

  private Person person(Identity identity) throws ExchangeException {
    Person person;
    try {
      person = people.of(identity);
    } catch (TaperException e) {
      if (e.code().category() != ErrorCode.Category.REQUEST) {
        throw e;
      }
      person = null; // a name that no token can hold
    }
    if (person == null) {
      throw new ExchangeException(
          OauthError.INVALID_REQUEST,
          "unknown_subject",
          "nobody who may delegate here now is the subject of the token");
    }
    return person;
  }

  private Issued first(ExchangeRequest request, String key, Identity identity, Asked asked)
      throws ExchangeException {
    Consent consent = Consent.of(identity, asked.agent());
    Granted granted = consent == null ? null : granted(asked, consent);
    boolean isAllowed = granted != null;
    if (granted == null) { // a human is bothered only with what would be granted
      granted = granted(asked, Consent.CONFIRMED);
    }
    if (granted == null) {
      throw notGranted();
    }
    AgentToken token = minted(asked, granted);
    if (!isAllowed) {
      pending.requireRoom(identity.subject(), asked.agent());
    }
    subjects.use(request.subjectToken(), identity, asked.person().delegator());
    if (isAllowed && consent != null) {
      records.issued(token, granted.template().name(), consent, mint.publicKey());
      return Issued.of(token, granted);
    }
    PendingExchange waiting = shown(PendingBook.id(), pending.until(), identity, asked, granted);
    pending.add(key, new Entry(waiting, identity, State.WAITING));
    throw ExchangeException.pending(waiting.id());
  }

  /** All that a person is shown of an exchange, and that has to be so still when it is answered. */
  private static PendingExchange shown(
      String id, Instant until, Identity identity, Asked asked, Granted granted) {
    return new PendingExchange(
        id,
        identity.subject(),
        asked.person().delegator(),
        asked.agent(),
        granted.task(),
        granted.texts(),
        granted.conditions(),
        granted.terms().budgets().stream().map(Budget::words).toList(),
        granted.terms().lifetime(),
        granted.end(until.plus(PendingBook.WAITS)),
        granted.template().renewableFor(),
        until);
  }

  private Issued answered(String key, Entry entry, Asked asked) throws ExchangeException {
    PendingExchange exchange = entry.exchange();
    boolean isWaiting = entry.state() == State.WAITING;
    Instant last = isWaiting ? exchange.until() : exchange.until().plus(PendingBook.WAITS);
    if (!clock.instant().isBefore(last)) {
      pending.take(key);
      throw new ExchangeException(
          OauthError.EXPIRED_TOKEN, "consent_expired", "the user did not answer in time");
    }
    if (isWaiting) {
      throw ExchangeException.pending(exchange.id());
    }
    if (entry.state() == State.REFUSED) {
      pending.take(key);
      throw new ExchangeException(
          OauthError.ACCESS_DENIED, "consent_refused", "the user does not let the agent have this");
    }
    Granted granted = granted(asked, Consent.CONFIRMED);
    if (granted == null
        || !shown(exchange.id(), exchange.until(), entry.identity(), asked, granted)
            .equals(exchange)) {
      throw notGranted(); // what is granted is what the person saw
    }
    AgentToken token = minted(asked, granted);
    if (!pending.take(key)) {
      throw new ExchangeException(
          OauthError.INVALID_REQUEST, "subject_replayed", "the subject token was used before");
    }
    try {
      records.issued(token, granted.template().name(), Consent.CONFIRMED, mint.publicKey());
    } catch (TaperException e) {
      pending.putBack(key, entry); // the person's word is still good
      throw e;
    }
    return Issued.of(token, granted);
  }

  private static ExchangeException notGranted() {
    return new ExchangeException(
        OauthError.ACCESS_DENIED, "not_granted", "the policies do not grant this");
  }

  /**
   * What the policies let the agent have, perhaps with an approval that the agent did not ask for.
   *
   * @return null if nothing
   */
  private @Nullable Granted granted(Asked asked, Consent consent) throws ExchangeException {
    Template template = templates.get(asked.ask().template());
    if (template == null) {
      return null; // who may have nothing of it learns nothing of it
    }
    Granted granted;
    try {
      granted = Granted.of(template, asked.ask());
    } catch (ExchangeException e) {
      if (allowed(Granted.of(template, asked.ask().whole()), asked, consent) == null) {
        return null; // neither that there is such a template, nor what is in it
      }
      throw e;
    }
    return allowed(granted, asked, consent);
  }

  /** What the policies let the agent have of it, perhaps with an approval; null if nothing. */
  private @Nullable Granted allowed(Granted granted, Asked asked, Consent consent) {
    if (allows(granted.question(asked.person(), asked.agent(), consent))) {
      return granted;
    }
    for (String group : granted.template().approverGroups()) {
      Granted approved = granted.approvedBy(group);
      if (allows(approved.question(asked.person(), asked.agent(), consent))) {
        return approved;
      }
    }
    return null;
  }

  /** True if the policies allow it; what cannot be decided is not granted. */
  private boolean allows(Question question) {
    try {
      CallFacts facts =
          question.call().facts().time(clock).audience(issuer).depth(0).invoker(question.agent());
      return policies.authorizer().facts(facts.list()).authorize().allowed();
    } catch (TaperException e) {
      undecided.failed(e);
      return false;
    }
  }

  /** A token that nobody has yet. */
  private AgentToken minted(Asked asked, Granted granted) throws ExchangeException {
    Instant now = clock.instant();
    Template template = granted.template();
    Renewable renewable =
        template.renewableFor() == null
            ? null
            : new Renewable(
                template.name(),
                now,
                now.plus(template.renewableFor()),
                granted.terms().lifetime());
    EnrolledAgent agent = asked.agent();
    AgentToken token =
        mint.make(
            granted.delegation(asked.person().delegator(), agent, granted.end(now)),
            agent.key(),
            renewable,
            now);
    requireLiving(token);
    requireUsable(token);
    return token;
  }

  /** Nothing is issued that no request could present. */
  private static void requireUsable(AgentToken token) throws ExchangeException {
    int most = CredentialFields.MAX_FIELD - SCHEME.length();
    if (token.encodeBase64().length() > most) {
      throw new ExchangeException(
          OauthError.INVALID_AUTHORIZATION_DETAILS,
          "token_too_large",
          "a token of all this has more than " + most + " characters; ask for less at once");
    }
  }

  /** Nothing is issued that every service would refuse: a person, agent or task is revoked. */
  private void requireLiving(AgentToken token) throws ExchangeException {
    DenialCode code = unproven(token);
    if (code == DenialCode.REVOKED) {
      throw new ExchangeException(
          OauthError.ACCESS_DENIED, "revoked", "what the token would stand on is revoked");
    }
    if (code != DenialCode.PROOF_REQUIRED) { // a list that is too old, or none
      throw ExchangeException.unavailable();
    }
  }

  private @Nullable DenialCode unproven(AgentToken token) {
    return verifier
        .get()
        .unproven(Credentials.of(token.encodeBase64(), null), ToolCall.of(Question.TOOL).sent());
  }

  /**
   * Renews a token that this issued, as docs/binding.md says.
   *
   * @param given what the request presents
   * @param sent the request
   * @return the same authority or less, with a later end, recorded and registered
   * @throws RefusedException what to answer instead
   */
  public AgentToken renew(Credentials given, SentHttp sent) throws RefusedException {
    return new Renewals(this, verifier.get(), mint, clock).renew(given, sent);
  }

  /** Whether a holder may go on with what it has; null if so, or why not. */
  @Nullable String refusesToRenew(
      Agent holder, String delegator, BiFunction<Person, EnrolledAgent, Question> asked) {
    EnrolledAgent agent = agents.byKey(holder.key());
    if (agent == null || !agent.name().equals(holder.name())) {
      return "the agent is not enrolled any more";
    }
    Person person = people.again(delegator);
    if (person == null) {
      return "the delegator is not known, or may not delegate now";
    }
    return allows(asked.apply(person, agent)) ? null : "its delegator may not give this any more";
  }

  /** True if a holder may ask once more in this minute. */
  boolean isInTurn(String holder) {
    return turns.take(holder);
  }

  @Nullable Template template(String name) {
    return templates.get(name);
  }

  void renewed(AgentToken token, AgentToken before) {
    records.renewed(token, before, mint.publicKey());
  }
}
