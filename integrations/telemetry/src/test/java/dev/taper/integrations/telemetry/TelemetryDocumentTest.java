package dev.taper.integrations.telemetry;

import dev.taper.testing.PastedJava;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the module's page shows, as if it was pasted. */
class TelemetryDocumentTest {
  @TempDir Path folder;

  @Test
  void page_pasted_runs() throws Exception {
    PastedJava.compile(
        Path.of("README.md"),
        "java-telemetry",
        """
        if (!verifier.health().ready()) {
          throw new AssertionError(verifier);
        }
        """,
        folder);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      loader
          .loadClass(PastedJava.NAME)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    }
  }
}
