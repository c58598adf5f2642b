package dev.taper.assurance.world;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Grant;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Issuers, who mint tokens that live for a minute or a few and are renewed, by root keys that are
 * rotated. One has a clock that is wrong, and a thief has every key that was retired. For one
 * thread.
 */
final class Issuers {
  private static final int FIRST = 1;
  private static final int THIEF = 15;

  private final WorldTime time;
  private final PublicKey ofTasks;
  private final List<PrivateKey> keys = new ArrayList<>();
  private final List<List<Integer>> lists = new ArrayList<>();
  private final List<Holders.Held> sessions = new ArrayList<>();
  private final ProcessClock right;
  private final ProcessClock wrong;

  /**
   * Issuers with one root key.
   *
   * @param ofTasks another one, which is trusted for ever
   */
  Issuers(WorldTime time, Luck luck, PublicKey ofTasks) {
    this.time = time;
    this.ofTasks = ofTasks;
    this.right = new ProcessClock(time, Duration.ZERO);
    Duration bound = Duration.ofMinutes(luck.percent(50) ? 2 : 60);
    this.wrong = new ProcessClock(time, luck.upTo(bound.multipliedBy(2)).minus(bound));
    keys.add(Holders.key(luck));
    lists.add(List.of(FIRST));
  }

  /** The number of the newest list of root keys. */
  int newest() {
    return lists.size() - 1;
  }

  /** The root keys that are trusted by a list; by −1, none of these. */
  RootKeys trusted(int list) {
    List<Integer> ids = list < 0 ? List.of() : lists.get(list);
    return hint -> {
      if (hint.isEmpty()) {
        return List.of(ofTasks);
      }
      return ids.contains(hint.getAsInt()) ? List.of(key(hint.getAsInt()).publicKey()) : List.of();
    };
  }

  private PrivateKey key(int id) {
    return keys.get(id - FIRST);
  }

  private static String name(int id) {
    return "k" + id;
  }

  /** Adds a new root key, or retires the one before it. */
  Event rotate(Luck luck) {
    List<Integer> trusted = lists.get(newest());
    if (trusted.size() == 1) {
      keys.add(Holders.key(luck));
      int id = keys.size();
      lists.add(List.of(trusted.get(0), id));
      return new Event.KeyAdded(time.millis(), name(id), newest());
    }
    lists.add(trusted.subList(1, trusted.size()));
    return new Event.KeyRetired(time.millis(), name(trusted.get(0)), newest());
  }

  /** Somebody mints a token: a new one, or one that renews another; a thief, too. */
  Event.Minted mint(Luck luck) {
    List<Integer> trusted = lists.get(newest());
    int newestKey = trusted.get(trusted.size() - 1);
    boolean stolen = trusted.get(0) > FIRST && luck.percent(THIEF);
    int id = stolen ? trusted.get(0) - 1 : newestKey;
    boolean isWrong = luck.percent(20);
    ProcessClock clock = isWrong ? wrong : right;
    Holders.Held before = sessions.isEmpty() || luck.percent(50) ? null : luck.of(sessions);
    PrivateKey holder = before == null ? Holders.key(luck) : before.holder();
    String name = "s" + sessions.size();
    Duration life = Duration.ofSeconds(20 + luck.below(160));
    Delegation delegation =
        Delegation.by("user:session@desk.example")
            .to(Agent.of("agent:session", holder.publicKey()))
            .task("session-" + sessions.size())
            .grant(Grant.tools(Holders.READ))
            .expiresIn(life);
    sessions.add(
        new Holders.Held(
            name,
            Holders.NO_TASK,
            holder,
            Issuer.of(key(id)).keyId(id).clock(clock).mint(delegation),
            List.of()));
    long until = WorldTime.millis(clock.instant().plus(life).truncatedTo(ChronoUnit.SECONDS));
    String by = stolen ? "a thief" : isWrong ? "an issuer whose clock is wrong" : "the issuer";
    return new Event.Minted(time.millis(), name, List.of(), by, name(id), until, false);
  }

  /** One of the tokens that live for minutes, mostly a late one; null if there is none. */
  Holders.@Nullable Held session(Luck luck) {
    return sessions.isEmpty()
        ? null
        : sessions.get(sessions.size() - 1 - luck.mostlySmall(sessions.size()));
  }
}
