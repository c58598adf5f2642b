package dev.taper.operations.login;

import dev.taper.TaperException;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gets a first token for an agent from an issuer, in exchange for a person's token (RFC 8693) and
 * with the agent's proof. Where the person has to consent, it asks again until that is decided.
 * Immutable and thread-safe.
 */
public final class FirstToken {
  private static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String PROOF_TYPE = "dev.taper:exchange-proof";
  private static final String TOKEN_TYPE = "dev.taper:token";
  private static final String PENDING = "authorization_pending";
  private static final String SLOW_DOWN = "slow_down";
  private static final Pattern EXCHANGE = Pattern.compile("[A-Za-z0-9_-]{1,256}");
  private static final int MAX_TOKEN = 8192;

  private final URI issuer;
  private final Clock clock;
  private final Decision.Pause pause;

  private FirstToken(URI issuer, Clock clock, Decision.Pause pause) {
    this.issuer = issuer;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * An issuer, which is not asked yet.
   *
   * @param issuer its URL, as it is configured; a slash at its end makes no difference. Whoever may
   *     choose it can use the agent's proofs
   * @param clock what time it is
   * @throws OperationException {@code usage} if it is no such URL
   */
  public static FirstToken from(String issuer, Clock clock) {
    return from(issuer, clock, time -> Thread.sleep(time.toMillis()));
  }

  static FirstToken from(String issuer, Clock clock, Decision.Pause pause) {
    return new FirstToken(ServerUrl.issuer(issuer), clock, pause);
  }

  /**
   * Exchanges a person's token.
   *
   * @param subjectToken what the provider gave
   * @param kind which token it is
   * @param agent who asks, and gets the token
   * @param asked for what
   * @param consent is told once where the person has to consent, if that is needed
   * @param patience how long the person may take
   * @return a token that the agent's key holds
   * @throws OperationException what the issuer says, such as {@code invalid_grant}; {@code
   *     access_denied} if the person refuses; {@code login_timeout}; {@code other_token} if the
   *     issuer gives a token of another holder; {@code io}
   */
  public AgentToken exchange(
      String subjectToken,
      BrowserSignIn.TokenKind kind,
      Signer agent,
      RequestedGrant asked,
      Consumer<URI> consent,
      Duration patience) {
    String details = asked.details();
    Decision consented = new Decision(clock, pause, patience, "consent", "nobody consented");
    boolean isTold = false;
    while (true) {
      Exchanged answer = ask(subjectToken, kind, agent, details);
      if (answer.status() == 200) {
        return read(answer, agent);
      }
      String error = answer.text("error");
      if (!PENDING.equals(error) && !(isTold && SLOW_DOWN.equals(error))) {
        throw answer.refusal("the issuer");
      }
      if (!isTold) {
        consent.accept(consentPage(answer.text("confirmation_uri")));
        isTold = true;
      }
      consented.rest(answer);
    }
  }

  private Exchanged ask(
      String subjectToken, BrowserSignIn.TokenKind kind, Signer agent, String details) {
    ExchangeProof proof =
        ExchangeProof.make(
            agent, new ExchangeProof.Subject(issuer.toString(), subjectToken, details), clock);
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("grant_type", GRANT_TYPE);
    fields.put("subject_token", subjectToken);
    fields.put("subject_token_type", kind.type());
    fields.put("actor_token", proof.encodeBase64());
    fields.put("actor_token_type", PROOF_TYPE);
    fields.put("requested_token_type", TOKEN_TYPE);
    fields.put("authorization_details", details);
    return Exchanged.post(ServerUrl.below(issuer, "/token"), fields);
  }

  /** Where to consent: a page of the issuer, whatever else it may say. */
  private URI consentPage(@Nullable String said) {
    URI page = ServerUrl.below(issuer, "/confirm");
    String start = page + "#";
    return said != null
            && said.startsWith(start)
            && EXCHANGE.matcher(said.substring(start.length())).matches()
        ? URI.create(said)
        : page;
  }

  private static AgentToken read(Exchanged answer, Signer agent) {
    String text = answer.text("access_token");
    if (text == null
        || text.length() > MAX_TOKEN
        || !Objects.equals(TOKEN_TYPE, answer.text("issued_token_type"))) {
      throw OperationException.refused("malformed_answer", "the issuer's answer has no token");
    }
    AgentToken token;
    try {
      token = AgentToken.decode(text);
    } catch (TaperException e) {
      throw OperationException.refused(
          "malformed_answer", "the issuer's token is none: " + e.getMessage());
    }
    if (!agent.publicKey().equals(token.token().holderKey())) {
      throw OperationException.refused("other_token", "the issuer gave a token of another holder");
    }
    return token;
  }
}
