package dev.taper.integrations.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a service keeps of an ask, and what it tells of it. Immutable and thread-safe.
 *
 * @param audience the service
 * @param state how far it is
 * @param sent the call as its client sent it, so that it can be previewed again
 * @param request the request for approval, as JSON
 * @param approvals those that came, in base64url
 * @param refusal why somebody refused; null if nobody did
 */
record AskContent(
    String audience,
    State state,
    SentHttp sent,
    String request,
    List<String> approvals,
    @Nullable String refusal) {
  /** How far an ask is. */
  enum State {
    OPEN("open"),
    ANSWERED("answered"),
    REFUSED("refused");

    private final String text;

    State(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    static State parse(String text) {
      for (State state : values()) {
        if (state.text.equals(text)) {
          return state;
        }
      }
      throw broken(null);
    }
  }

  private static final int MAX_DEPTH = 20;
  private static final int MAX_CHARACTERS = 1 << 22;
  private static final int MAX_NUMBER = 1000;
  private static final JsonFactory FACTORY = SafeJson.strict(MAX_DEPTH, MAX_CHARACTERS, MAX_NUMBER);

  AskContent {
    approvals = List.copyOf(approvals);
  }

  /** The same ask, refused; what was approved before is not told any more. */
  AskContent refused(String reason) {
    return new AskContent(audience, State.REFUSED, sent, request, List.of(), reason);
  }

  /** The same ask with other approvals. */
  AskContent with(List<String> others, State newState) {
    return new AskContent(audience, newState, sent, request, others, refusal);
  }

  /** What whoever has the id is told. */
  String told(Instant until) {
    return object(
        json -> {
          json.writeStringField("format", "taper/1 ask");
          json.writeStringField("state", state.text);
          json.writeNumberField("until", until.getEpochSecond());
          answers(json);
        });
  }

  /** All of it, for the store. */
  String kept() {
    return object(
        json -> {
          json.writeStringField("audience", audience);
          json.writeStringField("state", state.text);
          json.writeObjectFieldStart("sent");
          json.writeStringField("method", sent.method());
          json.writeStringField("origin", sent.origin());
          json.writeStringField("target", sent.target());
          optional(json, "content_type", sent.contentType());
          optional(json, "content_encoding", sent.contentEncoding());
          json.writeStringField(
              "content", Base64.getUrlEncoder().withoutPadding().encodeToString(sent.content()));
          for (Map.Entry<String, String> field : sent.fields().entrySet()) {
            json.writeStringField("field " + field.getKey(), field.getValue());
          }
          json.writeEndObject();
          answers(json);
        });
  }

  private void answers(JsonGenerator json) throws IOException {
    json.writeFieldName("request");
    json.writeRawValue(request);
    json.writeArrayFieldStart("approvals");
    for (String approval : approvals) {
      json.writeString(approval);
    }
    json.writeEndArray();
    optional(json, "refusal", refusal);
  }

  private static void optional(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  private static String object(Members members) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /**
   * Reads what was kept.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_FAILED} if the store gives something else
   */
  static AskContent read(String kept) {
    try (JsonParser json = FACTORY.createParser(kept)) {
      return read(json, kept);
    } catch (IOException e) {
      throw broken(e);
    } catch (TaperException e) {
      throw e.code() == ErrorCode.DATABASE_FAILED ? e : broken(e);
    }
  }

  private static AskContent read(JsonParser json, String kept) throws IOException {
    json.nextToken(); // in anything but an object there are no members
    Map<String, String> texts = new TreeMap<>();
    List<String> approvals = new ArrayList<>();
    SentHttp sent = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals("approvals")) {
        approvals(json, approvals);
      } else if (name.equals("sent")) {
        sent = sent(json);
      } else {
        texts.put(name, name.equals("request") ? raw(json, kept) : text(json));
      }
    }
    require(json.nextToken() == null);
    return new AskContent(
        required(texts, "audience"),
        State.parse(required(texts, "state")),
        required(sent),
        required(texts, "request"),
        approvals,
        texts.get("refusal"));
  }

  private static void approvals(JsonParser json, List<String> to) throws IOException {
    while (json.nextToken() != JsonToken.END_ARRAY) { // which nothing but an array gets to
      to.add(text(json));
    }
  }

  private static String text(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.VALUE_STRING);
    return json.getText();
  }

  private static String raw(JsonParser json, String kept) throws IOException {
    require(json.currentToken() == JsonToken.START_OBJECT);
    int start = (int) json.currentTokenLocation().getCharOffset();
    json.skipChildren();
    return kept.substring(start, (int) json.currentLocation().getCharOffset());
  }

  private static SentHttp sent(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.START_OBJECT);
    Map<String, String> parts = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      parts.put(name, text(json));
    }
    byte[] content = decoded(required(parts, "content"));
    SentHttp sent =
        SentHttp.of(required(parts, "method"), required(parts, "origin"), required(parts, "target"))
            .content(parts.get("content_type"), content);
    String encoding = parts.get("content_encoding");
    sent = encoding == null ? sent : sent.contentEncoding(encoding);
    for (Map.Entry<String, String> part : parts.entrySet()) {
      if (part.getKey().startsWith("field ")) {
        sent = sent.field(part.getKey().substring("field ".length()), part.getValue());
      }
    }
    return sent;
  }

  private static byte[] decoded(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw broken(e);
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw broken(null);
    }
  }

  private static String required(Map<String, String> texts, String name) {
    return required(texts.get(name));
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw broken(null);
    }
    return value;
  }

  private static TaperException broken(@Nullable Throwable cause) {
    return new TaperException(
        ErrorCode.DATABASE_FAILED, "the store of asks holds something else", cause);
  }
}
