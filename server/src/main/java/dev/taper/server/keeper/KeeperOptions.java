package dev.taper.server.keeper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a keeper is started with. */
final class KeeperOptions {
  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "Where to listen, in a folder of your own. Default: the variable TAPER_KEEPER, else"
              + " taper/keeper.sock in XDG_RUNTIME_DIR, else .taper/keeper.sock at home.")
  @Nullable String socket;

  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description = "Where keys are stored, encrypted, and tokens. Default: .taper/keeper at home.")
  @Nullable Path store;

  @Option(
      names = "--in-memory",
      description = "Store nothing: keys and tokens are gone when the keeper ends.")
  boolean inMemory;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "File that only you can read; its first line unlocks the stored keys. Without it the"
              + " keeper asks at the terminal or by --askpass, else it starts locked.")
  @Nullable Path passphraseFile;

  @Option(
      names = "--passphrase-env",
      paramLabel = "NAME",
      description = "Environment variable that unlocks the stored keys.")
  @Nullable String passphraseVariable;

  @Option(names = "--locked", description = "Start locked, and ask for no passphrase.")
  boolean locked;

  @Option(
      names = "--pkcs11",
      paramLabel = "LIBRARY",
      description = "The PKCS #11 library of a device that has keys too, such as SoftHSM's.")
  @Nullable Path pkcs11;

  @Option(
      names = "--pkcs11-slot",
      paramLabel = "NUMBER",
      description = "The slot of the device. Default: its first one.")
  @Nullable Long slot;

  @Option(
      names = "--pin-file",
      paramLabel = "FILE",
      description = "File that only you can read; its first line is the PIN of the device.")
  @Nullable Path pinFile;

  @Option(
      names = "--confirm",
      description = "Ask before each use of any key, at the terminal or by --askpass.")
  boolean confirm;

  @Option(
      names = "--askpass",
      paramLabel = "PROGRAM",
      description =
          "Program that asks you: it gets the question as its argument, and ends with 0 for a yes."
              + " Default: the variable TAPER_ASKPASS, then SSH_ASKPASS.")
  @Nullable Path askpass;

  @Option(
      names = "--lifetime",
      paramLabel = "DURATION",
      description = "After what time keys and tokens are forgotten that do not say. Example: 8h")
  @Nullable String lifetime;

  @Option(
      names = "--names",
      paramLabel = "FILE",
      description = "Who is who: the file of names, to whom tokens are handed on by name.")
  @Nullable Path names;

  @Option(
      names = "--names-key",
      paramLabel = "KEY",
      split = "\n",
      hideParamSyntax = true,
      description = "Take the file of names only if this key has signed it: its text or a file.")
  List<String> namesKeys = new ArrayList<>();

  @Option(
      names = "--names-only",
      description = "Hand tokens on to names of that file alone, never to a key that is given.")
  boolean namesOnly;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      description = "Where health and metrics are served, on this machine; default: nowhere.")
  @Nullable String admin;
}
