package dev.taper.benchmarks;

import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.Known;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * One Ed25519 signature over 300 bytes, about what a block's signature covers, by each backend. The
 * figures count in {@code V}, the time of {@link #verify}: verification with a key that the backend
 * has seen before, which is the least it can take. {@link #verifyNewKey} starts from the key's 32
 * bytes, as every block of a token that was never seen does. {@link #verifyKnownKey} is by the
 * tables of a known key, which every backend shares.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar SignatureBenchmark -prof gc
 * }</pre>
 */
public class SignatureBenchmark extends TimedBenchmark {
  private static final int MESSAGE_BYTES = 300;

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  private final byte[] message = new byte[MESSAGE_BYTES];
  private byte[] keyBytes = {};
  private byte[] signature = {};
  private PrivateKey privateKey;
  private PublicKey publicKey;
  private PublicKey knownKey;
  private byte[] knownSignature = {};

  /** Makes a key and a signature. */
  @Setup
  public void prepare() {
    Backend.use(backend);
    for (int i = 0; i < MESSAGE_BYTES; i++) {
      message[i] = (byte) i;
    }
    privateKey = PrivateKey.generate(Algorithm.ED25519);
    publicKey = privateKey.publicKey();
    keyBytes = publicKey.bytes();
    signature = privateKey.sign(message);
    PrivateKey known = PrivateKey.generate(Algorithm.ED25519);
    knownKey = known.publicKey();
    knownSignature = known.sign(message);
    Known.await(known, List.of());
  }

  /** Verifies with a known key. */
  @Benchmark
  public boolean verifyKnownKey() {
    return checked(knownKey.verify(message, knownSignature));
  }

  /** Verifies four signatures of a known key together, as those of a chain. */
  @Benchmark
  @OperationsPerInvocation(4)
  public boolean verifyKnownKeys() {
    Signatures.Batch batch = Signatures.Batch.preferred();
    boolean valid = true;
    for (int i = 0; i < 4; i++) {
      valid = batch.add(knownKey, message, knownSignature);
    }
    return checked(valid && batch.firstInvalid() < 0);
  }

  /** Verifies with a key that was used before. */
  @Benchmark
  public boolean verify() {
    return checked(publicKey.verify(message, signature));
  }

  /** Verifies with a key that is made of its bytes. */
  @Benchmark
  public boolean verifyNewKey() {
    return checked(PublicKey.of(Algorithm.ED25519, keyBytes).verify(message, signature));
  }

  /** Signs. */
  @Benchmark
  public byte[] sign() {
    return privateKey.sign(message);
  }

  private static boolean checked(boolean valid) {
    if (valid) {
      return true;
    }
    throw new IllegalStateException("the signature is not valid");
  }
}
