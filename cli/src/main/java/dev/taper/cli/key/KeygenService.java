package dev.taper.cli.key;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.key.KeyPairOptions.Parts;
import dev.taper.cli.output.Json;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.key.KeyFormat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes and converts key pairs. */
final class KeygenService extends ConsoleService {
  KeygenService(Console console) {
    super(console);
  }

  /** Makes the key pair and writes it. */
  ExitCode run(KeyPairOptions request, boolean json) {
    request.check();
    if (json) {
      json(request);
    } else if (request.privateFile.get() == null && request.publicFile.get() == null) {
      print(request, key(request));
    } else {
      save(request);
    }
    return ExitCode.OK;
  }

  /** Writes the pair as ever, and says as JSON what and where it is. */
  private void json(KeyPairOptions request) {
    if (request.privateFile.get() == null && request.publicFile.get() == null) {
      if (request.format.get() == KeyFormat.RAW) {
        throw CliException.usage("--json has no room for raw bytes: use --out FILE");
      }
      PrivateKey key = key(request);
      Json.object(
          console.out(),
          out -> {
            out.writeStringField("public_key", key.publicKey().toString());
            if (request.parts() != Parts.PRIVATE) {
              out.writeStringField("public", text(encode(request, key, false)));
            }
            if (request.parts() != Parts.PUBLIC) {
              out.writeStringField("private", text(encode(request, key, true)));
            }
          });
      return;
    }
    Saved saved = write(request);
    Json.object(
        console.out(),
        out -> {
          out.writeStringField("public_key", saved.key().toString());
          Json.text(out, "private_file", saved.privateFile());
          Json.text(out, "public_file", saved.publicFile());
        });
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** What was written, and where; null for no file. */
  private record Saved(PublicKey key, @Nullable String privateFile, @Nullable String publicFile) {}

  private PrivateKey key(KeyPairOptions request) {
    KeyInput from = request.from();
    return from == null ? PrivateKey.generate(request.algorithm()) : keys.privateKey(from);
  }

  private void print(KeyPairOptions request, PrivateKey key) {
    boolean both = request.parts() == Parts.BOTH;
    if (request.format.get() == KeyFormat.RAW) {
      if (both) {
        throw CliException.usage(
            "raw keys cannot be told apart on standard output: use --only-public, --only-private"
                + " or --out");
      }
      outputs.secretBytes(null, encode(request, key, request.parts() == Parts.PRIVATE));
      return;
    }
    boolean labels = both && request.format.get() == KeyFormat.TEXT;
    if (request.parts() != Parts.PUBLIC) {
      console.out().print(labels ? "Private key: " : "");
      console.out().writeBytes(encode(request, key, true));
    }
    if (request.parts() != Parts.PRIVATE) {
      console.out().print(labels ? "Public key: " : "");
      console.out().writeBytes(encode(request, key, false));
    }
  }

  private void save(KeyPairOptions request) {
    Saved saved = write(request);
    if (saved.privateFile() != null) {
      console.out().println("private key: " + saved.privateFile());
    }
    if (saved.publicFile() != null) {
      console.out().println("public key:  " + saved.publicFile());
    }
    console.out().println(saved.key());
  }

  private Saved write(KeyPairOptions request) {
    String privateFile = request.parts() == Parts.PUBLIC ? null : request.privateFile.get();
    String publicFile = request.parts() == Parts.PRIVATE ? null : publicFile(request);
    if (!request.force.given()) {
      // Look for both before writing either; creating them looks again.
      requireAbsent(privateFile);
      requireAbsent(publicFile);
    }
    PrivateKey key = key(request);
    if (privateFile != null) {
      outputs.file(privateFile, encode(request, key, true), true, request.force.given());
    }
    if (publicFile != null) {
      outputs.file(publicFile, encode(request, key, false), false, request.force.given());
    }
    return new Saved(key.publicKey(), privateFile, publicFile);
  }

  private void requireAbsent(@Nullable String file) {
    if (file != null) {
      outputs.requireAbsent(file);
    }
  }

  private static @Nullable String publicFile(KeyPairOptions request) {
    String privateFile = request.privateFile.get();
    if (request.publicFile.get() != null || privateFile == null) {
      return request.publicFile.get();
    }
    // With --only-public, --out names the only file there is.
    if (request.parts() == Parts.PUBLIC) {
      return privateFile;
    }
    return privateFile.endsWith(".key")
        ? privateFile.substring(0, privateFile.length() - ".key".length()) + ".pub"
        : privateFile + ".pub";
  }

  private byte[] encode(KeyPairOptions request, PrivateKey key, boolean secret) {
    return switch (request.format.get()) {
      case RAW -> secret ? key.secret().exposeCopy() : key.publicKey().bytes();
      case PEM -> bytes(secret ? pem(request, key) : Pem.write(key.publicKey()));
      default -> bytes((secret ? key.exposeText() : key.publicKey()) + "\n");
    };
  }

  private String pem(KeyPairOptions request, PrivateKey key) {
    Source source = request.passphrase();
    if (source == null) {
      return Pem.writeUnencrypted(key);
    }
    char[] passphrase = keys.passphrase(source, request.exposed.given());
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
