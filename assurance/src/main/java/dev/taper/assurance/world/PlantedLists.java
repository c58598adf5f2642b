package dev.taper.assurance.world;

import dev.taper.crypto.PublicKey;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    Revocations revocations(RevocationList list) {
      return (fingerprints, now) -> inForce.getOrDefault(list, list).check(fingerprints, now);
    }
  }
}
