package dev.taper.operations.login;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.Times;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
  private static final long LONGEST_PAUSE = 30;

  private final URI issuer;
  private final Clock clock;
  private final FirstToken.Pause pause;

  /**
   * What a person has to do.
   *
   * @param code to be typed
   * @param page where, at the issuer
   */
  public record Told(String code, URI page) {}

  private KeyEnrolment(URI issuer, Clock clock, FirstToken.Pause pause) {
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

  static KeyEnrolment at(String issuer, Clock clock, FirstToken.Pause pause) {
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
    Instant end = clock.instant().plus(patience);
    Exchanged begun = Exchanged.post(ServerUrl.below(issuer, "/enrol"), fields);
    String secret = begun.text("device_code");
    String code = begun.text("user_code");
    if (begun.status() != 200) {
      throw Refusals.of(begun, "the issuer");
    }
    if (secret == null || code == null || !CODE.matcher(code).matches()) {
      throw Refusals.refused("malformed_answer", "the issuer's answer has no code");
    }
    told.accept(new Told(code, ServerUrl.below(issuer, "/confirm")));
    Duration rest =
        Duration.ofSeconds(Math.max(1, Math.min(LONGEST_PAUSE, begun.number("interval", 5))));
    while (true) {
      if (clock.instant().plus(rest).isAfter(end)) {
        throw Refusals.refused(
            "login_timeout", "nobody confirmed the code within " + Times.words(patience));
      }
      rest(rest);
      Exchanged answer =
          Exchanged.post(ServerUrl.below(issuer, "/enrol/status"), Map.of("device_code", secret));
      if (answer.status() == 200) {
        requireOwn(answer, name, agent);
        return;
      }
      String error = answer.text("error");
      if (!"authorization_pending".equals(error) && !"slow_down".equals(error)) {
        throw Refusals.of(answer, "the issuer");
      }
    }
  }

  private void rest(Duration time) {
    try {
      pause.rest(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusals.refused("login_timeout", "interrupted while waiting for the code");
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
      throw Refusals.of(answer, "the issuer");
    }
    requireOwn(answer, name, agent);
  }

  private Map<String, String> fields(String name, Signer agent, String subject) {
    String details = details(name);
    ExchangeProof proof =
        ExchangeProof.make(
            agent, new ExchangeProof.Subject(issuer.toString(), subject, details), clock);
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("authorization_details", details);
    fields.put("actor_token", proof.encodeBase64());
    return fields;
  }

  private static String details(String name) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      json.writeStartArray();
      json.writeStartObject();
      json.writeStringField("type", "taper_enrolment");
      json.writeStringField("name", name);
      json.writeEndObject();
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static void requireOwn(Exchanged answer, String name, Signer agent) {
    boolean isOwn =
        name.equals(answer.text("name")) && agent.publicKey().toString().equals(answer.text("key"));
    if (!isOwn) {
      throw Refusals.refused("malformed_answer", "the issuer enrolled something else");
    }
  }
}
