package dev.taper.cli.key;

import dev.taper.JsonFields;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.key.KeyPairOptions.Parts;
import dev.taper.cli.output.JsonCommand;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.key.KeyFormat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code taper keygen}. */
public final class KeygenCommand extends JsonCommand {
  private final KeyPairOptions options = part(new KeyPairOptions());

  /** Runs in the given console. */
  public KeygenCommand(Console console) {
    super(
        console,
        "keygen",
        "Make a key pair, or convert an existing private key.",
        "With --out, the private key goes to a file that only its owner can read, the public key"
            + " beside it. Without --out, both go to standard output, unless that is a terminal.");
  }

  @Override
  protected ExitCode run() {
    options.check();
    boolean toOutput = options.privateFile.get() == null && options.publicFile.get() == null;
    if (toOutput) {
      requireNoSecretOnTerminal();
    }
    if (json.given()) {
      json(toOutput);
    } else if (toOutput) {
      print(key());
    } else {
      save();
    }
    return ExitCode.OK;
  }

  /** A terminal keeps what it printed, and shows it to everyone who sees the screen. */
  private void requireNoSecretOnTerminal() {
    if (console.terminals().out()
        && options.parts() != Parts.PUBLIC
        && options.passphrase() == null) {
      throw CliException.usage(
          "keygen prints no private key to a terminal: use --out FILE, or a pipe");
    }
  }

  private void json(boolean toOutput) {
    if (toOutput) {
      if (options.format.get() == KeyFormat.RAW) {
        throw CliException.usage("--json has no room for raw bytes: use --out FILE");
      }
      PrivateKey key = key();
      Parts parts = options.parts();
      printJson(
          new JsonFields()
              .put("public_key", key.publicKey())
              .putIfPresent("public", parts == Parts.PRIVATE ? null : text(encode(key, false)))
              .putIfPresent("private", parts == Parts.PUBLIC ? null : text(encode(key, true))));
      return;
    }
    Saved saved = write();
    printJson(
        new JsonFields()
            .put("public_key", saved.key())
            .putIfPresent("private_file", saved.privateFile())
            .putIfPresent("public_file", saved.publicFile()));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** What was written, and where; null for no file. */
  private record Saved(PublicKey key, @Nullable String privateFile, @Nullable String publicFile) {}

  private PrivateKey key() {
    KeyInput from = options.from();
    return from == null ? PrivateKey.generate(options.algorithm()) : keys.privateKey(from);
  }

  private void print(PrivateKey key) {
    boolean both = options.parts() == Parts.BOTH;
    if (options.format.get() == KeyFormat.RAW) {
      if (both) {
        throw CliException.usage(
            "raw keys cannot be told apart on standard output: use --only-public, --only-private"
                + " or --out");
      }
      outputs.secretBytes(null, encode(key, options.parts() == Parts.PRIVATE));
      return;
    }
    boolean labels = both && options.format.get() == KeyFormat.TEXT;
    if (options.parts() != Parts.PUBLIC) {
      console.out().print(labels ? "Private key: " : "");
      console.out().writeBytes(encode(key, true));
    }
    if (options.parts() != Parts.PRIVATE) {
      console.out().print(labels ? "Public key: " : "");
      console.out().writeBytes(encode(key, false));
    }
  }

  private void save() {
    Saved saved = write();
    if (saved.privateFile() != null) {
      print("private key: " + saved.privateFile());
    }
    if (saved.publicFile() != null) {
      print("public key:  " + saved.publicFile());
    }
    print(saved.key().toString());
  }

  private Saved write() {
    String privateFile = options.parts() == Parts.PUBLIC ? null : options.privateFile.get();
    String publicFile = options.parts() == Parts.PRIVATE ? null : publicFile();
    if (!options.force.given()) {
      // Look for both before writing either; creating them looks again.
      requireAbsent(privateFile);
      requireAbsent(publicFile);
    }
    PrivateKey key = key();
    if (privateFile != null) {
      outputs.file(privateFile, encode(key, true), true, options.force.given());
    }
    if (publicFile != null) {
      outputs.file(publicFile, encode(key, false), false, options.force.given());
    }
    return new Saved(key.publicKey(), privateFile, publicFile);
  }

  private void requireAbsent(@Nullable String file) {
    if (file != null) {
      outputs.requireAbsent(file);
    }
  }

  private @Nullable String publicFile() {
    String privateFile = options.privateFile.get();
    if (options.publicFile.get() != null || privateFile == null) {
      return options.publicFile.get();
    }
    // With --only-public, --out names the only file there is.
    if (options.parts() == Parts.PUBLIC) {
      return privateFile;
    }
    return privateFile.endsWith(".key")
        ? privateFile.substring(0, privateFile.length() - ".key".length()) + ".pub"
        : privateFile + ".pub";
  }

  private byte[] encode(PrivateKey key, boolean secret) {
    return switch (options.format.get()) {
      case RAW -> secret ? key.secret().exposeCopy() : key.publicKey().bytes();
      case PEM -> bytes(secret ? pem(key) : Pem.write(key.publicKey()));
      default -> bytes((secret ? key.exposeText() : key.publicKey()) + "\n");
    };
  }

  private String pem(PrivateKey key) {
    Source source = options.passphrase();
    if (source == null) {
      return Pem.writeUnencrypted(key);
    }
    char[] passphrase = keys.passphrase(source, options.exposed.given());
    try {
      return Pem.writeEncrypted(key, passphrase);
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
