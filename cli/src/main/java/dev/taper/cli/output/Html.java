package dev.taper.cli.output;

import dev.taper.ShownText;
import dev.taper.cli.io.KeyNames;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the elements of an HTML page. Escapes all but the names, classes and ids of elements, and
 * shows every text as {@link ShownText} does: on one line, without hidden characters, cut where it
 * is too long. Words that run from right to left are set apart, so that they move nothing beside
 * them.
 */
public final class Html {
  /** How wide a name or a title may be before it is cut. */
  public static final int NAME = 400;

  /** How wide a statement of Datalog may be. */
  public static final int STATEMENT = 20_000;

  /** How wide a condition or a part of a grant may be. */
  public static final int PART = 600;

  /** How wide any other text may be; what a log and a registry hold is shorter. */
  private static final int TEXT = 4_200;

  private static final Set<String> INLINE = Set.of("b", "code", "del", "i", "ins", "span");

  private static final Pattern MOMENT_OR_KEY =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)(?:\\.\\d+)?Z"
              + "|((?:ed25519|secp256r1)/[0-9a-f]{16})[0-9a-f]{48,50}");

  private final StringBuilder out = new StringBuilder();
  private KeyNames names = KeyNames.NONE;

  /** Shows the keys of all text from here on with their names. */
  public Html naming(KeyNames newNames) {
    names = newNames;
    return this;
  }

  /** Opens an element; the style class may be empty. */
  public Html open(String element, String styleClass) {
    return open(element, styleClass, "");
  }

  /** Opens an element that links can lead to; class and id may be empty. */
  public Html open(String element, String styleClass, String id) {
    out.append('<').append(element);
    if (!styleClass.isEmpty()) {
      out.append(" class=\"").append(styleClass).append('"');
    }
    if (!id.isEmpty()) {
      out.append(" id=\"").append(id).append('"');
    }
    out.append('>');
    return this;
  }

  /** Closes an element. Behind one within a line there is no space, behind others a new line. */
  public Html close(String element) {
    out.append("</").append(element).append(INLINE.contains(element) ? ">" : ">\n");
    return this;
  }

  /** Adds an element that holds text. */
  public Html element(String element, String styleClass, String text) {
    return open(element, styleClass).text(text).close(element);
  }

  /** Adds an element that holds a name or a title. */
  public Html name(String element, String styleClass, String name) {
    return open(element, styleClass).shown(name, NAME).close(element);
  }

  /** Opens what can be folded away, up to the start of its summary. */
  public Html fold(String styleClass, String id, boolean open) {
    open("details", styleClass, id);
    if (open) {
      out.insert(out.length() - 1, " open");
    }
    return open("summary", "");
  }

  /** Adds a name that leads to another place of the page; only the name if there is none. */
  public Html link(String id, String name) {
    if (id.isEmpty()) {
      return name("b", "", name);
    }
    out.append("<a href=\"#").append(id).append("\">");
    return shown(name, NAME).raw("</a>");
  }

  /** Adds a name and what it is, to a list of facts. */
  public Html fact(String name, String value) {
    return fact("", name, value);
  }

  /** Adds a fact whose style class may be empty. */
  public Html fact(String styleClass, String name, String value) {
    return open("div", styleClass).element("dt", "", name).prose("dd", "", value).close("div");
  }

  /** Adds a row of a card: what it says, and that. */
  public Html row(String name, String value) {
    return open("div", "row").element("span", "", name).prose("span", "", value).close("div");
  }

  /** Adds text. */
  public Html text(String text) {
    return shown(text, TEXT);
  }

  /** Adds text of which no more than some columns are shown. */
  public Html shown(String text, int columns) {
    escape(ShownText.of(names.in(text), columns));
    return this;
  }

  /** Adds an element that holds prose. */
  public Html prose(String element, String styleClass, String text) {
    return open(element, styleClass).prose(text).close(element);
  }

  /** Adds text in which moments are easy to read and keys are short; pointing shows them whole. */
  public Html prose(String text) {
    return prose(text, TEXT);
  }

  /** Adds prose of which no more than some columns are shown. */
  public Html prose(String text, int columns) {
    String shown = ShownText.of(text, columns);
    Matcher found = MOMENT_OR_KEY.matcher(shown);
    int at = 0;
    for (; found.find(); at = found.end()) {
      escape(shown.substring(at, found.start()));
      boolean isKey = found.group(3) != null;
      out.append(isKey ? "<code title=\"" : "<time title=\"").append(found.group()).append("\">");
      escape(isKey ? found.group(3) + "…" : found.group(1) + " " + found.group(2) + " UTC");
      out.append(isKey ? "</code>" : "</time>");
      if (isKey) {
        escape(behind(names.in(found.group()), found.group()));
      }
    }
    escape(shown.substring(at));
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

  private static String behind(String named, String key) {
    return named.length() == key.length()
        ? ""
        : " " + ShownText.of(named.substring(key.length() + 1), NAME);
  }

  /** Escapes shown text, and sets apart what runs from right to left. */
  private void escape(String shown) {
    int at = 0;
    while (at < shown.length()) {
      int end = endOfRightToLeft(shown, at);
      if (end > at) {
        out.append("<bdi>").append(shown, at, end).append("</bdi>");
        at = end;
      } else {
        int next = at + Character.charCount(shown.codePointAt(at));
        escape(shown, at, next);
        at = next;
      }
    }
  }

  private void escape(String shown, int start, int end) {
    char c = shown.charAt(start);
    switch (c) {
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '&' -> out.append("&amp;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      default -> out.append(shown, start, end);
    }
  }

  /** The end of the words from a place on that run from right to left; the place if none does. */
  private static int endOfRightToLeft(String text, int start) {
    int end = start;
    int at = start;
    while (at < text.length()) {
      int point = text.codePointAt(at);
      boolean turns = isRightToLeft(point);
      if (!turns && (end == start || (point != ' ' && !isMark(point)))) {
        break;
      }
      at += Character.charCount(point);
      if (turns || (isMark(point) && at - Character.charCount(point) == end)) {
        end = at;
      }
    }
    return end;
  }

  private static boolean isRightToLeft(int point) {
    return switch (Character.getDirectionality(point)) {
      case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC,
          Character.DIRECTIONALITY_ARABIC_NUMBER ->
          true;
      default -> false;
    };
  }

  private static boolean isMark(int point) {
    return Character.getDirectionality(point) == Character.DIRECTIONALITY_NONSPACING_MARK;
  }
}
