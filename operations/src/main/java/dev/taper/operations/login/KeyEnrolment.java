package dev.taper.operations.login;

import dev.taper.JsonFields;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Enrols an agent's key at an issuer, once: by a short code that a person confirms there (in the
 * manner of RFC 8628), or by the token of the workload that the agent is. Immutable and
 * thread-safe.
 */
public final class KeyEnrolment {
  private static final String BY_CODE = "enrolment by code";
  private static final Pattern CODE = Pattern.compile("[A-Z]{4}-[A-Z]{4}");

  private final URI issuer;
  private final Clock clock;
  private final Decision.Pause pause;

  /**
   * What a person has to do.
   *
   * @param code to be typed
   * @param page where, at the issuer
   */
  public record Told(String code, URI page) {}

  private KeyEnrolment(URI issuer, Clock clock, Decision.Pause pause) {
    this.issuer = issuer;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * An issuer, which is not asked yet.
   *
   * @param issuer its URL, as it is configured; a slash at its end makes no difference
   * @param clock what time it is
   * @throws OperationException {@code usage} if it is no such URL
   */
  public static KeyEnrolment at(String issuer, Clock clock) {
    return at(issuer, clock, time -> Thread.sleep(time.toMillis()));
  }

  static KeyEnrolment at(String issuer, Clock clock, Decision.Pause pause) {
    return new KeyEnrolment(ServerUrl.issuer(issuer), clock, pause);
  }

  /**
   * Enrols a key by a code.
   *
   * @param name what the agent is called, such as {@code agent:planner}
   * @param agent its key
   * @param told is given the code once
   * @param patience how long the person may take
   * @throws OperationException what the issuer says, such as {@code name_taken} or {@code
   *     access_denied}; {@code login_timeout}; {@code io}
   */
  public void byCode(String name, Signer agent, Consumer<Told> told, Duration patience) {
    Map<String, String> fields = fields(name, agent, BY_CODE);
    Decision confirmation =
        new Decision(clock, pause, patience, "the code", "nobody confirmed the code");
    Exchanged begun = Exchanged.post(ServerUrl.below(issuer, "/enrol"), fields);
    String secret = begun.text("device_code");
    String code = begun.text("user_code");
    if (begun.status() != 200) {
      throw begun.refusal("the issuer");
    }
    if (secret == null || code == null || !CODE.matcher(code).matches()) {
      throw OperationException.refused("malformed_answer", "the issuer's answer has no code");
    }
    told.accept(new Told(code, ServerUrl.below(issuer, "/confirm")));
    while (true) {
      confirmation.rest(begun);
      Exchanged answer =
          Exchanged.post(ServerUrl.below(issuer, "/enrol/status"), Map.of("device_code", secret));
      if (answer.status() == 200) {
        requireOwn(answer, name, agent);
        return;
      }
      String error = answer.text("error");
      if (!"authorization_pending".equals(error) && !"slow_down".equals(error)) {
        throw answer.refusal("the issuer");
      }
    }
  }

  /**
   * Enrols a key by a workload's token.
   *
   * @param name what the agent is called
   * @param agent its key
   * @param token what the workload's provider gave it for this issuer
   * @throws OperationException what the issuer says, such as {@code other_name}; {@code io}
   */
  public void byWorkload(String name, Signer agent, String token) {
    Map<String, String> fields = fields(name, agent, token);
    fields.put("subject_token", token);
    Exchanged answer = Exchanged.post(ServerUrl.below(issuer, "/enrol"), fields);
    if (answer.status() != 200) {
      throw answer.refusal("the issuer");
    }
    requireOwn(answer, name, agent);
  }

  private Map<String, String> fields(String name, Signer agent, String subject) {
    String details =
        "[" + new JsonFields().put("type", "taper_enrolment").put("name", name).toJson() + "]";
    ExchangeProof proof =
        ExchangeProof.make(
            agent, new ExchangeProof.Subject(issuer.toString(), subject, details), clock);
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("authorization_details", details);
    fields.put("actor_token", proof.encodeBase64());
    return fields;
  }

  private static void requireOwn(Exchanged answer, String name, Signer agent) {
    boolean isOwn =
        name.equals(answer.text("name")) && agent.publicKey().toString().equals(answer.text("key"));
    if (!isOwn) {
      throw OperationException.refused("malformed_answer", "the issuer enrolled something else");
    }
  }
}
