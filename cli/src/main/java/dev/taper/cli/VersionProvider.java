package dev.taper.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it into the jar's manifest. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = VersionProvider.class.getPackage().getImplementationVersion();
    return new String[] {
      "taper " + Objects.requireNonNullElse(version, "(not from a jar)"),
      "Java " + Runtime.version()
    };
  }
}
