package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.UrlEncoded;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What an HTTP request means. */
final class HttpMeaning {
  /** How many addresses of a service a message names. */
  private static final int SHOWN_ORIGINS = 4;

  private HttpMeaning() {}

  /**
   * What a request calls, by its origin, method and path.
   *
   * @param label what the origin has where the catalog names an argument
   */
  private record Taken(
      CatalogTool tool, Map<String, String> path, ToolCatalog.Origin origin, String label) {}

  static ToolCall of(SentHttp sent, ToolCatalog catalog) {
    Taken taken = take(sent, catalog);
    Meaning meaning = new Meaning(catalog, taken.tool(), sent);
    String label = taken.origin().argument();
    if (label != null) {
      meaning.placed(label, taken.label());
    }
    taken.path().forEach(meaning::placed);
    fields(sent, taken.tool(), meaning);
    int query = sent.target().indexOf('?');
    if (query >= 0) {
      pairs(sent.target().substring(query + 1), "query", meaning);
    }
    content(sent, taken.tool(), meaning);
    return meaning.call();
  }

  static Set<String> fields(SentHttp sent, ToolCatalog catalog) {
    Set<String> fields = new TreeSet<>();
    for (CatalogTool.Argument argument : take(sent, catalog).tool().arguments().values()) {
      if (argument.field() != null) {
        fields.add(argument.field());
      }
    }
    return fields;
  }

  /** Where the service is, for whoever took another address or port of it. */
  private static String service(ToolCatalog catalog) {
    return catalog.origins().isEmpty()
        ? ", and this service has no address"
        : ", and this service is "
            + catalog.origins().stream()
                .limit(SHOWN_ORIGINS)
                .map(origin -> ShownText.of(origin.origin(), 64))
                .collect(Collectors.joining(" or "));
  }

  private static Taken take(SentHttp sent, ToolCatalog catalog) {
    ToolCatalog.Origin origin = catalog.origin(sent.origin());
    String label = origin == null ? null : origin.label(sent.origin());
    if (origin == null || label == null) {
      throw ToolCatalog.unknown(
          "the request is signed for " + ShownText.of(sent.origin(), 64) + service(catalog));
    }
    String target = sent.target();
    if (!target.startsWith(origin.prefix() + "/")) {
      throw ToolCatalog.unknown("the service has no such path");
    }
    int query = target.indexOf('?');
    String path =
        HttpRules.path(
            target.substring(origin.prefix().length(), query < 0 ? target.length() : query));
    HttpRoutes.Taken route = catalog.routes().find(sent.method(), path);
    if (route == null) {
      throw ToolCatalog.unknown("the service has no such method and path");
    }
    return new Taken(route.tool(), route.arguments(), origin, label);
  }

  /** Takes the pairs of a query or form; one that has no place in the call ends the reading. */
  private static void pairs(String text, String subject, Meaning meaning) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    UrlEncoded.pairs(
        text,
        subject,
        (name, value) -> {
          List<String> known = values.get(name);
          if (known == null) {
            meaning.expect(name);
            values.put(name, new ArrayList<>(List.of(value)));
          } else {
            known.add(value);
          }
        });
    values.forEach(meaning::texts);
  }

  private static void fields(SentHttp sent, CatalogTool tool, Meaning meaning) {
    if (sent.fields().isEmpty()) {
      return;
    }
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
              meaning.placed(name, value);
            });
  }

  private static void content(SentHttp sent, CatalogTool tool, Meaning meaning) {
    String whole = tool.content();
    if (whole != null) {
      if (!sent.isContentSeen() || sent.contentLength() > 0) {
        if (HttpRules.isForm(sent.contentType())) {
          throw invalid("a form is content that servers read arguments and the method from");
        }
        meaning.content(whole, sent);
      }
      return;
    }
    if (sent.contentEncoding() != null) {
      throw invalid("the content is encoded, and the service has to read it");
    }
    if (sent.contentLength() == 0) {
      return;
    }
    if (sent.contentLength() > ToolCall.MAX_BYTES) {
      throw invalid("the content of the request is larger than " + ToolCall.MAX_BYTES + " bytes");
    }
    switch (HttpRules.kind(sent.contentType())) {
      case JSON -> meaning.members(CanonicalJson.members(text(sent), "the content"));
      case FORM -> {
        String form = text(sent);
        if (form.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
          throw invalid("the form of the request holds what has to be escaped");
        }
        pairs(form, "form", meaning);
      }
      case OTHER ->
          throw invalid(
              "the content of the request is neither JSON nor a form, so nobody would judge it");
    }
  }

  private static String text(SentHttp sent) {
    String text = Given.utf8(sent.content());
    if (text == null) {
      throw invalid("the content of the request is not UTF-8");
    }
    return text;
  }

  private static TaperException invalid(String message) {
    return new TaperException(ErrorCode.INVALID_REQUEST, message);
  }
}
