package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.AgentToken;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.tools.ToolProvider;

/** Runs what a page of the documentation shows, as if it was pasted. */
final class PastedDocument {
  private final Path document;
  private final Path folder;

  /**
   * A page.
   *
   * @param name its file in the folder docs
   * @param folder where its commands run
   */
  PastedDocument(String name, Path folder) {
    this.document = Path.of("..", "docs", name);
    this.folder = folder;
  }

  /** All its lines. */
  List<String> lines() throws IOException {
    return Files.readAllLines(document);
  }

  /** The lines of all blocks of a language. */
  List<String> block(String language) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : lines()) {
      if (line.startsWith("```")) {
        inside = line.equals("```" + language);
      } else if (inside) {
        lines.add(line);
      }
    }
    assertThat(lines).isNotEmpty();
    return lines;
  }

  /** Runs the commands, after those that prepare them; what each of the story wrote. */
  List<String> commands() throws IOException {
    run("sh-before");
    return run("sh");
  }

  /** Runs the commands of one kind of block; what each wrote. */
  List<String> run(String language) throws IOException {
    Cli cli = new Cli(folder);
    List<String> script = block(language);
    script.replaceAll(line -> line.replaceFirst("^\\./taper ", "taper "));
    List<String> outputs = new ArrayList<>();
    for (List<String> call : Shell.taperCalls(folder, script)) {
      outputs.add(cli.ok(call.toArray(new String[0])));
    }
    return outputs;
  }

  /**
   * Compiles the Java lines after the given ones, runs them and gives an expression's value. Files
   * that they name lie in the folder.
   */
  Object java(String before, String result) throws Exception {
    String source =
        """
        import dev.taper.agent.*;
        import dev.taper.agent.approval.*;
        import dev.taper.agent.grant.*;
        import dev.taper.agent.call.*;
        import dev.taper.agent.memory.*;
        import dev.taper.audit.*;
        import dev.taper.crypto.*;
        import dev.taper.token.*;
        import java.nio.file.Path;
        import java.time.*;
        import java.util.List;

        public final class Pasted implements java.util.concurrent.Callable<Object> {
          public Object call() {
        %s
        %s
            return %s;
          }
        }
        """
            .formatted(before, String.join("\n", block("java")), result)
            .replace("Path.of(\"", "Path.of(\"" + folder + "/");
    Path file = Files.writeString(folder.resolve("Pasted.java"), source, StandardCharsets.UTF_8);
    Path engine =
        Path.of(AgentToken.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                folder.toString(),
                "-cp",
                engine.toString(),
                file.toString());
    assertThat(status).isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Object pasted = loader.loadClass("Pasted").getDeclaredConstructor().newInstance();
      return ((Callable<?>) pasted).call();
    }
  }
}
