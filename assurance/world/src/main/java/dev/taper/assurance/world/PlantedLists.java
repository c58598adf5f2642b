package dev.taper.assurance.world;

import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Verifiers that deal wrongly with lists. */
final class PlantedLists {
  private PlantedLists() {}

  /** Takes a list for as old as the clock says now. */
  static Revocations agedByTheClockAlone(RevocationList list) {
    return (fingerprints, now) -> {
      RevocationCheck check = list.check(fingerprints, now);
      RevocationHeader header = list.latest();
      return header == null || header.stale(now) ? check : fresh(check);
    };
  }

  /** Takes no list for one without entries. */
  static Revocations clearWithoutList(RevocationList list) {
    return (fingerprints, now) -> {
      RevocationCheck check = list.check(fingerprints, now);
      return check.status() == RevocationStatus.UNAVAILABLE ? fresh(check) : check;
    };
  }

  private static RevocationCheck fresh(RevocationCheck check) {
    return new RevocationCheck(
        RevocationStatus.FRESH, check.revoked(), check.sequence(), check.issued());
  }

  /**
   * While a clock is set back, lists age by the watch, but only from the last moment at which the
   * clock got on: one that gets on a little between two times that it is set back keeps them young.
   */
  static final class AgedSinceTheClockGotOn extends Parts {
    private static final long TOLERANCE_SECONDS = 60;

    @Override
    Revocations revocations(RevocationList list, LongSupplier ticks) {
      return new Revocations() {
        private long latest;
        private long gotOn = ticks.getAsLong();

        @Override
        public RevocationCheck check(List<Fingerprint> fingerprints, Instant now) {
          RevocationCheck check = list.check(fingerprints, now);
          long time = observe(now.getEpochSecond());
          RevocationHeader header = list.latest();
          return header == null
                  || now.isAfter(header.staleAfter())
                  || time > header.staleAfter().getEpochSecond()
              ? check
              : fresh(check);
        }

        private long observe(long seconds) {
          long passed = Duration.ofNanos(ticks.getAsLong() - gotOn).toSeconds();
          long least = latest + passed - TOLERANCE_SECONDS;
          if (seconds <= latest) {
            return Math.max(latest, least);
          }
          latest = Math.max(seconds, least);
          gotOn = ticks.getAsLong();
          return latest;
        }
      };
    }
  }

  /** The lists that come last count alone, whoever signed those before. */
  static final class LastIssuerCounts extends Parts {
    @Override
    PublicKey[] issuers(PublicKey... issuers) {
      return new PublicKey[] {issuers[issuers.length - 1]};
    }

    @Override
    void fetched(RevocationList list, List<byte[]> lists, Supplier<RevocationList> anew) {
      list.apply(lists.get(lists.size() - 1));
    }
  }

  /** Lists count as they come, whatever was seen before. */
  static final class OlderListsTaken extends Parts {
    private final Map<RevocationList, RevocationList> inForce = new HashMap<>();

    @Override
    void fetched(RevocationList list, List<byte[]> lists, Supplier<RevocationList> anew) {
      RevocationList another = anew.get();
      super.fetched(another, lists, anew);
      inForce.put(list, another);
      super.fetched(list, lists, anew);
    }

    @Override
    Revocations revocations(RevocationList list, LongSupplier ticks) {
      return (fingerprints, now) -> inForce.getOrDefault(list, list).check(fingerprints, now);
    }
  }
}
