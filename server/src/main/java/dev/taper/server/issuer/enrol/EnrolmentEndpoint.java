package dev.taper.server.issuer.enrol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.signin.FormFields;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers agents that enrol, in OAuth's forms: {@code POST /enrol} begins, or enrols a workload;
 * {@code POST /enrol/status} says what became of it. Thread-safe.
 */
public final class EnrolmentEndpoint implements Endpoint {
  private static final String PATH = "/enrol";
  private static final String STATUS = PATH + "/status";
  private static final int UNAVAILABLE = 503;

  private final Enrolling enrolling;

  /** Answers by this. */
  public EnrolmentEndpoint(Enrolling enrolling) {
    this.enrolling = enrolling;
  }

  /** Writes the members of an object. */
  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  @Override
  public String role() {
    return "enrol";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    String target = request.target();
    if (!target.equals(PATH) && !target.equals(STATUS)) {
      return null;
    }
    if (!request.method().equals("POST")) {
      return refused(405, "invalid_request", "only POST is answered here");
    }
    Map<String, String> form = FormFields.of(request);
    if (form == null) {
      return refused(400, "invalid_request", "a form is needed, each of its fields once");
    }
    try {
      return target.equals(PATH) ? enrol(form) : status(form);
    } catch (EnrolmentException e) {
      return refused(e);
    }
  }

  private HttpAnswer enrol(Map<String, String> form) throws EnrolmentException {
    String details = needed(form, "authorization_details");
    String proof = needed(form, "actor_token");
    String token = form.get("subject_token");
    if (token == null) {
      EnrolmentCodes.Begun begun = enrolling.begin(details, proof);
      return json(
          200,
          json -> {
            json.writeStringField("device_code", begun.secret());
            json.writeStringField("user_code", begun.code());
            json.writeStringField("verification_uri", confirmPage());
            json.writeNumberField("expires_in", EnrolmentCodes.LIFE.toSeconds());
            json.writeNumberField("interval", EnrolmentCodes.INTERVAL.toSeconds());
          });
    }
    Enrolment enrolment = enrolling.enrol(details, proof, token);
    return enrolled(enrolment.name(), enrolment.key().toString(), enrolment.until());
  }

  private String confirmPage() {
    String issuer = enrolling.issuer();
    return (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + "/confirm";
  }

  private HttpAnswer status(Map<String, String> form) throws EnrolmentException {
    PendingEnrolment done = enrolling.codes().ask(needed(form, "device_code"));
    return enrolled(done.name(), done.key().toString(), null);
  }

  private static HttpAnswer enrolled(String name, String key, @Nullable Instant until) {
    return json(
        200,
        json -> {
          json.writeStringField("name", name);
          json.writeStringField("key", key);
          if (until != null) {
            json.writeNumberField("until", until.getEpochSecond());
          }
        });
  }

  private static String needed(Map<String, String> form, String name) throws EnrolmentException {
    String value = form.get(name);
    if (value == null) {
      throw new EnrolmentException("invalid_request", name + " is missing");
    }
    return value;
  }

  private static HttpAnswer refused(EnrolmentException e) {
    return switch (e.code()) {
      case "unavailable" -> refused(UNAVAILABLE, "temporarily_unavailable", e);
      case "enrolments_full", "slow_down" -> refused(400, "slow_down", e);
      case "authorization_pending", "access_denied", "expired_token", "invalid_request" ->
          refused(400, e.code(), e);
      case "invalid_authorization_details" -> refused(400, e.code(), e);
      default -> refused(400, "invalid_grant", e);
    };
  }

  private static HttpAnswer refused(int status, String error, EnrolmentException e) {
    return json(
        status,
        json -> {
          json.writeStringField("error", error);
          json.writeStringField("error_description", String.valueOf(e.getMessage()));
          json.writeStringField("code", e.code());
        });
  }

  private static HttpAnswer refused(int status, String error, String why) {
    return refused(status, error, new EnrolmentException(error, why));
  }

  private static HttpAnswer json(int status, Members members) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new HttpAnswer(
        status,
        Map.of("Content-Type", "application/json", "Cache-Control", "no-store"),
        out.toString().getBytes(StandardCharsets.UTF_8));
  }
}
