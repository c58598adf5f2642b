package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.TaperException;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.call.SentHttp;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An ask as its service keeps it, and what it tells of it. Nothing of its token is verified here.
 * Immutable and thread-safe.
 *
 * @param name what it is found by: a digest of its id, 64 hexadecimal digits
 * @param until when it ends
 * @param audience the service
 * @param sent the call as its client sent it, so that it can be previewed again
 * @param status how it stands; the service made the request by its own catalog
 */
public record KeptAsk(
    String name, Instant until, String audience, SentHttp sent, AskStatus status) {
  private static final String FIELD = "field ";
  private static final JsonReader<TaperException> READER =
      JsonReader.of(20, 1 << 22, 1000, (message, cause) -> broken(cause));

  /** The same ask, as it stands now. */
  KeptAsk with(AskStatus changed) {
    return new KeptAsk(name, until, audience, sent, changed);
  }

  /** What everyone who has the id reads. */
  String told() {
    return new JsonFields()
        .put("format", AskStatus.FORMAT)
        .put("state", status.state().text())
        .put("until", until.getEpochSecond())
        .json("request", status.request())
        .putAll(status.answers())
        .toJson();
  }

  /** What a store keeps beside name and end. */
  String content() {
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
        .put("state", status.state().text())
        .put("sent", call)
        .json("request", status.request())
        .putAll(status.answers())
        .toJson();
  }

  /**
   * Reads what a store has.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_FAILED} if it is something else
   */
  static KeptAsk read(Ask ask) {
    try {
      JsonMembers<TaperException> members = READER.read(ask.content(), "an ask");
      var unused = members.object("request"); // and nothing but an object
      return new KeptAsk(
          ask.name(),
          ask.until(),
          members.text("audience"),
          sent(members.object("sent")),
          AskStatus.read(members, members.json("request")));
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

  /** Its name and state. */
  @Override
  public String toString() {
    return "KeptAsk(" + name + ", " + status.state().text() + ")";
  }
}
