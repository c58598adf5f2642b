package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/** Compiles the Java that a page shows as one program, as if it was pasted. */
public final class PastedJava {
  /** The name of its class. */
  public static final String NAME = "Pasted";

  private PastedJava() {}

  /**
   * Compiles a program, which runs by the class path of the tests.
   *
   * @param last statements after those of the page, which see its variables
   * @param folder where its class is written
   */
  public static void compile(Path page, String language, String last, Path folder)
      throws IOException {
    List<String> imports = new ArrayList<>();
    List<String> statements = new ArrayList<>();
    for (String line : Page.lines(page, language)) {
      (line.startsWith("import ") ? imports : statements).add(line);
    }
    Path source =
        Files.writeString(
            folder.resolve(NAME + ".java"),
            """
            %s
            public final class %s {
              public static void main(String[] args) throws Exception {
            %s
            %s
              }
            }
            """
                .formatted(String.join("\n", imports), NAME, String.join("\n", statements), last));
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
                source.toString());
    assertThat(status).as("the Java of " + page + " compiles").isZero();
  }
}
