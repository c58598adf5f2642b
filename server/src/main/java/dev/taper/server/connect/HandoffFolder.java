package dev.taper.server.connect;

import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
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

  /** The most living tokens in the folder when another is left; it is read with more. */
  private static final int MOST = 1024;

  /** The most of these that one agent gave. */
  private static final int MOST_OF_ONE = 64;

  /** What a file was when it was read; it is read again when it changes. */
  private record Seen(FileTime written, long size, Optional<HandedToken> found) {}

  private final OwnFolder folder;
  private final PublicKey holder;
  private final @Nullable RootKeys roots;
  private final Clock clock;
  private final FailureLog failures;
  private final @Nullable String pinned;
  private Map<Path, Seen> seen = Map.of(); // guarded by this
  private @Nullable HandedWork chosen; // guarded by this

  /**
   * Looks for tokens in a folder.
   *
   * @param holder the agent's own key
   * @param roots who may have signed the first blocks of what is used; null if that is not known
   * @param pinned the name of the work that is done, from the operator; null to do the only one
   *     that is there, or the one that is chosen with {@link #use}
   */
  HandoffFolder(
      OwnFolder folder,
      PublicKey holder,
      @Nullable RootKeys roots,
      @Nullable String pinned,
      Clock clock) {
    this.folder = folder;
    this.holder = holder;
    this.roots = roots;
    this.pinned = pinned;
    this.clock = clock;
    this.failures = FailureLog.of(HandoffFolder.class, "looking for tokens", clock);
  }

  /**
   * The token for the work that was chosen: of several, one that has not ended, and that ends last.
   * Work is chosen by its name alone. Where nobody chose, the only work that is there is: what
   * others leave later takes the place of nothing.
   */
  @Override
  public synchronized @Nullable AgentToken current() {
    HandedWorks works = works();
    HandedWork work = chosen;
    if (pinned == null) {
      work = work == null ? works.only() : work;
    } else if (!works.isAlive(work)) {
      work = works.named(pinned);
    }
    if (works.isAlive(work)) {
      chosen = work;
    }
    return works.token(work);
  }

  private HandedWorks works() {
    try {
      look();
    } catch (IOException e) {
      failures.failed(e);
      seen = Map.of();
    }
    return new HandedWorks(
        seen.values().stream().flatMap(file -> file.found().stream()).toList(), clock.instant());
  }

  @Override
  public synchronized List<String> others() {
    return pinned == null ? works().others(chosen) : List.of();
  }

  @Override
  public synchronized List<String> unverified() {
    return pinned == null ? works().unverified() : List.of();
  }

  @Override
  public @Nullable String pinned() {
    return pinned;
  }

  @Override
  public synchronized boolean use(String name) {
    HandedWorks works = works();
    HandedWork work = works.named(name);
    if (pinned != null || !works.isAlive(work)) {
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

  private Optional<HandedToken> read(Path file, FileTime written) {
    try {
      AgentToken token = AgentToken.decode(OwnFolder.read(file, TokenFile.MAX_BYTES));
      Agent agent = TokenFile.holder(token);
      return agent == null || !agent.key().equals(holder)
          ? Optional.empty()
          : Optional.of(HandedToken.of(token, roots, written.toInstant()));
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
