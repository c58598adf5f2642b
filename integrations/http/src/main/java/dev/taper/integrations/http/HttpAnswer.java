package dev.taper.integrations.http;

import dev.taper.JsonFields;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a guarded service answers itself, without a handler. For one thread.
 *
 * @param status of HTTP
 * @param fields the header fields, in order
 * @param content not to be changed; empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpAnswer(int status, Map<String, String> fields, byte[] content) {
  private static final byte[] NOTHING = {};

  /** Copies the fields. */
  public HttpAnswer {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** The answer to a request that is refused. */
  public static HttpAnswer of(HttpRefusal refusal) {
    return new HttpAnswer(refusal.status(), refusal.fields(), refusal.content());
  }

  /** An answer of a JSON object, which no cache keeps. */
  public static HttpAnswer json(int status, JsonFields members) {
    return json(status, members.toJson());
  }

  /** An answer of JSON, which no cache keeps. */
  static HttpAnswer json(int status, byte[] json) {
    return new HttpAnswer(
        status, Map.of("Content-Type", "application/json", "Cache-Control", "no-store"), json);
  }

  /** An answer of JSON, which no cache keeps. */
  static HttpAnswer json(int status, String json) {
    return json(status, json.getBytes(StandardCharsets.UTF_8));
  }

  /** An answer that says only that something is done. */
  static HttpAnswer done() {
    return new HttpAnswer(204, Map.of("Cache-Control", "no-store"), NOTHING);
  }

  /** The same answer with another field. */
  public HttpAnswer with(String field, String value) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(field, value);
    return new HttpAnswer(status, more, content);
  }
}
