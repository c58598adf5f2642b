package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.DenialCode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that is refused: a status, header fields, and a problem (RFC 9457) as the
 * content, as docs/binding.md lists them. Immutable and thread-safe.
 */
public final class HttpRefusal {
  /** The type of the content. */
  public static final String CONTENT_TYPE = "application/problem+json";

  /**
   * The field with the code, by which an answer is known as a refusal. Guards take it out of what
   * handlers answer: a problem of theirs is no refusal, however much it looks like one.
   */
  public static final String FIELD = "Taper-Refusal";

  private static final int UNAUTHORIZED = 401;
  private static final int UNAVAILABLE = 503;

  private final int status;
  private final String code;
  private final @Nullable String detail;
  private final @Nullable String decision;

  private HttpRefusal(int status, String code, @Nullable String detail, @Nullable String decision) {
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.decision = decision;
  }

  /**
   * Makes an answer.
   *
   * @param status of HTTP
   * @param code why, as a stable code
   * @param detail why, in one sentence for the caller; or null
   */
  public static HttpRefusal of(int status, String code, @Nullable String detail) {
    return new HttpRefusal(status, code, detail, null);
  }

  /** Makes the answer to a call that was denied. */
  public static HttpRefusal of(Denied denied) {
    DenialCode code = denied.code();
    int status = Statuses.of(code);
    if (status == UNAVAILABLE) {
      return of(status, code.text(), null); // what the service lacks is its own affair
    }
    boolean isBare = Statuses.isBeforeProof(code) || code == DenialCode.PROOF_REPLAYED;
    return new HttpRefusal(status, code.text(), denied.reason(), isBare ? null : denied.toJson());
  }

  /**
   * Makes the answer to a caller who would be refused before anybody looks at the call.
   *
   * @param code why, as {@code Verifier.unproven} or {@code Verifier.offer} say it
   * @param detail why, in one sentence for the caller; or null
   */
  public static HttpRefusal of(DenialCode code, @Nullable String detail) {
    int status = Statuses.of(code);
    return of(status, code.text(), status == UNAVAILABLE ? null : detail);
  }

  /** Makes the answer to what is malformed or forged, for a caller who may be anybody. */
  public static HttpRefusal of(TaperException error) {
    return switch (error.code().category()) {
      case FORMAT, SIGNATURE, KEY, PROOF -> of(401, error.code().text(), null);
      case REQUEST -> of(400, error.code().text(), error.getMessage());
      default ->
          of(
              UNAVAILABLE,
              error.code() == ErrorCode.OVERLOADED ? error.code().text() : "unavailable",
              null);
    };
  }

  /** Makes the answer to a token's holder who sent what the service's catalog refuses. */
  public static HttpRefusal toHolder(TaperException error) {
    return of(
        error.code() == ErrorCode.UNKNOWN_TOOL ? 404 : 400,
        error.code().text(),
        error.getMessage());
  }

  /** The status. */
  public int status() {
    return status;
  }

  /** Why, as a stable code: of a denial, of an error, or of the binding. */
  public String code() {
    return code;
  }

  /** Why, in one sentence for the caller; null if the code says it all. */
  public @Nullable String detail() {
    return detail;
  }

  /** The header fields, in order. */
  public Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Content-Type", CONTENT_TYPE);
    fields.put("Cache-Control", "no-store");
    fields.put(FIELD, code);
    if (status == UNAUTHORIZED) {
      fields.put("WWW-Authenticate", CredentialFields.SCHEME + " error=\"" + code + '"');
    }
    if (status == UNAVAILABLE) {
      fields.put("Retry-After", "5");
    }
    return Collections.unmodifiableMap(fields);
  }

  /** The content, in UTF-8; a new array. */
  public byte[] content() {
    return toJson().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The refusal as a JSON object, which is the content. Where there is no detail for the caller,
   * its status is said in words.
   */
  public String toJson() {
    JsonFields fields =
        new JsonFields()
            .put("status", status)
            .put("code", code)
            .put("detail", detail == null ? Statuses.words(status) : detail);
    return (decision == null ? fields : fields.json("decision", decision)).toJson();
  }

  /** The status and code. */
  @Override
  public String toString() {
    return status + " " + code;
  }
}
