package dev.taper.assurance;

import dev.taper.crypto.PrivateKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and keys of a provider of sign-ins, as a provider makes them, and the JDK's own word for
 * whether a key signed one. Stateless.
 */
final class ProviderTokens {
  static final String ISSUER = "https://idp.example.com";
  static final String AUDIENCE = "https://i.example";

  /** The provider's key. */
  static final PrivateKey KEY = Keys.RESEARCHER;

  /** A key that no provider publishes. */
  static final PrivateKey STRANGER = Keys.STRANGER;

  static final String HEADER = "{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"JWT\"}";
  static final String CLAIMS =
      "{\"iss\":\"https://idp.example.com\",\"sub\":\"1\",\"aud\":\"https://i.example\","
          + "\"iat\":1893499200,\"exp\":1893499500,\"azp\":\"planner-app\"}";

  private static final int NUMBER = 32;

  /** What the library that reads key sets passes over: escapes, and what is in no base64. */
  private static final String NO_DIGITS = "\\\\(u[0-9a-f]{4}|.)|[^A-Za-z0-9+/_-]";

  private static final Pattern ESCAPED = Pattern.compile("\\\\u(\\p{XDigit}{4})");

  private ProviderTokens() {}

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A token of any header and claims, signed in the way of ES256. */
  static String signed(PrivateKey by, byte[] header, byte[] claims) {
    String signed = base64(header) + "." + base64(claims);
    return signed + "." + base64(raw(by.sign(signed.getBytes(StandardCharsets.US_ASCII))));
  }

  /** The same, of texts. */
  static String signed(PrivateKey by, String header, String claims) {
    return signed(
        by, header.getBytes(StandardCharsets.UTF_8), claims.getBytes(StandardCharsets.UTF_8));
  }

  /** Both numbers of a signature, each in 32 bytes: JWTs have no DER. */
  private static byte[] raw(byte[] der) {
    byte[] raw = new byte[2 * NUMBER];
    int at = 2;
    for (int end = NUMBER; end <= raw.length; end += NUMBER) {
      int length = der[at + 1];
      byte[] number = Arrays.copyOfRange(der, at + 2, at + 2 + length);
      int signs = Math.max(0, length - NUMBER);
      System.arraycopy(number, signs, raw, end - length + signs, length - signs);
      at += 2 + length;
    }
    return raw;
  }

  /** True if a key signed the text before the last dot with what stands behind it. */
  static boolean isSigned(PrivateKey by, String token) {
    int dot = token.lastIndexOf('.');
    try {
      Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
      check.initVerify(open(by));
      check.update(token.substring(0, dot).getBytes(StandardCharsets.UTF_8));
      return check.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The public key as the JDK has it, of which Taper writes one number and the other's sign. */
  private static ECPublicKey open(PrivateKey key) throws GeneralSecurityException {
    AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
    named.init(new ECGenParameterSpec("secp256r1"));
    ECParameterSpec curve = named.getParameterSpec(ECParameterSpec.class);
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    byte[] bytes = key.publicKey().bytes();
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(bytes, 1, bytes.length));
    BigInteger square =
        x.pow(3).add(curve.getCurve().getA().multiply(x)).add(curve.getCurve().getB());
    BigInteger y = square.mod(p).modPow(p.add(BigInteger.ONE).shiftRight(2), p);
    boolean isOdd = bytes[0] == 3;
    ECPoint point = new ECPoint(x, y.testBit(0) == isOdd ? y : p.subtract(y));
    return (ECPublicKey)
        KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve));
  }

  /** A number of a key as key sets have it. */
  private static String number(BigInteger number) {
    return base64(HexFormat.of().parseHex(String.format("%064x", number)));
  }

  /** Both numbers of a key. */
  private static ECPoint point(PrivateKey key) {
    try {
      return open(key).getW();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** True if the members of an entry, in canonical form, have both numbers of a key. */
  static boolean isPoint(PrivateKey key, Map<String, String> entry) {
    ECPoint point = point(key);
    return isNumber(point.getAffineX(), entry.get("x"))
        && isNumber(point.getAffineY(), entry.get("y"));
  }

  private static boolean isNumber(BigInteger number, @Nullable String json) {
    if (json == null) {
      return false;
    }
    String legal = digits(json);
    int used = legal.length() % 4 == 1 ? legal.length() - 1 : legal.length();
    byte[] bytes = Base64.getUrlDecoder().decode(legal.substring(0, used));
    return new BigInteger(1, bytes).equals(number);
  }

  private static String digits(String json) {
    return json.replaceAll(NO_DIGITS, "").replace('+', '-').replace('/', '_');
  }

  /** True if a number of a key stands in a text, whatever is between its digits. */
  static boolean isNamed(PrivateKey key, String text) {
    String unescaped =
        ESCAPED
            .matcher(text.replace("\\/", "/"))
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        Character.toString((char) Integer.parseInt(found.group(1), 16))));
    return digits(unescaped).contains(number(point(key).getAffineX()));
  }

  /** One key of a key set. */
  static String entry(PrivateKey key, String more) {
    ECPoint point = point(key);
    return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""
        + number(point.getAffineX())
        + "\",\"y\":\""
        + number(point.getAffineY())
        + "\""
        + more
        + "}";
  }

  /** A set of keys. */
  static String set(String... entries) {
    return "{\"keys\":[" + String.join(",", entries) + "]}";
  }
}
