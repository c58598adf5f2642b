package dev.taper.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it down. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    try (InputStream stream = VersionProvider.class.getResourceAsStream("version.txt")) {
      if (stream == null) {
        throw new IOException("the jar lacks version.txt");
      }
      String version = new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
      return new String[] {"taper " + version, "Java " + Runtime.version()};
    }
  }
}
