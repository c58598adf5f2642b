package dev.taper.cli.io;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The revocation list that is looked at, and whose signature counts. */
public final class RevocationListOptions {
  @Option(
      names = "--revocations",
      paramLabel = "LIST",
      description = {
        "The signed list of what is revoked: a file, an http(s) URL,",
        "or a database: " + Place.DATABASE + "."
      })
  private @Nullable String list;

  @Option(
      names = "--revocation-key",
      paramLabel = "KEY",
      description = "Who may sign it: a public key's text, a file, or -. Several add up.")
  private List<String> keys = new ArrayList<>();

  @Option(
      names = "--revocation-memory",
      paramLabel = "FILE",
      description =
          "Remember its number there from run to run, so that no older list is taken. Without it,"
              + " a rolled-back list is not seen.")
  private @Nullable String memory;

  /** The list; null if none is given. */
  public @Nullable RevocationListInput input() {
    if (list == null) {
      if (!keys.isEmpty() || memory != null) {
        throw CliException.usage(
            "--revocation-key and --revocation-memory need --revocations LIST");
      }
      return null;
    }
    if (keys.isEmpty()) {
      throw CliException.usage("who may sign the revocation list? use --revocation-key KEY");
    }
    List<KeyInput> issuers = new ArrayList<>();
    for (String key : keys) {
      issuers.add(new KeyInput(PublicKeyInput.source(key), KeyFormat.AUTO, null, null));
    }
    return new RevocationListInput(Place.of(list), issuers, memory);
  }

  /**
   * The list.
   *
   * @throws CliException if none is given
   */
  public RevocationListInput required() {
    RevocationListInput input = input();
    if (input == null) {
      throw CliException.usage("the revocation list is missing: use --revocations LIST");
    }
    return input;
  }

  /** True if any of these options is used. */
  public boolean isGiven() {
    return list != null || !keys.isEmpty() || memory != null;
  }
}
