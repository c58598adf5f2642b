package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The audit log that a command leaves a record in. */
public final class AuditOptions {
  @Option(
      names = "--audit",
      paramLabel = "LOG",
      description = {
        "Leave a record in this audit log; if that fails, nothing is done. But revoke and",
        "task end revoke first: that is in force even if no record can be left (exit 5).",
        "A file, or a database that others share: " + Place.DATABASE + "."
      })
  private @Nullable String log;

  @Option(
      names = "--audit-key",
      paramLabel = "FILE",
      description = "File with the private key that signs the audit log.")
  private @Nullable String key;

  /**
   * The log; null if none is wanted.
   *
   * @throws CliException if only one of the two was given
   */
  public @Nullable AuditTarget target() {
    if (log == null && key == null) {
      return null;
    }
    if (log == null || key == null) {
      throw CliException.usage("--audit LOG and --audit-key FILE go together");
    }
    return new AuditTarget(
        Place.written(log), new KeyInput(Source.ofFile(key), KeyFormat.AUTO, null, null));
  }
}
