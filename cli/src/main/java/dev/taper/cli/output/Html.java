package dev.taper.cli.output;

/**
 * Writes the elements of an HTML page. Whatever is not an element's name or class is escaped, and
 * shows control and format characters as {@link SafeText} does.
 */
public final class Html {
  private final StringBuilder out = new StringBuilder();

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
    String safe = SafeText.lines(text);
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
