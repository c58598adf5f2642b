package dev.taper.integrations.kms;

import dev.taper.CheckReturnValue;
import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.crypto.Signer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

/**
 * Signs with a key of P-256 in AWS KMS, which never lets it out ({@code ECC_NIST_P256}, {@code
 * SIGN_VERIFY}). Immutable and thread-safe.
 *
 * <p>The public half is read once, when the signer is made. From then on one key signs: an alias
 * that is moved to another key later changes nothing here. Every signature is {@linkplain
 * Signatures#checked checked} before it is given out.
 *
 * <p>When KMS is away, slow, or refuses, nothing is signed: {@link ErrorCode#SIGNING_FAILED}. It is
 * waited for no longer than the signer's patience, and no longer than the caller's {@link
 * Deadline}, whatever the client retries meanwhile. Messages of errors name the key and the code
 * that KMS gave; what else it or the client said may quote credentials, and is left out.
 */
@CheckReturnValue
public final class KmsSigner implements Signer {
  /** How long KMS is waited for if nothing else is said. */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What KMS hashes itself, in bytes; of what is longer it takes the digest. */
  private static final int MAX_RAW = 4096;

  private static final int MAX_NAME = 2048;
  private static final int SHOWN = 120; // columns
  private static final Base64.Encoder PEM_LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  /** How KMS says that a key is none for signatures, and so has no public half. */
  private static final Set<String> OTHER_KIND =
      Set.of("UnsupportedOperationException", "InvalidKeyUsageException");

  private final KmsClient client;
  private final String keyId;
  private final PublicKey publicKey;
  private final Duration patience;

  private KmsSigner(KmsClient client, String keyId, PublicKey publicKey, Duration patience) {
    this.client = client;
    this.keyId = keyId;
    this.publicKey = publicKey;
    this.patience = patience;
  }

  /**
   * Asks KMS for the public half of a key, waiting {@link #PATIENCE} at most.
   *
   * @param client how KMS is asked; stays open, and stays the caller's to close
   * @param key the key: its ARN or id, or an alias ({@code alias/NAME}) or the ARN of one
   * @throws TaperException {@link ErrorCode#INVALID_KEY} if it is no key of P-256 for signatures;
   *     {@link ErrorCode#SIGNING_FAILED} if KMS does not say; {@link ErrorCode#INVALID_ARGUMENT} if
   *     that is no name of a key
   */
  public static KmsSigner of(KmsClient client, String key) {
    return of(client, key, PATIENCE);
  }

  /**
   * Asks KMS for the public half of a key.
   *
   * @param client how KMS is asked; stays open, and stays the caller's to close
   * @param key the key: its ARN or id, or an alias ({@code alias/NAME}) or the ARN of one
   * @param patience how long KMS is waited for, now and for each signature
   * @throws TaperException as {@link #of(KmsClient, String)}, and {@link
   *     ErrorCode#INVALID_ARGUMENT} if the patience is not positive
   */
  public static KmsSigner of(KmsClient client, String key, Duration patience) {
    Given.that(client, "the client");
    Given.that(key, "the key");
    if (Given.that(patience, "the patience").isNegative() || patience.isZero()) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "the patience must be positive");
    }
    if (key.isEmpty() || key.length() > MAX_NAME || !key.chars().allMatch(KmsSigner::isOfName)) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "not an ARN, id or alias of a key: " + shown(key));
    }
    GetPublicKeyResponse found =
        asked(
            key,
            patience,
            limits -> client.getPublicKey(r -> r.keyId(key).overrideConfiguration(limits)));
    return new KmsSigner(client, pinned(key, found), publicKey(key, found), patience);
  }

  private static boolean isOfName(int character) {
    return character > ' ' && character < 0x7f;
  }

  /** Which key it is that was found: an alias may point to another one tomorrow. */
  private static String pinned(String key, GetPublicKeyResponse found) {
    String id = found.keyId();
    if (id == null || id.isEmpty() || id.contains("alias/")) {
      throw failed(key, "the answer does not say which key it is about");
    }
    if (!key.contains("alias/") && !lastPart(key).equals(lastPart(id))) {
      throw failed(key, "the answer is about another key: " + shown(id));
    }
    return id;
  }

  private static String lastPart(String arn) {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  private static PublicKey publicKey(String key, GetPublicKeyResponse found) {
    if (found.keyUsage() != KeyUsageType.SIGN_VERIFY
        || !found.signingAlgorithms().contains(SigningAlgorithmSpec.ECDSA_SHA_256)) {
      throw otherKind(key, found.keyUsage() + " " + found.signingAlgorithmsAsStrings());
    }
    if (found.publicKey() == null) {
      throw failed(key, "the answer has no public key");
    }
    PublicKey read;
    try {
      read =
          Pem.readPublicKey(
              "-----BEGIN PUBLIC KEY-----\n"
                  + PEM_LINES.encodeToString(found.publicKey().asByteArray())
                  + "\n-----END PUBLIC KEY-----\n");
    } catch (TaperException e) {
      throw otherKind(key, String.valueOf(e.getMessage()));
    }
    if (read.algorithm() != Algorithm.SECP256R1) {
      throw otherKind(key, read.algorithm().text());
    }
    return read;
  }

  /** The key that signs, as KMS names it: never an alias. */
  public String keyId() {
    return keyId;
  }

  @Override
  public PublicKey publicKey() {
    return publicKey;
  }

  /**
   * {@inheritDoc}
   *
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if KMS does not sign in time, or its
   *     signature is not by this key
   */
  @Override
  public byte[] sign(byte[] message) {
    boolean raw = message.length > 0 && message.length <= MAX_RAW;
    SdkBytes sent = SdkBytes.fromByteArray(raw ? message : Digests.sha256(message));
    SdkBytes signature =
        asked(
                keyId,
                patience,
                limits ->
                    client.sign(
                        r ->
                            r.keyId(keyId)
                                .message(sent)
                                .messageType(raw ? MessageType.RAW : MessageType.DIGEST)
                                .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)
                                .overrideConfiguration(limits)))
            .signature();
    if (signature == null) {
      throw failed(keyId, "the answer has no signature");
    }
    return Signatures.checked(publicKey, message, signature.asByteArray());
  }

  /** Asks KMS, within what is left of the time. */
  private static <T> T asked(
      String key, Duration patience, Function<AwsRequestOverrideConfiguration, T> question) {
    Deadline deadline = Deadline.current();
    Duration left = deadline == null ? patience : deadline.left();
    Duration time = left.compareTo(patience) < 0 ? left : patience;
    if (time.toMillis() < 1) {
      throw failed(key, "no time is left to ask");
    }
    AwsRequestOverrideConfiguration limits =
        AwsRequestOverrideConfiguration.builder().apiCallTimeout(time).build();
    try {
      return question.apply(limits);
    } catch (AwsServiceException e) {
      AwsErrorDetails details = e.awsErrorDetails();
      String code = details == null ? null : details.errorCode();
      if (code != null && OTHER_KIND.contains(code)) {
        throw otherKind(key, code);
      }
      throw failed(key, refusal(code, e));
    } catch (RuntimeException e) { // from below the SDK, too, such as of a client that was closed
      throw failed(key, e.getClass().getSimpleName());
    }
  }

  private static String refusal(@Nullable String code, AwsServiceException e) {
    String said = code == null ? "an error" : shown(code);
    String request = e.requestId() == null ? "" : ", request " + shown(e.requestId());
    return said + " (status " + e.statusCode() + request + ")";
  }

  private static TaperException otherKind(String key, String why) {
    return new TaperException(
        ErrorCode.INVALID_KEY,
        "the key "
            + shown(key)
            + " of KMS is not one of P-256 for signatures (ECC_NIST_P256, SIGN_VERIFY): "
            + ShownText.of(why, SHOWN));
  }

  private static TaperException failed(String key, String why) {
    return new TaperException(
        ErrorCode.SIGNING_FAILED, "the key " + shown(key) + " of KMS cannot be used now: " + why);
  }

  private static String shown(String text) {
    return ShownText.of(text, SHOWN);
  }

  /** The public key, and which key of KMS it is. */
  @Override
  public String toString() {
    return "KmsSigner(of " + publicKey + ", " + shown(keyId) + ")";
  }
}
