package dev.taper.integrations.kms;

import dev.taper.testing.Await;
import dev.taper.testing.FreePort;
import dev.taper.testing.Needed;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.services.kms.KmsClient;

/** A server that does as AWS KMS: Debian's moto. It needs the program: see {@link Needed}. */
final class Moto implements AutoCloseable {
  private static final List<String> PLACES = List.of("/usr/bin/moto_server");

  private final Process process;
  private final int port;
  private final KmsClient client;

  private Moto(Process process, int port) {
    this.process = process;
    this.port = port;
    this.client = Clients.at(uri());
  }

  /** Starts a server without any key. */
  static Moto start(Path folder) throws Exception {
    String program = Needed.program(PLACES, "moto_server (python3-moto, python3-flask-cors)");
    int port = FreePort.next();
    ProcessBuilder builder =
        new ProcessBuilder(program, "-H", "127.0.0.1", "-p", String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("moto.log").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PYTHON"));
    Moto moto = new Moto(builder.start(), port);
    Await.listening(moto.process, moto.port, () -> Files.readString(folder.resolve("moto.log")));
    return moto;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  KmsClient client() {
    return client;
  }

  /** Makes a key of P-256; its ARN. */
  String key() {
    return client
        .createKey(r -> r.keySpec("ECC_NIST_P256").keyUsage("SIGN_VERIFY"))
        .keyMetadata()
        .arn();
  }

  @Override
  public void close() {
    client.close();
    process.destroy();
    process.onExit().join();
  }
}
