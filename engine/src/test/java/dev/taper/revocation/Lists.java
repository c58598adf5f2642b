package dev.taper.revocation;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.testing.SettableClock;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** An issuer of lists, its clock, and entries for the tests. */
final class Lists {
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  static final Duration DUE = Duration.ofMinutes(10);
  static final Duration OLDEST = Duration.ofMinutes(30);

  final SettableClock clock = new SettableClock(NOON);
  final PrivateKey key;
  final RevocationIssuer issuer;

  Lists() {
    this(Algorithm.ED25519);
  }

  Lists(Algorithm algorithm) {
    key = PrivateKey.generate(algorithm);
    issuer = RevocationIssuer.of(key);
  }

  RevocationList.Builder list() {
    return RevocationList.trusting(key.publicKey()).clock(clock).forgottenAtRestart();
  }

  Validity validity() {
    return Validity.from(clock, DUE, OLDEST);
  }

  byte[] snapshot(long sequence, RevocationEntry... entries) {
    return issuer.snapshot(sequence, List.of(entries), validity());
  }

  byte[] delta(long base, long sequence, RevocationEntry... entries) {
    return issuer.delta(base, sequence, List.of(entries), validity());
  }

  byte[] lifting(long sequence, RevocationEntry... lifted) {
    return issuer.delta(sequence - 1, sequence, List.of(), lifted(lifted), validity());
  }

  static List<LiftedEntry> lifted(RevocationEntry... entries) {
    return Stream.of(entries).map(entry -> LiftedEntry.of(entry, "a mistake")).toList();
  }

  static RevocationEntry task(String id) {
    return RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask(id));
  }

  static RevocationEntry task(String id, Instant until) {
    return new RevocationEntry(RevocationEntry.Kind.TASK, Fingerprint.ofTask(id), until);
  }

  /** What a list says of a task now. */
  RevocationCheck check(Revocations list, String task) {
    return list.check(List.of(Fingerprint.ofTask(task)), clock.instant());
  }

  boolean revoked(Revocations list, String task) {
    return check(list, task).revoked() == 0;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Entries whose fingerprints are drawn from a seed. */
  static List<RevocationEntry> random(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<RevocationEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(
          RevocationEntry.forever(
              RevocationEntry.Kind.BLOCK, new Fingerprint(random.nextLong(), random.nextLong())));
    }
    return entries;
  }

  /** The place of a number in a header by an Ed25519 key. */
  static int at(Field field) {
    int start = RevocationHeader.TAG.length + 3 + Algorithm.ED25519.publicKeyBytes();
    return start + field.index * Long.BYTES;
  }

  /** The header's numbers, in order. */
  enum Field {
    BASE(0),
    SEQUENCE(1),
    ISSUED(2),
    NEXT_UPDATE(3);

    private final int index;

    Field(int index) {
      this.index = index;
    }
  }

  /** A list whose header is changed and signed again, entries and all. */
  byte[] resigned(byte[] list, Consumer<ByteBuffer> change) {
    int end = headerBytes();
    byte[] header = Arrays.copyOf(list, end);
    change.accept(ByteBuffer.wrap(header));
    byte[] signature = key.sign(header);
    int body = end + 1 + list[end];
    return join(
        header,
        new byte[] {(byte) signature.length},
        signature,
        Arrays.copyOfRange(list, body, list.length));
  }

  static int headerBytes() {
    return headerBytes(Algorithm.ED25519);
  }

  static int headerBytes(Algorithm algorithm) {
    return RevocationHeader.TAG.length
        + 3
        + algorithm.publicKeyBytes()
        + 4 * Long.BYTES
        + 3 * Integer.BYTES
        + RevocationHeader.DIGEST_BYTES;
  }
}
