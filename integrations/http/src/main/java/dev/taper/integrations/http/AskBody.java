package dev.taper.integrations.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.Given;
import dev.taper.SafeJson;
import dev.taper.ShownText;
import dev.taper.agent.call.SentHttp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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

  private static final int MAX_DEPTH = 2;
  private static final JsonFactory FACTORY = SafeJson.strict(MAX_DEPTH, MAX_ASK, 1);

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
    try (JsonParser json = FACTORY.createParser(text(content))) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw Fields.invalid("the content is no JSON object");
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        if (json.nextToken() == JsonToken.START_OBJECT && name.equals("fields")) {
          body.readFields(json);
        } else {
          body.members.put(name, string(json, name));
        }
      }
      if (json.nextToken() != null) {
        throw Fields.invalid("the JSON object is followed by something else");
      }
      return body;
    } catch (IOException e) {
      throw Fields.invalid("the content is no JSON, or has a name twice");
    }
  }

  private void readFields(JsonParser json) throws IOException, RefusedException {
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      if (fields.put(field.toLowerCase(Locale.ROOT), string(json, "field")) != null) {
        throw Fields.invalid("a field is there twice");
      }
    }
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

  private static String text(byte[] content) throws RefusedException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw Fields.invalid("the content is not UTF-8");
    }
  }

  private static String string(JsonParser json, String name) throws IOException, RefusedException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw Fields.invalid("the member " + ShownText.of(name, 32) + " is no string");
    }
    return json.getText();
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
