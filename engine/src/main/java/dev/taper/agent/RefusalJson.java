package dev.taper.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the caller's form of a denial. */
final class RefusalJson {
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER = 64;
  private static final int MAX_CODE = 64;
  private static final JsonFactory FACTORY = SafeJson.strict(MAX_DEPTH, MAX_CHARS, MAX_NUMBER);

  private RefusalJson() {}

  static Refusal read(String json) {
    Map<?, ?> members = object(parse(Given.that(json, "the JSON of a refusal")), "it");
    if (!"taper/1 decision".equals(members.get("format"))
        || !new Digits("2").equals(members.get("version"))
        || !"caller".equals(members.get("view"))) {
      throw malformed(
          members.get("decision") instanceof Map<?, ?>
              ? "it is a guarded service's answer; the refusal is its member decision"
              : "it is no decision for a caller, of version 2",
          null);
    }
    if (!Boolean.FALSE.equals(members.get("allowed"))) {
      throw malformed("it does not say that the call was refused", null);
    }
    String code = text(members, "code");
    if (code.length() > MAX_CODE || !code.matches("[a-z_]+")) {
      throw malformed("its code is none", null);
    }
    Map<?, ?> call = object(members.get("call"), "call");
    return new Refusal(
        code,
        text(members, "reason"),
        text(members, "audience"),
        text(call, "tool"),
        call.get("operation") == null ? null : text(call, "operation"),
        call.get("resource") == null ? null : text(call, "resource"),
        holders(members),
        suggestion(members.get("suggestion")),
        missing(waitsFor(members)));
  }

  /** What is missing here or, if nothing is, for what would help. */
  private static @Nullable Object waitsFor(Map<?, ?> members) {
    Object here = members.get("missing_activation");
    Object suggestion = members.get("suggestion");
    return here == null && suggestion instanceof Map<?, ?> inner
        ? inner.get("missing_activation")
        : here;
  }

  private static List<String> holders(Map<?, ?> members) {
    List<String> holders = new ArrayList<>();
    if (members.get("hops") instanceof List<?> hops) {
      for (Object hop : hops) {
        if (object(hop, "hops").get("holder") instanceof String holder) {
          holders.add(holder);
        }
      }
    }
    return holders;
  }

  private static Refusal.@Nullable Suggested suggestion(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    Map<?, ?> members = object(value, "suggestion");
    return new Refusal.Suggested(
        text(members, "whom"), text(members, "grant"), texts(members, "any_value_of"));
  }

  private static Refusal.@Nullable Missing missing(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    Map<?, ?> members = object(value, "missing_activation");
    return new Refusal.Missing(
        texts(members, "missing"),
        texts(members, "approvers"),
        Boolean.TRUE.equals(members.get("ask_service")));
  }

  private static Map<?, ?> object(@Nullable Object value, String name) {
    if (value instanceof Map<?, ?> members) {
      return members;
    }
    throw malformed(name + " is no object", null);
  }

  private static String text(Map<?, ?> members, String name) {
    if (members.get(name) instanceof String text) {
      return text;
    }
    throw malformed(name + " is no text", null);
  }

  private static List<String> texts(Map<?, ?> members, String name) {
    List<String> texts = new ArrayList<>();
    if (members.get(name) instanceof List<?> values) {
      for (Object value : values) {
        if (!(value instanceof String text)) {
          throw malformed(name + " holds something other than texts", null);
        }
        texts.add(text);
      }
    } else if (members.get(name) != null) {
      throw malformed(name + " is no array", null);
    }
    return texts;
  }

  private static @Nullable Object parse(String json) {
    if (json.length() > MAX_CHARS) {
      throw malformed("it has more than " + MAX_CHARS + " characters", null);
    }
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw malformed("there is something behind its end", null);
      }
      return value;
    } catch (IOException e) {
      throw malformed("it is no JSON, or has a repeated name", e);
    }
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == null) {
      return null;
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> members = new HashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String name = json.currentName();
          json.nextToken();
          members.put(name, value(json));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<@Nullable Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(json));
        }
        yield elements;
      }
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Digits(json.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /** A number as written. */
  private record Digits(String text) {}

  private static TaperException malformed(String what, @Nullable Throwable cause) {
    return new TaperException(
        ErrorCode.MALFORMED_REFUSAL, "this is no refusal that a caller can read: " + what, cause);
  }
}
