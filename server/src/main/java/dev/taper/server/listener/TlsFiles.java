package dev.taper.server.listener;

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
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate chain and its private key in PEM.
 *
 * @param certificate the file of the chain, the service's own certificate first
 * @param key the file of its key, PKCS#8, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /**
   * Reads both.
   *
   * @return a store with one entry, without a password
   * @throws OperationException {@code invalid_certificate} if they make no sense, {@code io} if a
   *     file cannot be read
   */
  KeyStore load() {
    try {
      byte[] pem = Files.readAllBytes(certificate);
      List<Certificate> chain =
          List.copyOf(
              CertificateFactory.getInstance("X.509")
                  .generateCertificates(new ByteArrayInputStream(pem)));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      PrivateKey own = key(Files.readString(key, StandardCharsets.ISO_8859_1));
      store.setKeyEntry("own", own, new char[0], chain.toArray(new Certificate[0]));
      return store;
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

  private static PrivateKey key(String pem) throws GeneralSecurityException {
    Matcher document = KEY.matcher(pem);
    if (!document.find()) {
      throw new InvalidKeySpecException("no private key in PKCS#8");
    }
    PKCS8EncodedKeySpec spec =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(document.group(1)));
    for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // It is one of another algorithm.
      }
    }
    throw new InvalidKeySpecException("a private key of no known algorithm");
  }

  /** When the later of both was written. */
  FileTime modified() throws IOException {
    FileTime first = Files.getLastModifiedTime(certificate);
    FileTime second = Files.getLastModifiedTime(key);
    return first.compareTo(second) > 0 ? first : second;
  }
}
