package dev.taper.crypto;

import dev.taper.TaperException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes signatures of every kind that verifiers have been known to disagree on, two fifths of them
 * valid: by ordinary keys and by keys of mixed order; damaged in each part; with S + L, edges of S,
 * R of every small order for which the equation holds, R that is not canonical, R of mixed order;
 * under other keys. For one thread.
 */
final class GeneratedSignatures {
  /** A signature under some key, acceptable or not. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Case(String kind, PublicKey key, byte[] message, byte[] signature) {}

  private static final BigInteger L = Ed25519Verification.L;
  private static final BigInteger P =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  private static final int SIGNERS = 24;
  private static final int COMMITMENTS = 16;

  private static final Ed25519Point TORSION =
      Objects.requireNonNull(
          Ed25519Point.decode(
              HexFormat.of()
                  .parseHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
              0));

  /** A key aB + iT, T of order 8. */
  private record SigningKey(PublicKey key, BigInteger a, int small) {}

  /** A point rB + jT. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Commitment(byte[] encoded, BigInteger r) {}

  private final Random random;
  private final List<SigningKey> signers = new ArrayList<>();
  // By j.
  private final List<List<Commitment>> commitments = new ArrayList<>();
  private final List<byte[]> small = new ArrayList<>();

  GeneratedSignatures(long seed) {
    this.random = new Random(seed);
    for (int i = 0; i < SIGNERS; i++) {
      BigInteger a = new BigInteger(252, random);
      int order = i < SIGNERS / 2 ? 0 : i % 8;
      signers.add(new SigningKey(PublicKey.of(Algorithm.ED25519, point(a, order)), a, order));
    }
    for (int j = 0; j < 8; j++) {
      List<Commitment> of = new ArrayList<>();
      for (int i = 0; i < COMMITMENTS; i++) {
        BigInteger r = new BigInteger(252, random);
        of.add(new Commitment(point(r, j), r));
      }
      commitments.add(of);
      small.add(point(BigInteger.ZERO, j));
    }
  }

  /** The keys that sign, to be made known. */
  List<PublicKey> keys() {
    return signers.stream().map(SigningKey::key).toList();
  }

  private static byte[] point(BigInteger factor, int order) {
    return Ed25519VerificationTest.sum(
            Ed25519VerificationTest.times(factor, Ed25519Point.base()),
            Ed25519VerificationTest.times(BigInteger.valueOf(order), TORSION))
        .encode();
  }

  Case next() {
    SigningKey signer = signers.get(random.nextInt(signers.size()));
    byte[] message = bytes(random.nextInt(300));
    byte[] signature = sign(signer, message, signer.small == 0 ? 0 : random.nextInt(8));
    return switch (random.nextInt(17)) {
      case 0 -> new Case("R damaged", signer.key, message, flipped(signature, 0, 32));
      case 1 -> new Case("S damaged", signer.key, message, flipped(signature, 32, 32));
      case 2 -> new Case("longer message", signer.key, bytes(message.length + 1), signature);
      case 3 -> {
        BigInteger s = little(signature, 32).add(L);
        yield new Case("S + L", signer.key, message, with(signature, 32, s));
      }
      case 4 -> new Case("edge of S", signer.key, message, with(signature, 32, edge()));
      case 5 -> {
        SigningKey other = signers.get(random.nextInt(signers.size()));
        yield new Case("other key", other.key, message, signature);
      }
      case 6 -> damagedKey(signer, message, signature);
      case 7 -> smallCommitment(signer, message);
      case 8 -> {
        BigInteger y = P.add(BigInteger.valueOf(random.nextInt(19)));
        yield new Case(
            "R not canonical",
            signer.key,
            message,
            with(signature, 0, random.nextBoolean() ? y : y.setBit(255)));
      }
      case 9 -> {
        byte[] other = sign(signer, message, random.nextInt(8));
        yield new Case("R of any order", signer.key, message, other);
      }
      case 10 -> {
        int size = random.nextInt(66);
        yield new Case("other length", signer.key, message, Arrays.copyOf(signature, size));
      }
      default -> valid(signer);
    };
  }

  /** With a key of mixed order few messages have a valid signature for a given R. */
  private Case valid(SigningKey signer) {
    int j = signer.small * random.nextInt(8) % 8;
    while (true) {
      byte[] message = bytes(random.nextInt(300));
      byte[] signature = sign(signer, message, j);
      BigInteger k = challenge(signature, signer, message);
      if ((k.intValue() * signer.small + j) % 8 == 0) {
        return new Case("valid", signer.key, message, signature);
      }
    }
  }

  /** Signs by the book; valid exactly if 8 divides j + ki, without cofactor. */
  private byte[] sign(SigningKey signer, byte[] message, int j) {
    List<Commitment> some = commitments.get(j);
    Commitment commitment = some.get(random.nextInt(some.size()));
    BigInteger k = challenge(commitment.encoded, signer, message);
    BigInteger s = commitment.r.add(k.multiply(signer.a)).mod(L);
    return with(Arrays.copyOf(commitment.encoded, 64), 32, s);
  }

  /** With S = ka the equation holds for R = -kiT: the signature that must be refused for its R. */
  private Case smallCommitment(SigningKey signer, byte[] message) {
    byte[] r = small.get(random.nextInt(8));
    BigInteger k = challenge(r, signer, message);
    byte[] signature = with(Arrays.copyOf(r, 64), 32, k.multiply(signer.a).mod(L));
    return new Case("R of small order", signer.key, message, signature);
  }

  private Case damagedKey(SigningKey signer, byte[] message, byte[] signature) {
    byte[] key = flipped(signer.key.bytes(), 0, 32);
    try {
      return new Case("key damaged", PublicKey.of(Algorithm.ED25519, key), message, signature);
    } catch (TaperException e) {
      return new Case("as it was signed", signer.key, message, signature);
    }
  }

  private BigInteger edge() {
    BigInteger near = random.nextBoolean() ? L : BigInteger.ONE.shiftLeft(random.nextInt(256));
    BigInteger s = near.add(BigInteger.valueOf(random.nextInt(5) - 2));
    return s.signum() < 0 || s.bitLength() > 256 ? BigInteger.ZERO : s;
  }

  private static BigInteger challenge(byte[] r, SigningKey signer, byte[] message) {
    return little(Sha512.challenge(r, signer.key.rawBytes(), message), 0).mod(L);
  }

  private byte[] flipped(byte[] bytes, int from, int length) {
    byte[] changed = bytes.clone();
    changed[from + random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
    return changed;
  }

  private byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] with(byte[] signature, int at, BigInteger value) {
    byte[] changed = signature.clone();
    for (int i = 0; i < 32; i++) {
      changed[at + i] = value.shiftRight(Byte.SIZE * i).byteValue();
    }
    return changed;
  }

  private static BigInteger little(byte[] bytes, int from) {
    byte[] reversed = new byte[bytes.length - from];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return new BigInteger(1, reversed);
  }

  /** What the engine says without tables. */
  static boolean isValid(Case one, @Nullable Ed25519Verification key) {
    return SignatureBackend.isAcceptable(one.key, one.signature)
        && key != null
        && key.verify(one.message, one.signature);
  }
}
