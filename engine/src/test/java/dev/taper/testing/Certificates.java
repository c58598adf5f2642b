package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Real certificates, made by the JDK's own tool. */
public final class Certificates {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private static final Map<String, Certificates> MADE = new ConcurrentHashMap<>();

  private final KeyStore store;

  private Certificates(KeyStore store) {
    this.store = store;
  }

  /** Makes a key and its own certificate for this machine. */
  public static Certificates make(Path folder, String name, String algorithm) throws Exception {
    return make(folder, name, algorithm, "IP:127.0.0.1,DNS:localhost");
  }

  /**
   * Makes a key and its own certificate; the same ones for the same words, because the tool takes a
   * JVM of its own each time.
   *
   * @param whom the machines, as keytool takes them: {@code DNS:NAME,IP:ADDRESS}
   */
  public static Certificates make(Path folder, String name, String algorithm, String whom)
      throws Exception {
    String words = String.join(" ", name, algorithm, whom);
    Certificates made = MADE.get(words);
    if (made == null) {
      made = anew(folder, name, algorithm, whom);
      MADE.put(words, made);
    }
    return made;
  }

  private static Certificates anew(Path folder, String name, String algorithm, String whom)
      throws Exception {
    Path file = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=" + whom,
                "-ext",
                "BC=ca:true",
                "-keyalg",
                algorithm,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(said).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return new Certificates(store);
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + what
        + "-----\n";
  }

  /** Writes the certificate, as a file that replaces another one. */
  public void writeCertificate(Path file) throws Exception {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(beside, pem("CERTIFICATE", store.getCertificate("own").getEncoded()));
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Writes the key, which only its owner can read. */
  public void writeKey(Path file) throws Exception {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(beside, pem("PRIVATE KEY", store.getKey("own", PASSWORD).getEncoded()));
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The certificate. */
  public Certificate certificate() throws Exception {
    return store.getCertificate("own");
  }

  /** What a client needs that trusts this certificate, and shows another one if it has one. */
  public SSLContext trustedBy(@Nullable Certificates client) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", store.getCertificate("own"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(client == null ? null : client.store, client == null ? null : PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
