package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
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

  private static final String PLACE = "an ask";
  private static final String FIELD = "field ";
  private static final JsonReader<TaperException> READER =
      JsonReader.of(20, 1 << 22, 1000, (message, cause) -> broken(cause));

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
    return new JsonFields()
        .put("format", "taper/1 ask")
        .put("state", state.text)
        .put("until", until.getEpochSecond())
        .putAll(answers())
        .toJson();
  }

  /** All of it, for the store. */
  String kept() {
    JsonFields call =
        new JsonFields()
            .put("method", sent.method())
            .put("origin", sent.origin())
            .put("target", sent.target())
            .putIfPresent("content_type", sent.contentType())
            .putIfPresent("content_encoding", sent.contentEncoding())
            .put("content", Base64.getUrlEncoder().withoutPadding().encodeToString(sent.content()));
    sent.fields().forEach((name, value) -> call.put(FIELD + name, value));
    return new JsonFields()
        .put("audience", audience)
        .put("state", state.text)
        .put("sent", call)
        .putAll(answers())
        .toJson();
  }

  private JsonFields answers() {
    return new JsonFields()
        .json("request", request)
        .put("approvals", approvals)
        .putIfPresent("refusal", refusal);
  }

  /**
   * Reads what was kept.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_FAILED} if the store gives something else
   */
  static AskContent read(String kept) {
    try {
      JsonMembers<TaperException> members = READER.read(kept, PLACE);
      var unused = members.object("request"); // and nothing but an object
      return new AskContent(
          members.text("audience"),
          State.parse(members.text("state")),
          sent(members.object("sent")),
          members.json("request"),
          members.texts("approvals"),
          members.textOrNull("refusal"));
    } catch (TaperException e) {
      throw e.code() == ErrorCode.DATABASE_FAILED ? e : broken(e);
    }
  }

  private static SentHttp sent(JsonMembers<TaperException> parts) {
    byte[] content = parts.bytesOrNull("content");
    if (content == null) {
      throw broken(null);
    }
    SentHttp sent =
        SentHttp.of(parts.text("method"), parts.text("origin"), parts.text("target"))
            .content(parts.textOrNull("content_type"), content);
    String encoding = parts.textOrNull("content_encoding");
    sent = encoding == null ? sent : sent.contentEncoding(encoding);
    for (String name : parts.names()) {
      if (name.startsWith(FIELD)) {
        sent = sent.field(name.substring(FIELD.length()), parts.text(name));
      }
    }
    return sent;
  }

  private static TaperException broken(@Nullable Throwable cause) {
    return new TaperException(
        ErrorCode.DATABASE_FAILED, "the store of asks holds something else", cause);
  }
}
