package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.Page;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * Runs what a page of the documentation shows, as if it was pasted: its shell blocks one after the
 * other, and its Java blocks as one program. A line that ends in {@code # exit N} must end so; what
 * {@code export NAME=VALUE} sets holds for all blocks behind it.
 */
final class PastedDocument {
  /** The folder of the checkout. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern EXIT = Pattern.compile("\\s+# exit ([0-9])$");

  private final Path document;
  private final Path folder;
  private final Map<String, String> exported = new LinkedHashMap<>();

  /**
   * A page.
   *
   * @param name its file in the folder docs
   * @param folder where its commands run
   */
  PastedDocument(String name, Path folder) {
    this(ROOT.resolve("docs").resolve(name), folder);
  }

  /**
   * A page.
   *
   * @param document its file
   * @param folder where its commands run
   */
  PastedDocument(Path document, Path folder) {
    this.document = document;
    this.folder = folder;
  }

  /** All its lines. */
  List<String> lines() throws IOException {
    return Files.readAllLines(document);
  }

  /** True if it has a block of a language. */
  boolean has(String language) throws IOException {
    return !Page.blocks(document, language).isEmpty();
  }

  /** The lines of all blocks of a language, of which there must be one. */
  List<String> block(String language) throws IOException {
    return Page.lines(document, language);
  }

  /** Runs the commands, after those that prepare them; what each of the story wrote. */
  List<String> commands() throws IOException {
    if (has("sh-before")) {
      run("sh-before");
    }
    return run("sh");
  }

  /** Runs the commands of one kind of block, each when its turn has come; what each wrote. */
  List<String> run(String language) throws IOException {
    Cli cli = new Cli(folder);
    exported.forEach(cli::env);
    List<String> outputs = new ArrayList<>();
    for (String line : block(language)) {
      if (line.startsWith("export ")) {
        for (String pair : line.substring("export ".length()).split(" ", -1)) {
          String[] parts = pair.split("=", 2);
          exported.put(parts[0], parts[1]);
          cli.env(parts[0], parts[1]);
        }
        continue;
      }
      Matcher exit = EXIT.matcher(line);
      boolean ends = exit.find();
      String command = (ends ? line.substring(0, exit.start()) : line);
      for (List<String> call :
          Shell.taperCalls(folder, List.of(command.replace("./taper ", "taper ")))) {
        Cli.Result result = cli.run(call.toArray(new String[0]));
        assertThat(result.exit())
            .as(document.getFileName() + ": " + line + "\n" + result.err() + result.out())
            .isEqualTo(ends ? Integer.parseInt(exit.group(1)) : 0);
        outputs.add(result.out());
      }
    }
    return outputs;
  }

  /**
   * Compiles the Java blocks as one program, runs it and gives an expression's value. Files that it
   * names lie in the folder.
   */
  Object java(String result) throws Exception {
    List<String> imports = new ArrayList<>();
    List<String> statements = new ArrayList<>();
    for (String line : block("java")) {
      (line.startsWith("import ") ? imports : statements).add(line);
    }
    String source =
        """
        %s
        @SuppressWarnings("all")
        public final class Pasted implements java.util.concurrent.Callable<Object> {
          public Object call() throws Exception {
        %s
            return %s;
          }
        }
        """
            .formatted(String.join("\n", imports), String.join("\n", statements), result)
            .replace("Path.of(\"", "Path.of(\"" + folder + "/");
    Path file = Files.writeString(folder.resolve("Pasted.java"), source);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-encoding",
                "UTF-8",
                "-d",
                folder.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                file.toString());
    assertThat(status).as(document.getFileName() + " does not compile").isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      loader.setDefaultAssertionStatus(true);
      Object pasted = loader.loadClass("Pasted").getDeclaredConstructor().newInstance();
      return ((Callable<?>) pasted).call();
    }
  }

  /** The pages of a checkout, sorted. */
  static List<Path> pages() throws IOException {
    try (var files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md") && !isMade(ROOT.relativize(file)))
          .sorted()
          .toList();
    }
  }

  private static boolean isMade(Path file) {
    String path = File.separator + file;
    return path.contains("/target/") || path.contains("/node_modules/") || path.contains("/.");
  }
}
