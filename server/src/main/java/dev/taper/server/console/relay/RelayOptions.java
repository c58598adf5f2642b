package dev.taper.server.console.relay;

import dev.taper.operations.OperationException;
import dev.taper.server.console.people.SignedInOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the role that relays to consoles needs. */
public final class RelayOptions {
  @Option(
      names = "--console-secret-file",
      paramLabel = "FILE",
      description =
          "Relays only to consoles that send a line of this file in Taper-Secret: one for each"
              + " person.")
  @Nullable Path secretFile;

  @Option(
      names = "--console-registry",
      paramLabel = "DB",
      description = "The registry that consoles show.")
  @Nullable String registry;

  @Option(
      names = "--console-audit",
      paramLabel = "LOG",
      description = "The audit log that consoles show: a file or a database.")
  @Nullable String audit;

  @Option(
      names = "--console-audit-public-key",
      paramLabel = "FILE",
      description = "Who has to have signed that log; may be repeated.")
  List<Path> auditKeys = new ArrayList<>();

  @Option(
      names = "--webhook-file",
      paramLabel = "FILE",
      description =
          "The file whose first line is the address that is told that something is asked.")
  @Nullable Path webhookFile;

  @Option(
      names = "--webhook-link",
      paramLabel = "URL",
      description = "The link that it is told; default: where a console on one's own machine is.")
  String webhookLink = "http://127.0.0.1:8480/#/approvals";

  @Mixin public final SignedInOptions people = new SignedInOptions();

  /**
   * Refuses options of a role that is not chosen, and the role without what it needs.
   *
   * @param isForPeople whether people sign in
   * @param hasList whether there is a revocation list
   * @throws OperationException {@code usage}
   */
  public void requireFitting(boolean isChosen, boolean isForPeople, boolean hasList) {
    boolean isGiven =
        secretFile != null
            || registry != null
            || audit != null
            || !auditKeys.isEmpty()
            || webhookFile != null
            || people.isGiven();
    if (!isChosen && isGiven) {
      throw OperationException.usage(
          "options that begin with --console and --webhook belong to the role console");
    }
    if (isChosen && secretFile == null && !isForPeople) {
      throw OperationException.usage(
          "the role console needs --console-secret-file, or --sign-in, or both");
    }
    if (isForPeople) {
      people.requireFitting(audit != null, hasList);
    } else if (people.isGiven()) {
      throw OperationException.usage(
          "--console-root-keys, -names, -audit-key and -revocation-key need --sign-in");
    }
    if (audit == null && !auditKeys.isEmpty()) {
      throw OperationException.usage("--console-audit-public-key needs --console-audit");
    }
  }
}
