package dev.taper.benchmarks;

import dev.taper.benchmarks.workload.Backend;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * One verification of an ECDSA signature over P-256 and 300 bytes, by each backend: with a key that
 * it has seen before, and with one that begins as 33 bytes. There are no tables for such keys; this
 * says what they could save.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar P256Benchmark
 * }</pre>
 */
public class P256Benchmark extends TimedBenchmark {
  private static final int MESSAGE_BYTES = 300;

  /** The signature backend. */
  @Param({"accp", "bouncycastle"})
  public String backend = "";

  private final byte[] message = new byte[MESSAGE_BYTES];
  private byte[] keyBytes = {};
  private byte[] signature = {};
  private PublicKey publicKey;

  /** Makes a key and a signature. */
  @Setup
  public void prepare() {
    Backend.use(backend);
    PrivateKey privateKey = PrivateKey.generate(Algorithm.SECP256R1);
    publicKey = privateKey.publicKey();
    keyBytes = publicKey.bytes();
    signature = privateKey.sign(message);
  }

  /** Verifies with a key that was used before. */
  @Benchmark
  public boolean verify() {
    return publicKey.verify(message, signature);
  }

  /** Verifies with a key that is made of its bytes. */
  @Benchmark
  public boolean verifyNewKey() {
    return PublicKey.of(Algorithm.SECP256R1, keyBytes).verify(message, signature);
  }
}
