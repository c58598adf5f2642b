package dev.taper.server.issuer.enrol;

import dev.taper.JsonFields;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.signin.FormFields;
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

  private final Enrolling enrolling;

  /** Answers by this. */
  public EnrolmentEndpoint(Enrolling enrolling) {
    this.enrolling = enrolling;
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
      return HttpAnswer.json(
          200,
          new JsonFields()
              .put("device_code", begun.secret())
              .put("user_code", begun.code())
              .put("verification_uri", confirmPage())
              .put("expires_in", EnrolmentCodes.LIFE.toSeconds())
              .put("interval", EnrolmentCodes.INTERVAL.toSeconds()));
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
    return HttpAnswer.json(
        200,
        new JsonFields()
            .put("name", name)
            .put("key", key)
            .putIfPresent("until", until == null ? null : until.getEpochSecond()));
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
      case "unavailable" -> refused(503, "temporarily_unavailable", e);
      case "enrolments_full", "slow_down" -> refused(400, "slow_down", e);
      case "authorization_pending",
          "access_denied",
          "expired_token",
          "invalid_request",
          "invalid_authorization_details" ->
          refused(400, e.code(), e);
      default -> refused(400, "invalid_grant", e);
    };
  }

  private static HttpAnswer refused(int status, String error, EnrolmentException e) {
    return HttpAnswer.json(
        status,
        new JsonFields()
            .put("error", error)
            .put("error_description", String.valueOf(e.getMessage()))
            .put("code", e.code()));
  }

  private static HttpAnswer refused(int status, String error, String why) {
    return refused(status, error, new EnrolmentException(error, why));
  }
}
