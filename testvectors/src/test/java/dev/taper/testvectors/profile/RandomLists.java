package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.RevocationLists.FOREVER;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import dev.taper.testvectors.profile.RevocationLists.Entry;
import dev.taper.testvectors.profile.RevocationLists.Lifted;
import dev.taper.testvectors.profile.RevocationLists.Listed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** Lists of two issuers that are applied in turn, and what is looked up between them. */
final class RandomLists {
  private final Luck luck;
  private final RandomText text;
  private long now = Cast.NOON.toEpochMilli();
  private int sequence = 1;
  private int base;

  private RandomLists(Luck luck) {
    this.luck = luck;
    this.text = new RandomText(luck);
  }

  static ObjectNode next(Luck luck) {
    RandomLists all = new RandomLists(luck);
    List<ObjectNode> steps = new ArrayList<>();
    for (int count = luck.between(2, 7); count > 0; count--) {
      steps.add(all.step());
    }
    List<String> issuers = new ArrayList<>(List.of(Cast.REVOKER.publicKey().toString()));
    if (luck.percent(10)) {
      issuers.add(Cast.REVOKER_P256.publicKey().toString());
    }
    return Json.object("issuers", issuers, "steps", steps);
  }

  private ObjectNode step() {
    now += luck.of(0, 0, 1000, 60_000, 299_000, 300_000, 600_000, -1000);
    return luck.percent(45)
        ? Json.object("now", now, "look", Json.hex(print(luck.below(6))))
        : Json.object("now", now, "apply", lists());
  }

  private static byte[] print(int task) {
    return RevocationLists.fingerprint(2, RandomText.utf8("T-" + task));
  }

  private byte[] lists() {
    byte[] lists = list().signed();
    if (luck.percent(12)) {
      lists = Messages.join(lists, list().signed());
    }
    return luck.percent(8) ? text.changed(lists) : lists;
  }

  private Listed list() {
    TreeMap<String, Entry> entries = new TreeMap<>();
    TreeMap<String, Lifted> lifted = new TreeMap<>();
    for (int i = luck.below(4); i > 0; i--) {
      byte[] print = print(luck.below(5));
      int until = luck.percent(65) ? FOREVER : (int) (now / 1000) + luck.of(-1, 0, 1, 100);
      if (luck.percent(75)) {
        entries.put(Json.hex(print), new Entry(print, luck.percent(97) ? 2 : luck.below(9), until));
      } else {
        String reason = luck.percent(90) ? "a mistake" : text.string();
        lifted.put(
            Json.hex(print),
            new Lifted(
                print,
                2,
                until,
                Arrays.copyOf(
                    RandomText.utf8(reason), Math.min(60_000, RandomText.utf8(reason).length))));
      }
    }
    boolean delta = luck.percent(35);
    base = luck.percent(80) ? Math.max(0, sequence - 1) : luck.below(4);
    sequence = luck.percent(85) ? sequence + 1 : luck.below(5);
    PrivateKey issuer = luck.percent(90) ? Cast.REVOKER : luck.of(Cast.REVOKER_P256, Cast.MALLORY);
    List<Entry> ordered = new ArrayList<>(entries.values());
    if (ordered.size() > 1 && luck.percent(3)) {
      ordered.add(ordered.remove(0));
    }
    long noon = Cast.NOON.toEpochMilli();
    long issued = now - noon + luck.of(0, 0, 0, 0, 0, -1000, 60_000, 60_001);
    return new Listed(
        issuer,
        luck.percent(98) ? 2 : luck.below(4),
        delta ? 1 : luck.percent(98) ? 0 : 2,
        delta ? base : luck.percent(98) ? 0 : 1,
        sequence,
        noon + issued,
        noon
            + issued
            + luck.of(300_000, 300_000, 300_000, 300_000, 300_000, 300_000, 300_000, 1, 0, -1),
        luck.percent(96) ? 600 : luck.of(0, 1, 2_678_400, 2_678_401, -1),
        ordered,
        new ArrayList<>(lifted.values()));
  }
}
