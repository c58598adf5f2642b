package dev.taper.integrations.http;

import dev.taper.Given;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.agent.call.SentHttp;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to ask for an approval, or to answer, read strictly: no other members, none twice,
 * none null. Every mistake is {@code invalid_request}.
 */
final class AskBody {
  /** The most bytes of an ask: a content of 64 KiB in base64url, and what stands beside it. */
  static final int MAX_ASK = 128 * 1024;

  /** The most bytes of an answer: an approval of 4 KiB in base64url. */
  static final int MAX_ANSWER = 16 * 1024;

  private static final JsonReader<RefusedException> READER =
      JsonReader.of(2, MAX_ASK, 1, (message, cause) -> Fields.invalid(message));
  private final Map<String, String> members = new TreeMap<>();
  private final Map<String, String> fields = new TreeMap<>();

  private AskBody() {}

  /**
   * Reads the members, all of them strings but {@code fields}.
   *
   * @param content the content of a request
   */
  static AskBody read(IncomingRequest request, byte[] content) throws RefusedException {
    requireJson(request);
    AskBody body = new AskBody();
    JsonMembers<RefusedException> read = READER.read(content, "the content");
    for (String name : read.names()) {
      if (name.equals("fields")) {
        for (Map.Entry<String, String> field : read.object(name).allTexts().entrySet()) {
          if (body.fields.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue()) != null) {
            throw Fields.invalid("a field is there twice");
          }
        }
      } else {
        body.members.put(name, read.text(name));
      }
    }
    return body;
  }

  private static void requireJson(IncomingRequest request) throws RefusedException {
    String type = Fields.single(request, "content-type");
    String media = type == null ? "" : type.split(";", 2)[0].strip();
    if (!media.toLowerCase(Locale.ROOT).equals("application/json")) {
      throw Fields.invalid("the Content-Type is not application/json");
    }
    if (Fields.single(request, "content-encoding") != null) {
      throw Fields.invalid("the content is compressed");
    }
  }

  /** Takes a member out; null if it is not there. */
  @Nullable String take(String name) {
    return members.remove(name);
  }

  private String required(String name) throws RefusedException {
    String value = take(name);
    if (value == null) {
      throw Fields.invalid("the member " + name + " is missing");
    }
    return value;
  }

  /** Refuses what is left. */
  void requireNothingElse() throws RefusedException {
    if (!members.isEmpty() || !fields.isEmpty()) {
      throw Fields.invalid("the content has a member that is unknown");
    }
  }

  /** Takes out why. */
  String reason() throws RefusedException {
    return required("reason");
  }

  /**
   * Takes out the call as its client would send it, without its header fields.
   *
   * @param origin the one that the client dialled
   */
  SentHttp sent(String origin) throws RefusedException {
    SentHttp call = SentHttp.of(required("method"), origin, required("target"));
    String type = take("content_type");
    String content = take("content");
    String encoding = take("content_encoding");
    call = call.content(type, content == null ? new byte[0] : bytes(content));
    return encoding == null ? call : call.contentEncoding(encoding);
  }

  /** Takes out the header fields, by their names in lower case. */
  Map<String, String> fields() {
    Map<String, String> taken = new TreeMap<>(fields);
    fields.clear();
    return taken;
  }

  private static byte[] bytes(String text) throws RefusedException {
    byte[] bytes = Given.base64(text);
    if (bytes == null) {
      throw Fields.invalid("the member content is not base64url without padding");
    }
    return bytes;
  }
}
