package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What an HTTP request means. */
final class HttpMeaning {
  private HttpMeaning() {}

  /** A route that a request takes. */
  private record Taken(CatalogTool tool, Map<String, String> path, Origin origin, String label) {}

  static ToolCall of(SentHttp sent, ToolCatalog catalog) {
    Taken taken = take(sent, catalog);
    Meaning meaning = new Meaning(catalog, taken.tool(), sent);
    String label = taken.origin().argument();
    if (label != null) {
      meaning.text(label, List.of(taken.label()));
    }
    taken.path().forEach((name, value) -> meaning.text(name, List.of(value)));
    int query = sent.target().indexOf('?');
    if (query >= 0) {
      pairs(sent.target().substring(query + 1), meaning);
    }
    fields(sent, taken.tool(), meaning);
    content(sent, taken.tool(), meaning);
    return meaning.call();
  }

  static Set<String> fields(SentHttp sent, ToolCatalog catalog) {
    Set<String> fields = new TreeSet<>();
    for (CatalogArgument argument : take(sent, catalog).tool().arguments().values()) {
      if (argument.field() != null) {
        fields.add(argument.field());
      }
    }
    return fields;
  }

  private static Taken take(SentHttp sent, ToolCatalog catalog) {
    Origin origin = catalog.origin(sent.origin());
    if (origin == null) {
      throw ToolCatalog.unknown("the service is not dialled as " + ShownText.of(sent.origin(), 64));
    }
    String target = sent.target();
    if (!target.startsWith(origin.prefix() + "/")) {
      throw ToolCatalog.unknown("the service has no such path");
    }
    int query = target.indexOf('?');
    String path =
        Canonical.path(
            target.substring(origin.prefix().length(), query < 0 ? target.length() : query));
    CatalogTool best = null;
    HttpRoute bestRoute = null;
    Map<String, String> arguments = Map.of();
    for (CatalogTool tool : catalog.routes()) {
      HttpRoute route = tool.http();
      if (route == null || !route.method().equals(sent.method())) {
        continue;
      }
      Map<String, String> found = route.match(path);
      if (found != null && (bestRoute == null || route.before(bestRoute))) {
        best = tool;
        bestRoute = route;
        arguments = found;
      }
    }
    if (best == null) {
      throw ToolCatalog.unknown("the service has no such method and path");
    }
    String label = origin.label(sent.origin());
    return new Taken(best, arguments, origin, label == null ? "" : label);
  }

  private static void pairs(String text, Meaning meaning) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (UrlEncoded.Pair pair : UrlEncoded.pairs(text)) {
      values.computeIfAbsent(pair.name(), name -> new ArrayList<>()).add(pair.value());
    }
    values.forEach(meaning::text);
  }

  private static void fields(SentHttp sent, CatalogTool tool, Meaning meaning) {
    Map<String, String> byField = new LinkedHashMap<>();
    tool.arguments()
        .forEach(
            (name, argument) -> {
              if (argument.field() != null) {
                byField.put(argument.field(), name);
              }
            });
    sent.fields()
        .forEach(
            (field, value) -> {
              String name = byField.get(field);
              if (name == null) {
                throw new TaperException(
                    ErrorCode.UNKNOWN_ARGUMENT,
                    "the service's catalog names no argument that is sent in " + field);
              }
              meaning.text(name, List.of(value));
            });
  }

  private static void content(SentHttp sent, CatalogTool tool, Meaning meaning) {
    byte[] content = sent.content();
    String whole = tool.content();
    if (whole != null) {
      if (content.length > 0) {
        meaning.content(whole, content);
      }
      return;
    }
    if (sent.contentEncoding() != null) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "the content is encoded, and the service has to read it");
    }
    if (content.length == 0) {
      return;
    }
    switch (HttpRules.kind(sent.contentType())) {
      case JSON -> meaning.members(CanonicalJson.object(text(content), "the content"));
      case FORM -> {
        String form = text(content);
        if (form.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
          throw new TaperException(
              ErrorCode.INVALID_REQUEST, "the form of the request holds what has to be escaped");
        }
        pairs(form, meaning);
      }
      case OTHER ->
          throw new TaperException(
              ErrorCode.INVALID_REQUEST,
              "the content of the request is neither JSON nor a form, so nobody would judge it");
    }
  }

  private static String text(byte[] content) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(content))
          .toString();
    } catch (CharacterCodingException e) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST, "the content of the request is not UTF-8", e);
    }
  }
}
