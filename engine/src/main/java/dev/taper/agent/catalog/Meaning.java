package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.DerivedCall;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.ToolCall;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts together what one call means, argument by argument. For one thread. */
final class Meaning {
  private final CatalogTool tool;
  private final @Nullable ResourceTemplate resource;
  private final DerivedCall call;
  private final Set<String> given = new HashSet<>();

  Meaning(ToolCatalog catalog, CatalogTool tool, SentCall sent) {
    this.tool = tool;
    this.resource = catalog.resource(tool);
    this.call = new DerivedCall(sent, catalog.digest(), tool.name());
  }

  /** Takes the members of a JSON object in canonical form. */
  Meaning members(String json) {
    for (Map.Entry<String, String> member : CanonicalJson.members(json).entrySet()) {
      CatalogArgument argument = argument(member.getKey());
      if (!argument.dropped()) {
        call.argument(member.getKey(), member.getValue(), argument.type());
      }
    }
    return this;
  }

  /** Takes an argument that came as text, or as several texts. */
  Meaning text(String name, List<String> values) {
    CatalogArgument argument = argument(name);
    if (argument.dropped()) {
      return this;
    }
    if (argument.list()) {
      StringBuilder array = new StringBuilder("[");
      for (String value : values) {
        array.append(array.length() > 1 ? "," : "");
        CanonicalJson.writeString(CanonicalJson.wellFormed(value), array);
      }
      call.argument(name, array.append(']').toString(), argument.type());
    } else if (values.size() > 1) {
      throw invalid(name, "is repeated");
    } else {
      call.argument(name, json(name, values.get(0), argument.type()), argument.type());
    }
    return this;
  }

  /** Takes content of any form. */
  Meaning content(String name, byte[] content) {
    argument(name);
    call.content(name, content);
    return this;
  }

  private CatalogArgument argument(String name) {
    CatalogArgument argument = tool.arguments().get(name);
    if (argument == null) {
      throw new TaperException(
          ErrorCode.UNKNOWN_ARGUMENT,
          "the service's catalog names no argument "
              + ShownText.of(name, 64)
              + " of "
              + tool.name());
    }
    if (!given.add(name)) {
      throw invalid(name, "is given twice");
    }
    return argument;
  }

  /** Text as the JSON value that a type asks for. */
  private static String json(String name, String text, ArgumentType type) {
    return switch (type.kind()) {
      case STRING, ANY -> {
        StringBuilder out = new StringBuilder();
        CanonicalJson.writeString(CanonicalJson.wellFormed(text), out);
        yield out.toString();
      }
      case INTEGER, NUMBER -> {
        if (!isNumber(text)) {
          throw wrongType(name, type);
        }
        yield text;
      }
      case BOOLEAN -> {
        if (!text.equals("true") && !text.equals("false")) {
          throw wrongType(name, type);
        }
        yield text;
      }
      case ARRAY, OBJECT -> throw wrongType(name, type);
    };
  }

  /** True for what JSON has for a number; its size is looked at later. */
  private static boolean isNumber(String text) {
    return text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
  }

  private static TaperException wrongType(String name, ArgumentType type) {
    return new TaperException(
        ErrorCode.INVALID_ARGUMENT_TYPE,
        "argument \""
            + name
            + "\" is not of the type that the service's catalog names: "
            + type.kind().text());
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
