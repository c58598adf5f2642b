package dev.taper.server.console.people;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import dev.taper.operations.key.KeyFile;
import dev.taper.server.console.view.TrustFiles;
import dev.taper.server.process.FileReason;
import dev.taper.server.process.KeySource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the console for people who sign in believes, and with what they act. */
public final class SignedInOptions {
  @Option(
      names = "--console-root-keys",
      paramLabel = "FILE",
      description =
          "For people who sign in: whose tokens their pages believe, a key set or a public key; may"
              + " be repeated.")
  List<Path> rootKeys = new ArrayList<>();

  @Option(
      names = "--console-names",
      paramLabel = "FILE",
      description = "For people who sign in: the signed file of names.")
  @Nullable Path names;

  @Option(
      names = "--console-names-key",
      paramLabel = "FILE",
      description = "Who has to have signed it; may be repeated.")
  List<Path> namesKeys = new ArrayList<>();

  @Option(
      names = "--console-audit-key",
      paramLabel = "FILE",
      description =
          "Signs the records of what people do who sign in, in --console-audit; without it they"
              + " only look. Or keeper:NAME.")
  @Nullable String auditKey;

  @Option(
      names = "--console-revocation-key",
      paramLabel = "FILE",
      description = "Signs what operators revoke, in --revocations; or keeper:NAME.")
  @Nullable String listKey;

  @Option(
      names = "--console-passphrase-file",
      paramLabel = "FILE",
      description = "File whose first line opens encrypted keys of these.")
  @Nullable Path passphraseFile;

  /** True if one of these was given. */
  public boolean isGiven() {
    return !rootKeys.isEmpty()
        || names != null
        || !namesKeys.isEmpty()
        || isActing()
        || listKey != null
        || passphraseFile != null;
  }

  /** True if people do not only look. */
  public boolean isActing() {
    return auditKey != null;
  }

  /** True if operators revoke. */
  public boolean isRevoking() {
    return listKey != null;
  }

  /**
   * Refuses options without what they need.
   *
   * @throws OperationException {@code usage}
   */
  public void requireFitting(boolean hasLog, boolean hasList) {
    require(
        !rootKeys.isEmpty(), "--console-root-keys is missing: by it the pages read who asks for");
    require(
        (names == null) == namesKeys.isEmpty(),
        "--console-names and --console-names-key go together: only signed names are believed");
    require(auditKey == null || hasLog, "--console-audit-key needs --console-audit");
    require(
        listKey == null || (hasList && auditKey != null),
        "--console-revocation-key needs --revocations, and --console-audit-key: who revokes is"
            + " recorded");
    require(
        passphraseFile == null || auditKey != null,
        "--console-passphrase-file opens --console-audit-key or --console-revocation-key");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw OperationException.usage(otherwise);
    }
  }

  /**
   * Whom the pages believe.
   *
   * @param services the catalogs of the services whose asks are shown
   */
  public TrustFiles trust(Supplier<List<ToolCatalog>> services, Clock clock) {
    List<PublicKey> signers = namesKeys.stream().map(FileReason::publicKey).toList();
    TrustFiles trust =
        new TrustFiles(
            new TrustFiles.RootFiles(rootKeys, List.of()), names, signers, services, clock);
    var unused = trust.roots(); // what cannot be read is a mistake of whoever starts it
    var unusedNames = trust.names();
    return trust;
  }

  /** What opens the key of the log; null if people only look. */
  public @Nullable Supplier<Signer> auditSigner() {
    return opened(auditKey);
  }

  /** What opens the key of the list; null if nobody revokes. */
  public @Nullable Supplier<Signer> listSigner() {
    return opened(listKey);
  }

  /** What opens a key that can be opened now. */
  private @Nullable Supplier<Signer> opened(@Nullable String written) {
    if (written == null) {
      return null;
    }
    Supplier<Signer> source = KeySource.oneOf(written, passphraseFile)::open;
    KeyFile.wipe(source.get());
    return source;
  }
}
