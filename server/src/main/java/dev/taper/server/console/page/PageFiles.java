package dev.taper.server.console.page;

import dev.taper.integrations.http.HttpAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of the pages, by a list of their names: no path that somebody sends is looked up
 * anywhere. Immutable and thread-safe.
 */
public final class PageFiles {
  private static final String FOLDER = "/dev/taper/server/console/";

  /** Files for people who signed in, in place of those of the same names. */
  private static final String PEOPLE = FOLDER + "people/";

  private static final List<String> OF_PEOPLE = List.of("keystore.mjs", "session.mjs");
  private static final String LIST = "files.txt";
  private static final String INDEX = "index.html";

  /** The module that begins; it is served with all that it needs in it. */
  private static final String MAIN = "main.mjs";

  /** The stylesheet that static pages share. */
  private static final String LOOK = "/META-INF/taper/look.css";

  private static final Pattern NAME =
      Pattern.compile("([a-z0-9-]+/)?[a-z0-9-]+[.](html|mjs|css|svg)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=utf-8",
          "mjs", "text/javascript;charset=utf-8",
          "css", "text/css;charset=utf-8",
          "svg", "image/svg+xml");

  /** The first page under an address that no browser has an older answer of. */
  private static final Pattern FRESH = Pattern.compile("/\\?[0-9a-f]{32}");

  private static final String PLAIN = "/";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int STAMP_BYTES = 16;

  private final Map<String, HttpAnswer> files;
  private final String stamp;

  private PageFiles(Map<String, HttpAnswer> files, String stamp) {
    this.files = Map.copyOf(files);
    this.stamp = stamp;
  }

  /**
   * The path of the first page. It and all that the page loads are of this process alone: what
   * another program served here before, and the browser keeps, has other addresses.
   */
  public String first() {
    return PLAIN + "?" + stamp;
  }

  /** The path of the script of that page. */
  public String script() {
    return "/" + stamp + "/" + MAIN;
  }

  /** Reads the files of the console on a person's own machine. */
  public static PageFiles load() {
    return load(FOLDER);
  }

  /**
   * Reads the files of the console for people who signed in at another machine: without the module
   * that makes, keeps and uses a key.
   */
  public static PageFiles loadForPeople() {
    return load(FOLDER, OF_PEOPLE);
  }

  /**
   * Reads the files that a list in a folder names.
   *
   * @param folder of the class path
   */
  public static PageFiles load(String folder) {
    return load(folder, List.of());
  }

  private static PageFiles load(String folder, List<String> ofPeople) {
    byte[] random = new byte[STAMP_BYTES];
    RANDOM.nextBytes(random);
    String stamp = HexFormat.of().formatHex(random);
    Map<String, byte[]> listed = new HashMap<>();
    String list = new String(required(folder + LIST), StandardCharsets.UTF_8);
    for (String line : list.lines().map(String::strip).filter(name -> !name.isEmpty()).toList()) {
      if (!NAME.matcher(line).matches()) {
        throw new IllegalStateException("no name of a page: " + line);
      }
      String from = ofPeople.contains(line) ? PEOPLE : folder;
      listed.put(line, required(from + line));
    }
    byte[] look = resource(LOOK);
    if (look != null) {
      listed.put("look.css", look);
    }
    String script = OneScript.of(MAIN, name -> text(listed, name));
    Map<String, HttpAnswer> files = new HashMap<>();
    listed.forEach(
        (name, content) -> {
          boolean isScript = name.endsWith(".mjs");
          if (!isScript || name.equals(MAIN)) {
            HttpAnswer file = file(name, isScript ? bytes(script) : content);
            files.put("/console/" + name, file);
            files.put("/" + stamp + "/" + name, file);
          }
        });
    String index = new String(required(folder + INDEX), StandardCharsets.UTF_8);
    files.put(PLAIN, file(INDEX, bytes(index)));
    String fresh = index.replace("=\"/console/", "=\"/" + stamp + "/");
    files.put(PLAIN + "?" + stamp, file(INDEX, bytes(fresh)));
    return new PageFiles(files, stamp);
  }

  private static String text(Map<String, byte[]> listed, String name) {
    byte[] content = listed.get(name);
    if (content == null) {
      throw new IllegalStateException("a page is not in the list: " + name);
    }
    return new String(content, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static HttpAnswer file(String name, byte[] content) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalStateException("no type of a page: " + name);
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Content-Type", type);
    return new HttpAnswer(200, fields, content);
  }

  private static byte[] required(String name) {
    byte[] content = resource(name);
    if (content == null) {
      throw new IllegalStateException("a page is missing: " + name);
    }
    return content;
  }

  private static byte @Nullable [] resource(String name) {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file at a path; null if there is none. */
  public @Nullable HttpAnswer get(String path) {
    return files.get(FRESH.matcher(path).matches() ? first() : path);
  }
}
