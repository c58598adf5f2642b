package dev.taper.assurance.world;

import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Publishes what two issuers revoke: the lists of both, with one number. For one thread. */
final class ListServer {
  /** For how long a list can be relied on. */
  static final Duration HORIZON = Duration.ofSeconds(60);

  private static final Duration EVERY = Duration.ofSeconds(20);

  /** Who revokes. */
  private static final class OneIssuer {
    final String name;
    final RevocationIssuer issuer;
    final List<RevocationEntry> entries = new ArrayList<>();

    OneIssuer(String name, Signer signer) {
      this.name = name;
      this.issuer = RevocationIssuer.of(signer);
    }
  }

  private final WorldTime time;
  private final Clock clock;
  private final List<OneIssuer> issuers;
  private final List<List<byte[]>> published = new ArrayList<>();
  private long publishedAt;
  private long backupFrom;
  private long backupUntil;
  private int backup;

  ListServer(WorldTime time, Signer operations, Signer security) {
    this.time = time;
    this.clock = new ProcessClock(time, Duration.ZERO);
    this.issuers =
        List.of(new OneIssuer("operations", operations), new OneIssuer("security", security));
    publish();
  }

  /** The keys that sign lists. */
  PublicKey[] keys() {
    return issuers.stream().map(one -> one.issuer.publicKey()).toArray(PublicKey[]::new);
  }

  /**
   * Revokes something, in lists that are published at once.
   *
   * @param by which issuer
   * @return the issuer's name
   */
  String revoke(int by, RevocationEntry entry) {
    OneIssuer issuer = issuers.get(by % issuers.size());
    issuer.entries.add(entry);
    publish();
    return issuer.name;
  }

  /** The number of the lists that were published last. */
  long sequence() {
    return published.size();
  }

  private void publish() {
    List<byte[]> lists = new ArrayList<>();
    Validity validity = Validity.from(clock, HORIZON, HORIZON.multipliedBy(2));
    for (OneIssuer one : issuers) {
      lists.add(one.issuer.snapshot(sequence() + 1, one.entries, validity));
    }
    published.add(lists);
    publishedAt = time.millis();
  }

  /** Has the lists of a backup for a while. */
  void restore(long from, long until, int back) {
    backupFrom = from;
    backupUntil = until;
    backup = Math.max(0, published.size() - 1 - back);
  }

  /** The lists that it has now, one of each issuer. */
  List<byte[]> lists() {
    if (time.millis() - publishedAt >= EVERY.toMillis()) {
      publish();
    }
    boolean restored = backupFrom <= time.millis() && time.millis() < backupUntil;
    return published.get(restored ? backup : published.size() - 1);
  }
}
