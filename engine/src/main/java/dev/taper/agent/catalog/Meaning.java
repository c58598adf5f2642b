package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.DerivedCall;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts together what one call means, argument by argument. For one thread. */
final class Meaning {
  /** What JSON has for a number. Nothing in it is tried twice; its size is looked at later. */
  private static final Pattern NUMBER =
      Pattern.compile("-?+(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?+(?:[eE][-+]?+[0-9]++)?+");

  private final CatalogTool tool;
  private final @Nullable ResourceTemplate resource;
  private final Set<String> placed;
  private final DerivedCall call;
  private final Set<String> given = new HashSet<>();

  Meaning(ToolCatalog catalog, CatalogTool tool, SentCall sent) {
    this.tool = tool;
    this.resource = catalog.resource(tool);
    this.placed = catalog.placed(tool);
    this.call = new DerivedCall(sent, catalog.digest(), tool.name(), catalog.touched(tool));
  }

  /** Takes the members of a JSON object in canonical form. */
  Meaning members(String json) {
    return members(CanonicalJson.members(json));
  }

  /** Takes the members of a JSON object, each value in canonical form. */
  Meaning members(SortedMap<String, String> members) {
    for (Map.Entry<String, String> member : members.entrySet()) {
      CatalogTool.Argument argument = take(expect(member.getKey()), member.getKey());
      if (!argument.dropped()) {
        call.argument(member.getKey(), member.getValue(), argument.type());
      }
    }
    return this;
  }

  /** Takes an argument that came as text, or as several texts. */
  void texts(String name, List<String> values) {
    CatalogTool.Argument argument = take(expect(name), name);
    if (argument.dropped()) {
      return;
    }
    if (argument.list()) {
      StringBuilder array = new StringBuilder("[");
      for (String value : values) {
        array.append(array.length() > 1 ? "," : "").append(quoted(value));
      }
      call.argument(name, array.append(']').toString(), argument.type());
    } else if (values.size() > 1) {
      throw invalid(name, "is repeated");
    } else {
      call.argument(name, json(name, values.get(0), argument.type()), argument.type());
    }
  }

  /** Takes an argument from the one place that the catalog gives it. */
  void placed(String name, String value) {
    CatalogTool.Argument argument = take(known(name), name);
    if (!argument.dropped()) {
      call.argument(name, json(name, value, argument.type()), argument.type());
    }
  }

  /** Takes content of any form. */
  void content(String name, SentHttp request) {
    take(known(name), name);
    call.content(name, request);
  }

  /** The argument, if it may stand among others that are named where they are sent. */
  CatalogTool.Argument expect(String name) {
    CatalogTool.Argument argument = known(name);
    if (placed.contains(name)) {
      throw invalid(name, "is sent in another part of the request than the catalog says");
    }
    return argument;
  }

  private CatalogTool.Argument known(String name) {
    CatalogTool.Argument argument = tool.arguments().get(name);
    if (argument == null) {
      throw new TaperException(
          ErrorCode.UNKNOWN_ARGUMENT,
          "the service's catalog names no argument "
              + ShownText.of(name, 64)
              + " of "
              + tool.name());
    }
    return argument;
  }

  private CatalogTool.Argument take(CatalogTool.Argument argument, String name) {
    if (!given.add(name)) {
      throw invalid(name, "is given twice");
    }
    return argument;
  }

  /** Text as the JSON value that a type asks for. */
  private static String json(String name, String text, ArgumentType type) {
    boolean fits =
        switch (type.kind()) {
          case STRING, ANY -> true;
          case INTEGER, NUMBER -> isPlain(text) || NUMBER.matcher(text).matches();
          case BOOLEAN -> text.equals("true") || text.equals("false");
          case ARRAY, OBJECT -> false;
        };
    if (!fits) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT_TYPE,
          "argument \""
              + name
              + "\" is not of the type that the service's catalog names: "
              + type.kind().text());
    }
    boolean string =
        type.kind() == ArgumentType.Kind.STRING || type.kind() == ArgumentType.Kind.ANY;
    return string ? quoted(text) : text;
  }

  /** Most numbers are some digits, for which there need be no pattern. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.charAt(0) != '0';
  }

  private static String quoted(String text) {
    return CanonicalJson.quoted(CanonicalJson.wellFormed(text));
  }

  private static TaperException invalid(String name, String why) {
    return new TaperException(
        ErrorCode.INVALID_REQUEST, "argument \"" + ShownText.of(name, 64) + "\" " + why);
  }

  /** The call, if nothing is missing. */
  ToolCall call() {
    tool.arguments()
        .forEach(
            (name, argument) -> {
              if (argument.required() && !given.contains(name)) {
                throw invalid(name, "is missing");
              }
            });
    return call.call(tool.operation(), resource == null ? null : resource.resource(call));
  }
}
