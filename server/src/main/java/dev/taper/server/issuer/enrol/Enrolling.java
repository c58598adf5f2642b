package dev.taper.server.issuer.enrol;

import dev.taper.TaperException;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.server.issuer.enrol.Enrolment.Way;
import dev.taper.server.oidc.Identity;
import dev.taper.server.oidc.IdentityException;
import dev.taper.server.oidc.IdentityTokens;
import dev.taper.server.oidc.Provider;
import dev.taper.server.oidc.Subject;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Enrols agents that prove to have their key: with a code for a person, or by a workload's token. A
 * proof is for this issuer, this name and this token, and counts once. Thread-safe.
 */
public final class Enrolling {
  /** What an agent's proof is over, in place of a token, when a person is to confirm a code. */
  public static final String BY_CODE = "enrolment by code";

  private static final MemoryShare SHARE = MemoryShare.of("enrolments", new byte[] {2});

  private final String issuer;
  private final EnrolmentBook book;
  private final EnrolmentCodes codes;
  private final List<WorkloadRule> rules;
  private final Map<String, IdentityTokens> providers = new HashMap<>();
  private final Map<String, PublicKey> shown = new HashMap<>(); // tokens; guarded by itself
  private final Map<String, Instant> ends = new HashMap<>(); // of those; guarded by shown
  private final AcceptedProofs proofs;
  private final Clock clock;

  /** How many tokens of workloads are remembered; more are refused until some have ended. */
  static final int MAX_SHOWN = 10_000;

  /**
   * Enrols.
   *
   * @param issuer the issuer's URL, exactly as agents know it
   * @param book where agents are kept
   * @param rules which workloads are which agents
   * @param clock what time it is
   */
  public Enrolling(String issuer, EnrolmentBook book, List<WorkloadRule> rules, Clock clock) {
    this.issuer = issuer;
    this.book = book;
    this.codes = new EnrolmentCodes(book, clock);
    this.rules = List.copyOf(rules);
    this.proofs = AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, ReplayMemory.inMemory(), clock);
    this.clock = clock;
    for (WorkloadRule rule : rules) {
      providers.computeIfAbsent(rule.issuer(), name -> IdentityTokens.of(Provider.of(name), clock));
    }
  }

  /** The issuer's URL. */
  public String issuer() {
    return issuer;
  }

  /** The codes that wait. */
  public EnrolmentCodes codes() {
    return codes;
  }

  /**
   * Begins an enrolment that a person is to confirm.
   *
   * @param details what is asked for, exactly as it was sent
   * @param proof the agent's
   * @throws EnrolmentException if the proof is not good, or the name or key cannot be enrolled
   */
  EnrolmentCodes.Begun begin(String details, String proof) throws EnrolmentException {
    String name = RequestedName.read(details);
    return codes.begin(name, proven(details, proof, BY_CODE));
  }

  /**
   * Enrols a workload by its own token.
   *
   * @param details what is asked for, exactly as it was sent
   * @param proof the agent's, over the token too
   * @param token of the workload
   * @throws EnrolmentException {@code invalid_subject_token}, {@code other_name}, {@code
   *     token_used} with another key, {@code unavailable}, and as {@link #begin}
   */
  Enrolment enrol(String details, String proof, String token) throws EnrolmentException {
    String name = RequestedName.read(details);
    WorkloadRule rule = null;
    Identity identity = null;
    IdentityTokens provider = providers.get(String.valueOf(IdentityTokens.claimedIssuer(token)));
    for (WorkloadRule one : rules) {
      if (provider != null && one.issuer().equals(provider.provider().issuer())) {
        Identity said = identity(provider, token, one.audience());
        identity = said == null ? identity : said;
        if (said != null && name.equals(one.nameOf(said))) {
          rule = one;
        }
      }
    }
    if (identity == null) {
      throw new EnrolmentException(
          "invalid_subject_token", "the workload's token is not taken here");
    }
    if (rule == null) {
      throw new EnrolmentException("other_name", "this workload is no agent of that name");
    }
    PublicKey key = proven(details, proof, token);
    use(token, key, identity.end());
    Instant now = clock.instant();
    Subject by = identity.subject();
    Enrolment enrolment = new Enrolment(name, key, by, Way.WORKLOAD, now, now.plus(rule.life()));
    book.add(enrolment);
    return enrolment;
  }

  private static @Nullable Identity identity(IdentityTokens provider, String token, String audience)
      throws EnrolmentException {
    try {
      return provider.verify(token, audience);
    } catch (IdentityException e) {
      if (e.code() == IdentityException.Code.UNAVAILABLE) {
        throw new EnrolmentException("unavailable", "the workload's provider cannot be asked now");
      }
      return null;
    }
  }

  /** A token serves one key: whoever sees it later cannot enrol another one with it. */
  private void use(String token, PublicKey key, Instant end) throws EnrolmentException {
    Instant now = clock.instant();
    synchronized (shown) {
      if (shown.size() >= MAX_SHOWN) {
        ends.values().removeIf(one -> !now.isBefore(one));
        shown.keySet().retainAll(ends.keySet());
      }
      if (shown.size() >= MAX_SHOWN) {
        throw new EnrolmentException("enrolments_full", "too many workloads enrol at once");
      }
      String signed = Digests.sha256Hex(token.substring(0, token.lastIndexOf('.')));
      PublicKey before = shown.putIfAbsent(signed, key);
      ends.putIfAbsent(signed, end);
      if (before != null && !before.equals(key)) {
        throw new EnrolmentException("token_used", "the workload's token was used for another key");
      }
    }
  }

  private PublicKey proven(String details, String text, String subject) throws EnrolmentException {
    try {
      ExchangeProof proof = ExchangeProof.decode(text);
      proof.check(new ExchangeProof.Subject(issuer, subject, details), proofs).claim(SHARE);
      return proof.agent();
    } catch (TaperException e) {
      throw new EnrolmentException(
          e.code().text(), "the agent's proof is not taken: " + e.getMessage());
    }
  }
}
