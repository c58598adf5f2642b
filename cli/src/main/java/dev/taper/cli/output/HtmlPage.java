package dev.taper.cli.output;

import dev.taper.cli.io.KeyNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A page that is complete in itself: nothing to load, for a screen in light or dark and for paper.
 * Its policy allows its one style and, where there is much to find, its one script, each by its
 * digest, and nothing else: not even what a browser's extension or a mistake of ours would add.
 */
public final class HtmlPage {
  private static final String LOOK = "/META-INF/taper/look.css";
  private static final String FINDER = "finder.js";
  private static final int TITLE = 200;

  private final String title;
  private final Html contents;
  private final Html body;
  private int headerEnd;

  /**
   * Starts a page.
   *
   * @param title its title
   * @param names what its keys are called
   */
  public HtmlPage(String title, KeyNames names) {
    this.title = title;
    this.contents = new Html().naming(names);
    this.body = new Html().naming(names);
  }

  /** What stands on the page. */
  public Html body() {
    return body;
  }

  /** Says that the page's header ends here; its contents follow it. */
  public void endHeader() {
    headerEnd = body.toString().length();
  }

  /** The list of contents, which stands behind the header or beside all; it may stay empty. */
  public Html contents() {
    return contents;
  }

  /**
   * The whole page.
   *
   * @param finder whether there is so much that a field to find something is of use
   */
  public String write(boolean finder) {
    String style = resource(LOOK);
    String script = finder ? resource(FINDER) : "";
    Html page = new Html();
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
    page.raw(digest(style)).raw(finder ? "; script-src " + digest(script) : "");
    page.raw("; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'");
    page.raw("; trusted-types 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    page.raw("<title>").shown(title, TITLE).raw("</title>\n");
    page.raw("<style>" + style + "</style>\n</head>\n<body>\n");
    String list = contents.toString();
    String all = body.toString();
    if (list.isEmpty()) {
      page.raw("<main>\n" + all + "</main>\n");
    } else {
      page.raw("<main class=\"beside\">\n<a class=\"skip\" href=\"#rest\">Skip the contents</a>\n");
      page.raw(
          all.substring(0, headerEnd) + "<nav class=\"contents\" aria-labelledby=\"contents\">\n");
      page.raw("<h2 id=\"contents\">Contents</h2>\n" + list + "</nav>\n");
      page.raw("<div class=\"rest\" id=\"rest\" tabindex=\"-1\">\n");
      page.raw(all.substring(headerEnd) + "</div>\n</main>\n");
    }
    page.raw(finder ? "<script>" + script + "</script>\n" : "");
    return page.raw("</body>\n</html>").toString();
  }

  /**
   * Adds what helps to find something: a field, which the script shows, and a choice between all
   * calls and denied ones, which needs no script.
   *
   * @param what what is found, such as {@code steps}
   * @param choice whether there are calls to choose from
   */
  public void finder(String what, boolean choice) {
    body.raw("<div class=\"finder\" role=\"search\"" + (choice ? ">" : " hidden>"));
    body.raw("\n<div" + (choice ? " hidden" : "") + ">\n<label for=\"find\">Find " + what);
    body.raw(" by words, names, keys, codes or times</label>\n<input type=\"search\" id=\"find\"");
    body.raw(
        " autocomplete=\"off\" spellcheck=\"false\">\n<output for=\"find\"></output>\n</div>\n");
    if (choice) {
      body.raw("<fieldset><legend>Calls to show</legend>\n<label><input type=\"radio\"");
      body.raw(
          " name=\"shown\" id=\"shown-all\" checked> all</label>\n<label><input type=\"radio\"");
      body.raw(" name=\"shown\" id=\"shown-denied\"> denied ones only</label>\n</fieldset>\n");
    }
    body.raw("</div>\n");
  }

  private static String digest(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream stream = HtmlPage.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
