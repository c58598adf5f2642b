package dev.taper.server.listener;

import dev.taper.SecretFile;
import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A certificate chain and its private key in PEM, and perhaps who signs the certificates of
 * clients. Immutable.
 *
 * @param certificate the file of the chain, the service's own certificate first
 * @param key the file of its key, PKCS#8, not encrypted, that only its owner can read
 * @param clientCa the file of the certificates whose signatures let clients in; null to let
 *     everybody in
 */
public record TlsFiles(Path certificate, Path key, @Nullable Path clientCa) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final int MAX_KEY = 1 << 16;

  /** A certificate and its key, and clients without certificates. */
  public TlsFiles(Path certificate, Path key) {
    this(certificate, key, null);
  }

  /**
   * What is in the files.
   *
   * @param own one entry, without a password
   * @param trusted who signs the certificates of clients; null if they need none
   * @param ends when the first of all these certificates ends
   */
  record Stores(KeyStore own, @Nullable KeyStore trusted, Instant ends) {}

  /**
   * Reads all.
   *
   * @throws OperationException {@code invalid_certificate} if they make no sense, {@code io} if a
   *     file cannot be read
   * @throws TaperException {@link dev.taper.ErrorCode#SECRET_EXPOSED} if others can read the key
   */
  Stores load() {
    try {
      List<Certificate> chain = certificates(certificate);
      KeyStore own = empty();
      PrivateKey secret = key(key);
      requirePair(chain.get(0).getPublicKey(), secret);
      own.setKeyEntry("own", secret, new char[0], chain.toArray(new Certificate[0]));
      List<Certificate> all = new ArrayList<>(chain);
      if (clientCa != null) {
        all.addAll(certificates(clientCa));
      }
      return new Stores(own, clientCa == null ? null : trusted(clientCa), ends(all));
    } catch (IOException e) {
      throw OperationException.io("cannot read " + certificate + " or " + key, e);
    } catch (GeneralSecurityException e) {
      throw new OperationException(
          OperationException.Kind.USAGE,
          "invalid_certificate",
          certificate + " and " + key + " are no certificate with its key",
          e);
    }
  }

  /**
   * What a client needs that trusts certificates of a file alone, and those that they signed.
   *
   * @param file the certificates in PEM
   * @throws OperationException {@code invalid_certificate} if they make no sense, {@code io} if the
   *     file cannot be read
   */
  public static SSLContext trusting(Path file) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted(file));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw OperationException.io("cannot read " + file, e);
    } catch (GeneralSecurityException e) {
      throw new OperationException(
          OperationException.Kind.USAGE,
          "invalid_certificate",
          file + " has no certificate in PEM",
          e);
    }
  }

  private static Instant ends(List<Certificate> all) {
    Instant first = Instant.MAX;
    for (Certificate each : all) {
      if (each instanceof X509Certificate known
          && known.getNotAfter().toInstant().isBefore(first)) {
        first = known.getNotAfter().toInstant();
      }
    }
    return first;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static KeyStore trusted(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    int number = 0;
    for (Certificate one : certificates(file)) {
      store.setCertificateEntry("ca-" + number++, one);
    }
    return store;
  }

  private static List<Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    List<Certificate> all =
        List.copyOf(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file))));
    if (all.isEmpty()) {
      throw new InvalidKeySpecException("no certificate");
    }
    return all;
  }

  /** Files that are replaced one after the other do not fit for a moment. */
  private static void requirePair(PublicKey certified, PrivateKey secret)
      throws GeneralSecurityException {
    String algorithm =
        switch (certified.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] text = certified.getEncoded();
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(secret);
    signing.update(text);
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(certified);
    verifying.update(text);
    if (!verifying.verify(signing.sign())) {
      throw new InvalidKeySpecException("the key is another certificate's");
    }
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    byte[] bytes = SecretFile.read(file, MAX_KEY);
    try {
      return key(new String(bytes, StandardCharsets.ISO_8859_1));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static PrivateKey key(String pem) throws GeneralSecurityException {
    Matcher document = KEY.matcher(pem);
    if (!document.find()) {
      throw new InvalidKeySpecException("no private key in PKCS#8");
    }
    PKCS8EncodedKeySpec spec;
    try {
      spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(document.group(1)));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException("no Base64", e);
    }
    for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // It is one of another algorithm.
      }
    }
    throw new InvalidKeySpecException("a private key of no known algorithm");
  }

  /** When each was written, in an order that stays the same. */
  List<FileTime> modified() throws IOException {
    List<FileTime> own =
        List.of(Files.getLastModifiedTime(certificate), Files.getLastModifiedTime(key));
    return clientCa == null
        ? own
        : List.of(own.get(0), own.get(1), Files.getLastModifiedTime(clientCa));
  }
}
