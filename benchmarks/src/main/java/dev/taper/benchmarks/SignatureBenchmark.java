package dev.taper.benchmarks;

import dev.taper.benchmarks.workload.Backend;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * One Ed25519 signature over 300 bytes, about what a block's signature covers, by each backend. The
 * figures count in {@code V}, the time of {@link #verify}: verification with a key that the backend
 * has seen before, which is the least it can take. {@link #verifyNewKey} starts from the key's 32
 * bytes, as every block of a token that was never seen does.
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
