package dev.taper.server.serve.decide;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.TokenOutline;
import dev.taper.operations.findings.AbuseWatch;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object in a question, taken out one by one. No name is there twice, no
 * member is null. For one thread.
 */
final class QuestionJson {
  /** The longest question in bytes: a content of 64 KiB in base64url, fields, and room. */
  static final int MAX = 256 * 1024;

  private final String where;
  private final Map<String, @Nullable Object> members;

  private QuestionJson(String where, Map<String, @Nullable Object> members) {
    this.where = where;
    this.members = members;
  }

  /**
   * Reads the content of a question, if a token in it is good or it is small.
   *
   * @throws RefusedException what is refused of its token
   */
  static QuestionJson read(IncomingRequest request, Judge judge)
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
    return read(content);
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

  private static QuestionJson read(byte[] content) throws QuestionException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return new QuestionJson("the question", McpJson.read(text, MAX));
    } catch (CharacterCodingException e) {
      throw new QuestionException("the content is not UTF-8");
    } catch (TaperException e) {
      throw noObject();
    }
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

  /** True if there is a member. */
  boolean has(String name) {
    return members.containsKey(name);
  }

  /** Takes out a text. */
  String text(String name) throws QuestionException {
    String value = optionalText(name);
    if (value == null) {
      throw wrong(name, "is missing");
    }
    return value;
  }

  /** Takes out a text; null if there is none. */
  @Nullable String optionalText(String name) throws QuestionException {
    if (!has(name)) {
      return null;
    }
    if (members.remove(name) instanceof String text) {
      return text;
    }
    throw wrong(name, "is no string");
  }

  /** Takes out an address in figures; null if there is none. */
  @Nullable InetAddress optionalAddress(String name) throws QuestionException {
    String text = optionalText(name);
    InetAddress address = AbuseWatch.address(text);
    if (text != null && address == null) {
      throw wrong(name, "is no address in figures");
    }
    return address;
  }

  /** Takes out a whole number that is not negative; null if there is none. */
  @Nullable Integer optionalCount(String name) throws QuestionException {
    if (!has(name)) {
      return null;
    }
    if (members.remove(name) instanceof Integer number && number >= 0) {
      return number;
    }
    throw wrong(name, "is no whole number that can be counted to");
  }

  /** Takes out texts; none if there is no such member. */
  List<String> texts(String name) throws QuestionException {
    if (!has(name)) {
      return List.of();
    }
    return texts(name, members.remove(name));
  }

  private List<String> texts(String name, @Nullable Object value) throws QuestionException {
    if (value instanceof List<?> elements) {
      List<String> texts = new ArrayList<>(elements.size());
      for (Object element : elements) {
        if (!(element instanceof String text)) {
          throw wrong(name, "has an element that is no string");
        }
        texts.add(text);
      }
      return texts;
    }
    throw wrong(name, "is no array of strings");
  }

  /** Takes out an object. */
  QuestionJson object(String name) throws QuestionException {
    QuestionJson value = optionalObject(name);
    if (value == null) {
      throw wrong(name, "is missing");
    }
    return value;
  }

  /** Takes out an object; null if there is none. */
  @Nullable QuestionJson optionalObject(String name) throws QuestionException {
    return has(name) ? new QuestionJson(name, map(name, members.remove(name))) : null;
  }

  /** Takes out objects; null if there is no such member. */
  @Nullable List<QuestionJson> optionalObjects(String name) throws QuestionException {
    if (!has(name)) {
      return null;
    }
    if (members.remove(name) instanceof List<?> elements) {
      List<QuestionJson> objects = new ArrayList<>();
      for (Object element : elements) {
        objects.add(new QuestionJson(name, map(name, element)));
      }
      return objects;
    }
    throw wrong(name, "is no array of objects");
  }

  private Map<String, @Nullable Object> map(String name, @Nullable Object value)
      throws QuestionException {
    if (!(value instanceof Map<?, ?> given)) {
      throw wrong(name, "is no object");
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    given.forEach((key, member) -> members.put((String) key, member));
    return members;
  }

  /** Takes out values of header fields, by their names in lower case: each a text, or texts. */
  Map<String, List<String>> fields(String name) throws QuestionException {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (Map.Entry<String, @Nullable Object> field : map(name, members.remove(name)).entrySet()) {
      String lower = field.getKey().toLowerCase(Locale.ROOT);
      List<String> values =
          field.getValue() instanceof String one ? List.of(one) : texts(name, field.getValue());
      if (fields.put(lower, values) != null) {
        throw wrong(name, "has one field in two spellings");
      }
    }
    return fields;
  }

  /** All members that are left, as they were read; not to be used afterwards. */
  Map<String, @Nullable Object> rest() {
    return members;
  }

  /** These members, and of those in another object the named ones that are missing here. */
  QuestionJson withDefaults(QuestionJson defaults, List<String> names) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(members);
    for (String name : names) {
      if (defaults.has(name)) {
        all.putIfAbsent(name, defaults.members.get(name));
      }
    }
    return new QuestionJson(where, all);
  }

  /** Refuses what is left. */
  void end() throws QuestionException {
    for (String name : members.keySet()) {
      throw wrong(name, "is unknown");
    }
  }

  QuestionException wrong(String name, String what) {
    return new QuestionException(
        "the member " + ShownText.of(name, 32) + " of " + ShownText.of(where, 32) + " " + what);
  }
}
