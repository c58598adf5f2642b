package dev.taper.server.serve.decide;

import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.TaperException;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.TokenOutline;
import dev.taper.operations.findings.CallerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the JSON object that a question is. Pure and thread-safe. */
final class QuestionJson {
  /** The longest question in bytes: a content of 64 KiB in base64url, fields, and room. */
  static final int MAX = 256 * 1024;

  private static final int MAX_DEPTH = 64;
  private static final int MAX_NUMBER = 1024;
  private static final JsonReader<QuestionException> JSON =
      JsonReader.of(
              MAX_DEPTH,
              MAX,
              MAX_NUMBER,
              (String message, @Nullable Throwable cause) -> new QuestionException(message))
          .withNumbers(McpJson::number);

  private QuestionJson() {}

  /**
   * Reads the content of a question, if a token in it is good or it is small.
   *
   * @throws RefusedException what is refused of its token
   */
  static JsonMembers<QuestionException> read(IncomingRequest request, Judge judge)
      throws QuestionException, RefusedException {
    requireJson(request);
    byte[] content = content(request);
    HttpRefusal refusal;
    try {
      refusal = judge.unread(TokenOutline.ofQuestion(content));
    } catch (TaperException e) {
      throw noObject();
    }
    if (refusal != null) {
      throw new RefusedException(refusal);
    }
    return JSON.read(content, "the question");
  }

  private static byte[] content(IncomingRequest request) throws QuestionException {
    try (InputStream in = request.content()) {
      byte[] content = in.readNBytes(MAX + 1);
      if (content.length > MAX) {
        throw new QuestionException("a question has at most " + MAX + " bytes");
      }
      return content;
    } catch (IOException e) {
      throw new QuestionException("the content ends early");
    }
  }

  private static QuestionException noObject() {
    return new QuestionException("the content is no JSON object, or has a name twice");
  }

  private static void requireJson(IncomingRequest request) throws QuestionException {
    List<String> types = request.field("content-type");
    String media = types.size() == 1 ? types.get(0).split(";", 2)[0].strip() : "";
    if (!media.toLowerCase(Locale.ROOT).equals("application/json")) {
      throw new QuestionException("the Content-Type is not application/json");
    }
    if (!request.field("content-encoding").isEmpty()) {
      throw new QuestionException("the content is compressed");
    }
  }

  /** An address in figures; null if there is none. */
  static @Nullable InetAddress optionalAddress(JsonMembers<QuestionException> json, String name)
      throws QuestionException {
    String text = json.textOrNull(name);
    InetAddress address = CallerAddress.figures(text);
    if (text != null && address == null) {
      throw json.invalid(name, "is no address in figures");
    }
    return address;
  }

  /** Values of header fields, by their names in lower case: each a text, or texts. */
  static Map<String, List<String>> fields(JsonMembers<QuestionException> json)
      throws QuestionException {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (String name : json.names()) {
      if (fields.put(name.toLowerCase(Locale.ROOT), json.textOrTexts(name)) != null) {
        throw json.invalid(name, "is one field in two spellings");
      }
    }
    return fields;
  }

  /** An object as JSON text; an empty one if there is none. */
  static String object(JsonMembers<QuestionException> json, String name) throws QuestionException {
    try {
      return McpJson.write(json.map(name), MAX);
    } catch (TaperException e) {
      throw json.invalid(name, "has more than " + MAX + " characters, or cannot be written");
    }
  }
}
