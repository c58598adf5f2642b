package dev.taper.integrations.http;

import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.agent.call.SentHttp;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to ask for an approval, read strictly: no other members, none twice, none null.
 * Every mistake is {@code invalid_request}. Immutable and thread-safe.
 *
 * @param sent the call as its client would send it, without its header fields
 * @param fields the header fields, by their names in lower case
 * @param reason why
 */
record AskBody(SentHttp sent, Map<String, String> fields, String reason) {
  /** The most bytes of an ask: a content of 64 KiB in base64url, and what stands beside it. */
  static final int MAX_ASK = 128 * 1024;

  /** The most bytes of an answer: an approval of 4 KiB in base64url. */
  static final int MAX_ANSWER = 16 * 1024;

  private static final byte[] NOTHING = {};
  private static final JsonReader<RefusedException> READER =
      JsonReader.of(2, MAX_ASK, 1, (message, cause) -> Fields.invalid(message));

  /**
   * Reads what is asked.
   *
   * @param content the content of the request
   * @param origin the one that the client dialled
   */
  static AskBody read(IncomingRequest request, byte[] content, String origin)
      throws RefusedException {
    JsonMembers<RefusedException> members = members(request, content);
    Map<String, String> fields = fields(members.objectOrNull("fields"));
    String reason = members.text("reason");
    SentHttp sent = SentHttp.of(members.text("method"), origin, members.text("target"));
    byte[] bytes = members.bytesOrNull("content");
    sent = sent.content(members.textOrNull("content_type"), bytes == null ? NOTHING : bytes);
    String encoding = members.textOrNull("content_encoding");
    members.end();
    return new AskBody(encoding == null ? sent : sent.contentEncoding(encoding), fields, reason);
  }

  private static Map<String, String> fields(@Nullable JsonMembers<RefusedException> members)
      throws RefusedException {
    Map<String, String> fields = new TreeMap<>();
    if (members != null) {
      for (Map.Entry<String, String> field : members.allTexts().entrySet()) {
        if (fields.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue()) != null) {
          throw Fields.invalid("a field is there twice");
        }
      }
    }
    return fields;
  }

  /** The members of what is asked, or answered. */
  static JsonMembers<RefusedException> members(IncomingRequest request, byte[] content)
      throws RefusedException {
    String type = Fields.single(request, "content-type");
    String media = type == null ? "" : type.split(";", 2)[0].strip();
    if (!media.toLowerCase(Locale.ROOT).equals("application/json")) {
      throw Fields.invalid("the Content-Type is not application/json");
    }
    if (Fields.single(request, "content-encoding") != null) {
      throw Fields.invalid("the content is compressed");
    }
    return READER.read(content, "the content");
  }
}
