package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Keys, and signatures that are good, loose or none. */
final class KeyCases {
  private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);
  private static final BigInteger ED25519_ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  private static final BigInteger P256_ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  /** Bytes that can be no key. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record BadKey(String name, Algorithm algorithm, byte[] bytes) {}

  private KeyCases() {}

  static JsonNode keys() {
    Cases cases =
        new Cases("keys", "The keys of all vectors, and a signature by each over a message.");
    for (Map.Entry<String, PrivateKey> entry : Cast.keys().entrySet()) {
      PrivateKey key = entry.getValue();
      cases.add(
          entry.getKey(),
          null,
          "algorithm",
          key.algorithm().text(),
          "secret",
          key.secret().exposeCopy(),
          "public",
          key.publicKey().bytes(),
          "message",
          MESSAGE,
          "signature",
          key.sign(MESSAGE),
          "expect",
          Cases.ok(key.publicKey().toString()));
    }
    return cases.file();
  }

  static List<BadKey> badKeys() {
    HexFormat hex = HexFormat.of();
    String zeros = "00".repeat(31);
    List<BadKey> bad = new ArrayList<>();
    bad.add(new BadKey("31 bytes", Algorithm.ED25519, new byte[31]));
    bad.add(new BadKey("the neutral point", Algorithm.ED25519, hex.parseHex("01" + zeros)));
    bad.add(new BadKey("a point of order 4", Algorithm.ED25519, hex.parseHex("00" + zeros)));
    bad.add(
        new BadKey(
            "a point of order 8",
            Algorithm.ED25519,
            hex.parseHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")));
    bad.add(
        new BadKey(
            "y that is the prime and 3",
            Algorithm.ED25519,
            hex.parseHex("f0" + "ff".repeat(30) + "7f")));
    bad.add(
        new BadKey(
            "the neutral point with a sign",
            Algorithm.ED25519,
            hex.parseHex("01" + "00".repeat(30) + "80")));
    bad.add(
        new BadKey(
            "the point of order 2 with a sign",
            Algorithm.ED25519,
            hex.parseHex("ec" + "ff".repeat(31))));
    bad.add(
        new BadKey(
            "an uncompressed point of P-256",
            Algorithm.SECP256R1,
            hex.parseHex("04" + "11".repeat(64))));
    bad.add(
        new BadKey(
            "x beyond the prime of P-256",
            Algorithm.SECP256R1,
            hex.parseHex("02" + "ff".repeat(32))));
    return bad;
  }

  static JsonNode signatures() {
    Cases cases =
        new Cases(
            "signatures",
            "Signatures to verify, by docs/profile.md, section 2: every verifier must agree.");
    PrivateKey ed = Cast.PLANNER;
    PrivateKey ec = Cast.SCRAPER;
    byte[] good = ed.sign(MESSAGE);
    byte[] der = ec.sign(MESSAGE);
    good(cases, "Ed25519", ed.publicKey(), good);
    good(cases, "P-256", ec.publicKey(), der);
    good(cases, "P-256 with the other s", ec.publicKey(), twin(der));
    bad(
        cases,
        "Ed25519 with S and the group order",
        ed.publicKey(),
        withOrder(good),
        "invalid_signature");
    bad(cases, "Ed25519 with another R", ed.publicKey(), flipped(good, 0), "invalid_signature");
    bad(cases, "Ed25519 with another S", ed.publicKey(), flipped(good, 40), "invalid_signature");
    bad(
        cases,
        "Ed25519 with R of small order, of which the equation holds",
        ed.publicKey(),
        neutralR(ed),
        "invalid_signature");
    addCofactored(cases);
    bad(cases, "Ed25519 of 63 bytes", ed.publicKey(), cut(good), "malformed_signature");
    bad(
        cases,
        "Ed25519 of 65 bytes",
        ed.publicKey(),
        Messages.join(good, new byte[1]),
        "malformed_signature");
    bad(cases, "Ed25519 by another key", Cast.RESEARCHER.publicKey(), good, "invalid_signature");
    bad(cases, "P-256 by another key", Cast.BOSS.publicKey(), der, "invalid_signature");
    bad(
        cases,
        "P-256 with bytes behind",
        ec.publicKey(),
        Messages.join(der, new byte[1]),
        "malformed_signature");
    bad(cases, "P-256 cut", ec.publicKey(), cut(der), "malformed_signature");
    bad(
        cases,
        "P-256 with a long form of its length",
        ec.publicKey(),
        longForm(der),
        "malformed_signature");
    bad(cases, "P-256 with a zero before r", ec.publicKey(), padded(der), "malformed_signature");
    bad(
        cases,
        "P-256 with r of 0",
        ec.publicKey(),
        der(BigInteger.ZERO, s(der)),
        "malformed_signature");
    bad(
        cases,
        "P-256 with s of the group order",
        ec.publicKey(),
        der(r(der), P256_ORDER),
        "malformed_signature");
    bad(
        cases,
        "P-256 in 64 bytes instead of DER",
        ec.publicKey(),
        new byte[64],
        "malformed_signature");
    for (BadKey key : badKeys()) {
      cases.add(
          "key: " + key.name(),
          "weak_key",
          "algorithm",
          key.algorithm().text(),
          "public",
          key.bytes(),
          "message",
          MESSAGE,
          "signature",
          key.algorithm() == Algorithm.ED25519 ? good : der,
          "expect",
          Cases.code("invalid_key"));
    }
    byte[] noPoint = ed.publicKey().bytes();
    noPoint[0] = 2;
    Arrays.fill(noPoint, 1, 32, (byte) 0);
    cases.add(
        "key: y without a point",
        "weak_key",
        "algorithm",
        Algorithm.ED25519.text(),
        "public",
        noPoint,
        "message",
        MESSAGE,
        "signature",
        good,
        "expect",
        Cases.code("invalid_signature"));
    return cases.file();
  }

  /**
   * Signatures of which the equation holds only when both sides are multiplied by 8: made with a
   * point of order 8 added to R, and to the key.
   */
  private static void addCofactored(Cases cases) {
    String[][] forged = {
      {
        "R",
        "404b4ed1b620dc9db640af871ef22ca05a1bbe70d316986b4e22799d0755e8f5",
        "ce32a64117ea96c6a0b11a38ff0e506590415628014623733194e28e510538a2"
            + "58982a6dbb0400596435e8307ad0f333c1f6b249202396986aed931602fd5d0a"
      },
      {
        "the key",
        "1e46e097e1da35f574e7d870bf6ec85e02c4d123ea15a30ef1c6a75e62317c41",
        "929660958017d70e1db488b835af7706a3a5b816609aec0b0724273bd64a095e"
            + "79da8d83de86ed5d2f79ee64e15eddb2bfb0043fe3baecae0437d9979273b902"
      }
    };
    HexFormat hex = HexFormat.of();
    for (String[] one : forged) {
      bad(
          cases,
          "Ed25519 with a point of order 8 in " + one[0],
          PublicKey.of(Algorithm.ED25519, hex.parseHex(one[1])),
          hex.parseHex(one[2]),
          "invalid_signature");
    }
  }

  /** With the neutral point as R, S = k·a: only the rule on R refuses it. */
  private static byte[] neutralR(PrivateKey key) {
    byte[] r = badKeys().get(1).bytes();
    byte[] a = Arrays.copyOf(sha512(key.secret().exposeCopy()), 32);
    a[0] &= (byte) 0xf8;
    a[31] = (byte) ((a[31] & 0x3f) | 0x40);
    BigInteger k = littleEndian(sha512(Messages.join(r, key.publicKey().bytes(), MESSAGE)));
    byte[] s = k.multiply(littleEndian(a)).mod(ED25519_ORDER).toByteArray();
    byte[] signature = Arrays.copyOf(r, 64);
    for (int i = 0; i < s.length && i < 32; i++) {
      signature[32 + i] = s[s.length - 1 - i];
    }
    return signature;
  }

  private static BigInteger littleEndian(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return new BigInteger(1, reversed);
  }

  private static byte[] sha512(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-512").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void good(Cases cases, String name, PublicKey key, byte[] signature) {
    cases.add(name, null, parts(key, signature, Cases.ok(true)));
  }

  private static void bad(Cases cases, String name, PublicKey key, byte[] signature, String code) {
    cases.add(name, "loose_signature", parts(key, signature, Cases.code(code)));
  }

  private static Object[] parts(PublicKey key, byte[] signature, JsonNode expect) {
    return new Object[] {
      "algorithm",
      key.algorithm().text(),
      "public",
      key.bytes(),
      "message",
      MESSAGE,
      "signature",
      signature,
      "expect",
      expect
    };
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] other = bytes.clone();
    other[at] ^= 1;
    return other;
  }

  private static byte[] cut(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length - 1);
  }

  /** S + L, little-endian, which a loose verifier takes for S. */
  private static byte[] withOrder(byte[] signature) {
    byte[] s = new byte[32];
    for (int i = 0; i < 32; i++) {
      s[i] = signature[63 - i];
    }
    byte[] sum = new BigInteger(1, s).add(ED25519_ORDER).toByteArray();
    byte[] other = signature.clone();
    Arrays.fill(other, 32, 64, (byte) 0);
    for (int i = 0; i < sum.length && i < 32; i++) {
      other[32 + i] = sum[sum.length - 1 - i];
    }
    return other;
  }

  private static BigInteger r(byte[] der) {
    return new BigInteger(Arrays.copyOfRange(der, 4, 4 + der[3]));
  }

  private static BigInteger s(byte[] der) {
    return new BigInteger(Arrays.copyOfRange(der, 6 + der[3], der.length));
  }

  static byte[] twin(byte[] der) {
    return der(r(der), P256_ORDER.subtract(s(der)));
  }

  private static byte[] der(BigInteger r, BigInteger s) {
    return der(r.toByteArray(), s.toByteArray());
  }

  private static byte[] der(byte[] r, byte[] s) {
    return Messages.join(
        new byte[] {0x30, (byte) (4 + r.length + s.length), 2, (byte) r.length},
        r,
        new byte[] {2, (byte) s.length},
        s);
  }

  private static byte[] padded(byte[] der) {
    return der(Messages.join(new byte[1], r(der).toByteArray()), s(der).toByteArray());
  }

  private static byte[] longForm(byte[] der) {
    return Messages.join(new byte[] {0x30, (byte) 0x81}, Arrays.copyOfRange(der, 1, der.length));
  }
}
