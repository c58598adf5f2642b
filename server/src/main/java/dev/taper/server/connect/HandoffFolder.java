package dev.taper.server.connect;

import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.Agent;
import dev.taper.agent.AgentToken;
import dev.taper.agent.DelegationHop;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A folder in which agents of one operator leave tokens for each other. Who a token is for, its
 * holder's key says: names of files are for people alone. Thread-safe.
 */
final class HandoffFolder implements TokenSource {
  private static final String ENDING = ".token";
  private static final int LONGEST_NAME = 48;

  /** The most works of which a model is told. */
  private static final int MAX_LISTED = 32;

  /** The most living tokens in the folder when another is left; it is read with more. */
  private static final int MOST = 1024;

  /** The most of these that one agent gave. */
  private static final int MOST_OF_ONE = 64;

  /** A token that was found for us. */
  private record Found(AgentToken token, @Nullable Instant end, FileTime written) {
    boolean isAlive(Instant now) {
      return end == null || end.isAfter(now);
    }
  }

  /** What a file was when it was read; it is read again when it changes. */
  private record Seen(FileTime written, long size, Optional<Found> found) {}

  private final OwnFolder folder;
  private final PublicKey holder;
  private final Clock clock;
  private final FailureLog failures;
  private final @Nullable String pinned;
  private Map<Path, Seen> seen = Map.of(); // guarded by this
  private @Nullable HandedWork chosen; // guarded by this

  /**
   * Looks for tokens in a folder.
   *
   * @param holder the agent's own key
   * @param pinned the name of the work that is done, from the operator; null to do the only one
   *     that is there, or the one that is chosen with {@link #use}
   */
  HandoffFolder(OwnFolder folder, PublicKey holder, @Nullable String pinned, Clock clock) {
    this.folder = folder;
    this.holder = holder;
    this.pinned = pinned;
    this.clock = clock;
    this.failures = FailureLog.of(HandoffFolder.class, "looking for tokens", clock);
  }

  /**
   * The newest token for the work that was chosen, of those that have not ended if there is one.
   * Work is chosen by its name alone. Where nobody chose, the only work that is there is: what
   * others leave later takes the place of nothing.
   */
  @Override
  public synchronized @Nullable AgentToken current() {
    refresh();
    Map<HandedWork, List<Found>> works = works();
    HandedWork work = chosen;
    if (pinned != null) {
      work = named(pinned, works.keySet());
    } else if (work == null) {
      work = only(works);
    }
    List<Found> found = work == null ? null : works.get(work);
    if (found == null) {
      return null;
    }
    Found newest = Collections.max(found, newest());
    if (newest.isAlive(clock.instant())) {
      chosen = work;
    }
    return newest.token();
  }

  private void refresh() {
    try {
      look();
    } catch (IOException e) {
      failures.failed(e);
      seen = Map.of();
    }
  }

  private Map<HandedWork, List<Found>> works() {
    Map<HandedWork, List<Found>> works = new HashMap<>();
    for (Seen file : seen.values()) {
      file.found()
          .ifPresent(
              one ->
                  works
                      .computeIfAbsent(HandedWork.of(one.token()), work -> new ArrayList<>())
                      .add(one));
    }
    return works;
  }

  private Comparator<Found> newest() {
    Instant now = clock.instant();
    return Comparator.comparing((Found found) -> found.isAlive(now))
        .thenComparing(Found::written)
        .thenComparing(found -> found.token().encodeBase64());
  }

  private boolean isAlive(@Nullable List<Found> found) {
    Instant now = clock.instant();
    return found != null && found.stream().anyMatch(one -> one.isAlive(now));
  }

  /** The only work that has not ended, or the only one at all; null if there are several. */
  private @Nullable HandedWork only(Map<HandedWork, List<Found>> works) {
    List<HandedWork> living =
        works.entrySet().stream()
            .filter(work -> isAlive(work.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    Collection<HandedWork> candidates = living.isEmpty() ? works.keySet() : living;
    return candidates.size() == 1 ? candidates.iterator().next() : null;
  }

  private static @Nullable HandedWork named(String name, Collection<HandedWork> works) {
    List<HandedWork> all = works.stream().filter(work -> work.name().equals(name)).toList();
    return all.size() == 1 ? all.get(0) : null;
  }

  @Override
  public synchronized List<String> others() {
    if (pinned != null) {
      return List.of();
    }
    refresh();
    Map<HandedWork, List<Found>> works = works();
    return works.entrySet().stream()
        .filter(work -> !work.getKey().equals(chosen) && isAlive(work.getValue()))
        .map(work -> work.getKey().name())
        .sorted()
        .limit(MAX_LISTED)
        .toList();
  }

  @Override
  public @Nullable String pinned() {
    return pinned;
  }

  @Override
  public synchronized boolean use(String name) {
    if (pinned != null) {
      return false;
    }
    refresh();
    Map<HandedWork, List<Found>> works = works();
    HandedWork work = named(name, works.keySet());
    if (work == null || !isAlive(works.getOrDefault(work, List.of()))) {
      return false;
    }
    chosen = work;
    return true;
  }

  private synchronized void look() throws IOException {
    Map<Path, Seen> now = new HashMap<>();
    for (Path file : folder.files(ENDING)) {
      try {
        FileTime written = Files.getLastModifiedTime(file);
        long size = Files.size(file);
        Seen before = seen.get(file);
        boolean isSame =
            before != null && before.written().equals(written) && before.size() == size;
        now.put(file, isSame ? before : new Seen(written, size, read(file, written)));
      } catch (IOException e) {
        failures.failed(e); // somebody took it away meanwhile
      }
    }
    seen = now;
  }

  private Optional<Found> read(Path file, FileTime written) {
    try {
      AgentToken token = AgentToken.decode(OwnFolder.read(file, TokenFile.MAX_BYTES));
      Agent agent = token.chain().holder();
      return agent == null || !agent.key().equals(holder)
          ? Optional.empty()
          : Optional.of(new Found(token, token.chain().effectiveAuthority().expiry(), written));
    } catch (IOException | TaperException e) {
      failures.failed(e);
      return Optional.empty();
    }
  }

  /**
   * Leaves a token for another agent, and takes away those that have ended. A model decides how
   * often, so there is room for some of each giver, and for some in all: all who look into the
   * folder have to read them.
   *
   * @throws IOException if it cannot be written, or there is no room
   */
  void put(AgentToken token) throws IOException {
    List<String> givers = living();
    String giver = giver(token);
    if (givers.size() >= MOST || givers.stream().filter(giver::equals).count() >= MOST_OF_ONE) {
      throw new IOException("too many tokens are left in the folder that have not ended");
    }
    Agent to = token.chain().holder();
    String name = to == null ? "nobody" : to.name();
    String text = token.encodeBase64();
    folder.put(
        plain(name) + "-" + ShortDigest.of(text) + ENDING,
        text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String giver(AgentToken token) {
    List<DelegationHop> hops = token.chain().hops();
    return hops.get(hops.size() - 1).grantor();
  }

  /** Takes away what has ended, and says who gave each of those that are left. */
  private List<String> living() throws IOException {
    Instant now = clock.instant();
    List<String> givers = new ArrayList<>();
    for (Path file : folder.files(ENDING)) {
      try {
        AgentToken token = AgentToken.decode(OwnFolder.read(file, TokenFile.MAX_BYTES));
        Instant end = token.chain().effectiveAuthority().expiry();
        if (end != null && end.isBefore(now)) {
          Files.deleteIfExists(file);
        } else {
          givers.add(giver(token));
        }
      } catch (NoSuchFileException e) {
        // Another agent took it away meanwhile.
      } catch (IOException | TaperException e) {
        failures.failed(e); // it is none of ours to take away
        givers.add("");
      }
    }
    return givers;
  }

  /** A name as part of a file's name. */
  private static String plain(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
  }

  /** For whom it looks; nothing of the tokens. */
  @Override
  public String toString() {
    return "HandoffFolder(" + folder.path() + ", " + List.of(holder) + ")";
  }
}
