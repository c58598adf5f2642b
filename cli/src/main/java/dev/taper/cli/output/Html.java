package dev.taper.cli.output;

import dev.taper.cli.io.KeyNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the elements of an HTML page. Escapes all but the names and classes of elements, and shows
 * control and format characters as {@link SafeText} does.
 */
public final class Html {
  private static final Pattern MOMENT_OR_KEY =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)(?:\\.\\d+)?Z"
              + "|((?:ed25519|secp256r1)/[0-9a-f]{16})[0-9a-f]{48,50}");

  private final StringBuilder out = new StringBuilder();
  private KeyNames names = KeyNames.NONE;

  /**
   * A page without scripts and without anything to load, up to the start of its body.
   *
   * @param title the page's title
   * @param owner the class beside which the style lies
   * @param style the style's file
   */
  public static Html page(String title, Class<?> owner, String style) {
    Html html = new Html();
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
            + " 'unsafe-inline'\">\n");
    html.element("title", "", title);
    html.raw("<style>\n").raw(resource(owner, style)).raw("</style>\n</head>\n<body>\n");
    return html.open("main", "");
  }

  private static String resource(Class<?> owner, String name) {
    try (InputStream stream = owner.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shows the keys of all text from here on with their names. */
  public Html naming(KeyNames newNames) {
    names = newNames;
    return this;
  }

  /** The whole page, with its end. */
  public String end() {
    return close("main").raw("</body>\n</html>").toString();
  }

  /** Opens an element; the style class may be empty. */
  public Html open(String element, String styleClass) {
    out.append('<').append(element);
    if (!styleClass.isEmpty()) {
      out.append(" class=\"").append(styleClass).append('"');
    }
    out.append('>');
    return this;
  }

  /** Closes an element. */
  public Html close(String element) {
    out.append("</").append(element).append(">\n");
    return this;
  }

  /** Adds an element that holds text. */
  public Html element(String element, String styleClass, String text) {
    return open(element, styleClass).text(text).close(element);
  }

  /** Adds text. */
  public Html text(String text) {
    String safe = SafeText.lines(names.in(text));
    for (int i = 0; i < safe.length(); i++) {
      char c = safe.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return this;
  }

  /** Adds an element that holds prose. */
  public Html prose(String element, String styleClass, String text) {
    return open(element, styleClass).prose(text).close(element);
  }

  /** Adds text in which moments are easy to read and keys are short; pointing shows them whole. */
  public Html prose(String text) {
    Matcher found = MOMENT_OR_KEY.matcher(text);
    int at = 0;
    for (; found.find(); at = found.end()) {
      text(text.substring(at, found.start()));
      boolean isKey = found.group(3) != null;
      out.append(isKey ? "<code title=\"" : "<time title=\"").append(found.group()).append("\">");
      text(isKey ? found.group(3) + "…" : found.group(1) + " " + found.group(2) + " UTC");
      out.append(isKey ? "</code>" : "</time>");
      if (isKey) {
        text(names.in(found.group()).substring(found.group().length()));
      }
    }
    return text(text.substring(at));
  }

  /** Adds markup as it is; never anything that came from outside. */
  public Html raw(String markup) {
    out.append(markup);
    return this;
  }

  /** The page so far. */
  @Override
  public String toString() {
    return out.toString();
  }
}
