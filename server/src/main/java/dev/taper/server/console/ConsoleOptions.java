package dev.taper.server.console;

import dev.taper.operations.OperationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the console of a person shows, whom it believes, and with what it acts. */
final class ConsoleOptions {
  /** The port stays, so that what a browser keeps for this origin stays. */
  static final String DEFAULT_ADDRESS = "127.0.0.1:8480";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "A loopback address; default: " + DEFAULT_ADDRESS + ".")
  String listen = DEFAULT_ADDRESS;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration of a service whose asks are answered; may be repeated.")
  List<Path> configs = new ArrayList<>();

  @Option(
      names = "--relay",
      paramLabel = "URL",
      description = "Where asks and data come from instead: taper serve --role console.")
  @Nullable String relay;

  @Option(
      names = "--relay-secret-file",
      paramLabel = "FILE",
      description = "The file whose first line the relay wants to hear.")
  @Nullable Path relaySecretFile;

  @Option(
      names = "--root-keys",
      paramLabel = "KEY",
      split = "\n",
      hideParamSyntax = true,
      description =
          "Whose tokens are believed: a key set or a public key, its text or file; may be repeated.")
  List<String> rootKeys = new ArrayList<>();

  @Option(
      names = "--names",
      paramLabel = "FILE",
      description = "The signed file of names: who is who.")
  @Nullable Path names;

  @Option(
      names = "--names-key",
      paramLabel = "KEY",
      split = "\n",
      hideParamSyntax = true,
      description = "Who has to have signed it, a key's text or file; may be repeated.")
  List<String> namesKeys = new ArrayList<>();

  @Option(
      names = "--registry",
      paramLabel = "DB",
      description = "The registry: what is living, and its reviews.")
  @Nullable String registry;

  @Option(
      names = "--reviewer",
      paramLabel = "NAME",
      description = "Who certifies and revokes in reviews, such as user:erin@acme.com.")
  @Nullable String reviewer;

  @Option(
      names = "--audit",
      paramLabel = "LOG",
      description = "The audit log: a file or a database.")
  @Nullable String audit;

  @Option(
      names = "--audit-public-key",
      paramLabel = "KEY",
      split = "\n",
      hideParamSyntax = true,
      description = "Who has to have signed the log, a key's text or file; may be repeated.")
  List<String> auditKeys = new ArrayList<>();

  @Option(
      names = "--audit-key",
      paramLabel = "FILE",
      description = "Signs the records of what is done here; or keeper:NAME.")
  @Nullable String auditKey;

  @Option(
      names = "--revocations",
      paramLabel = "LIST",
      description = "The revocation list: a file, an address or a database.")
  @Nullable String revocations;

  @Option(
      names = "--revocation-public-key",
      paramLabel = "KEY",
      split = "\n",
      hideParamSyntax = true,
      description = "Who may have signed it, a key's text or file; may be repeated.")
  List<String> listKeys = new ArrayList<>();

  @Option(
      names = "--revocation-key",
      paramLabel = "FILE",
      description = "Signs what is revoked here; or keeper:NAME.")
  @Nullable String listKey;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "File whose first line opens encrypted keys.")
  @Nullable Path passphraseFile;

  @Option(
      names = "--approver",
      paramLabel = "keeper:NAME",
      description = "An approver's key that the keeper has; others are made in the browser.")
  @Nullable String approver;

  @Option(
      names = "--webhook-file",
      paramLabel = "FILE",
      description =
          "The file whose first line is the address that is told that something is asked.")
  @Nullable Path webhookFile;

  /** Refuses options that contradict each other, or do nothing. */
  void requireFitting() {
    require(
        relay == null || (configs.isEmpty() && registry == null),
        "--relay brings asks and data: leave out --config and --registry");
    require(
        (relay == null) == (relaySecretFile == null),
        "--relay and --relay-secret-file go together");
    require(
        relay != null || !configs.isEmpty() || registry != null || audit != null,
        "there is nothing to show: --config, --relay, --registry or --audit");
    require(
        (relay == null && configs.isEmpty()) || !rootKeys.isEmpty(),
        "--root-keys is missing: by it the page verifies who asks");
    require(
        (names == null) == namesKeys.isEmpty(),
        "--names and --names-key go together: only signed names are believed");
    require(audit != null || auditKeys.isEmpty(), "--audit-public-key needs --audit");
    require(audit != null || auditKey == null, "--audit-key needs --audit");
    require(
        revocations != null || (listKeys.isEmpty() && listKey == null),
        "the keys of a list need --revocations");
    require(
        revocations == null || !listKeys.isEmpty() || listKey != null,
        "--revocations needs --revocation-public-key, or --revocation-key");
    require(reviewer == null || registry != null, "--reviewer needs --registry");
    require(
        approver == null || approver.startsWith("keeper:"),
        "--approver is keeper:NAME: a key in a file would leave it");
    require(
        passphraseFile == null || auditKey != null || listKey != null,
        "--passphrase-file opens --audit-key or --revocation-key");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw OperationException.usage(otherwise);
    }
  }
}
