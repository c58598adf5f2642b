package dev.taper.server.signin;

import dev.taper.ShownText;
import dev.taper.integrations.http.HttpAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes one small page without scripts. All text is shown as {@link ShownText} does and escaped,
 * and none of it changes the direction of what stands beside it. No other site frames the page, is
 * sent a form of it, or learns its address. For one thread.
 */
public final class StrictPage {
  /** The path of the style that all pages share. */
  static final String LOOK = "/signin/look.css";

  /** The path of the layout of these pages. */
  static final String LAYOUT = "/signin/page.css";

  /** What a page may load and do: nothing but its own styles and forms. */
  static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
          + " frame-ancestors 'none'; base-uri 'none'";

  /** All of any name, each of whose characters may be an escape. */
  private static final int COLUMNS = 2400;

  /** Enough of what somebody says freely, so that it does not push away what is behind it. */
  private static final int SAID = 400;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final StringBuilder body = new StringBuilder();
  private final String title;

  private StrictPage(String title) {
    this.title = title;
  }

  /** Starts a page with a heading. */
  public static StrictPage titled(String title) {
    StrictPage page = new StrictPage(title);
    page.body.append("<h1>").append(escaped(title)).append("</h1>\n");
    return page;
  }

  /** The header fields that every page and every file of a page has. */
  public static Map<String, String> fields(String type, String policy) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Content-Type", type);
    fields.put("Cache-Control", "no-store");
    fields.put("Content-Security-Policy", policy);
    fields.put("Referrer-Policy", "no-referrer");
    fields.put("Cross-Origin-Opener-Policy", "same-origin");
    fields.put("Cross-Origin-Resource-Policy", "same-origin");
    fields.put("X-Content-Type-Options", "nosniff");
    fields.put("X-Frame-Options", "DENY");
    return fields;
  }

  /** Text of unknown origin as HTML: shortened, with escapes for all that hides or moves. */
  public static String shown(String text) {
    return shown(text, COLUMNS);
  }

  private static String shown(String text, int columns) {
    return "<bdi>" + escaped(ShownText.of(text, columns)) + "</bdi>";
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  /** Adds a sentence of ours. */
  public StrictPage say(String sentence) {
    body.append("<p>").append(escaped(sentence)).append("</p>\n");
    return this;
  }

  /** Adds a warning of ours. */
  public StrictPage warn(String sentence) {
    body.append("<p class=\"alert\" role=\"alert\">").append(escaped(sentence)).append("</p>\n");
    return this;
  }

  /** Begins a part that stands apart from the others. */
  public StrictPage card() {
    body.append("<section class=\"card\">\n");
    return this;
  }

  /** Adds the heading of a part: text of unknown origin. */
  public StrictPage heading(String text) {
    body.append("<h2>").append(shown(text)).append("</h2>\n");
    return this;
  }

  /** Ends a part. */
  public StrictPage endCard() {
    body.append("</section>\n");
    return this;
  }

  /** Begins a list of facts. */
  public StrictPage facts() {
    body.append("<dl>\n");
    return this;
  }

  /** Adds a fact: a word of ours, and text of unknown origin. */
  public StrictPage fact(String name, String text) {
    return pair(name, shown(text));
  }

  /** Adds a fact that is compared sign by sign, such as a key. */
  public StrictPage code(String name, String text) {
    return pair(name, "<code>" + shown(text) + "</code>");
  }

  /** Adds a fact that somebody states freely, in a few lines at most. */
  public StrictPage said(String name, String text) {
    return pair(name, shown(text, SAID));
  }

  /** Adds a time, to the second. */
  public StrictPage fact(String name, Instant time) {
    return pair(name, time(time));
  }

  /** A time as people read it, to the second. */
  public static String time(Instant time) {
    return TIME.format(time);
  }

  private StrictPage pair(String name, String html) {
    body.append("<div><dt>").append(escaped(name)).append("</dt><dd>").append(html);
    body.append("</dd></div>\n");
    return this;
  }

  /** Adds a fact of several texts, none of which is shortened: they are what a yes is to. */
  public StrictPage fact(String name, Iterable<String> texts) {
    StringBuilder list = new StringBuilder("<ul class=\"rows\">");
    for (String text : texts) {
      list.append("<li>").append(shown(text, Integer.MAX_VALUE)).append("</li>");
    }
    return pair(name, list.append("</ul>").toString());
  }

  /** Ends a list of facts. */
  public StrictPage endFacts() {
    body.append("</dl>\n");
    return this;
  }

  /**
   * Begins a form that is posted to one of our paths.
   *
   * @param path ours, without anything from outside
   */
  public StrictPage form(String path) {
    body.append("<form method=\"post\" action=\"").append(escaped(path)).append("\">\n");
    return this;
  }

  /** Adds a field that nobody sees. */
  public StrictPage hidden(String name, String value) {
    body.append("<input type=\"hidden\" name=\"").append(escaped(name)).append("\" value=\"");
    body.append(escaped(value)).append("\">\n");
    return this;
  }

  /** Adds a field for one word. */
  public StrictPage field(String name, String label) {
    body.append("<label for=\"").append(escaped(name)).append("\">").append(escaped(label));
    body.append("</label>\n<input type=\"text\" id=\"").append(escaped(name)).append("\" name=\"");
    body.append(escaped(name));
    body.append("\" autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\"");
    body.append(" maxlength=\"32\" required>\n");
    return this;
  }

  /** Adds a button that sends a field. */
  public StrictPage button(String name, String value, String label) {
    return button("", name, value, label);
  }

  /** Adds the button for what the page is about. */
  public StrictPage mainButton(String name, String value, String label) {
    return button("class=\"main\" ", name, value, label);
  }

  private StrictPage button(String looks, String name, String value, String label) {
    body.append("<button ").append(looks).append("name=\"").append(escaped(name));
    body.append("\" value=\"").append(escaped(value)).append("\">").append(escaped(label));
    body.append("</button>\n");
    return this;
  }

  /** Ends a form. */
  public StrictPage endForm() {
    body.append("</form>\n");
    return this;
  }

  /**
   * Adds a link to one of our paths.
   *
   * @param path ours, checked by the caller
   */
  public StrictPage link(String path, String label) {
    body.append("<p><a href=\"").append(escaped(path)).append("\">").append(escaped(label));
    body.append("</a></p>\n");
    return this;
  }

  /** The page as an answer. */
  public HttpAnswer answer(int status) {
    return answer(status, "");
  }

  /** The page as an answer that goes on to one of our paths at once. */
  HttpAnswer goingOn(String path) {
    return answer(200, "<meta http-equiv=\"refresh\" content=\"0;url=" + escaped(path) + "\">\n");
  }

  private HttpAnswer answer(int status, String head) {
    String html =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            + head
            + "<title>"
            + escaped(title)
            + "</title>\n"
            + "<link rel=\"stylesheet\" href=\""
            + LOOK
            + "\">\n<link rel=\"stylesheet\" href=\""
            + LAYOUT
            + "\">\n</head>\n<body>\n<main>\n"
            + body
            + "</main>\n</body>\n</html>\n";
    return new HttpAnswer(
        status, fields("text/html; charset=utf-8", POLICY), html.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A style of these pages, as an answer.
   *
   * @param path {@link #LOOK} or {@link #LAYOUT}
   */
  static HttpAnswer style(String path) {
    return new HttpAnswer(
        200,
        fields("text/css; charset=utf-8", "default-src 'none'"),
        path.equals(LOOK) ? Styles.LOOK : Styles.LAYOUT);
  }

  /** Read when the first page is. */
  private static final class Styles {
    static final byte[] LOOK = read("/META-INF/taper/look.css");
    static final byte[] LAYOUT = read("page.css");

    private static byte[] read(String name) {
      try (InputStream in = StrictPage.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException("the jar lacks " + name);
        }
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
