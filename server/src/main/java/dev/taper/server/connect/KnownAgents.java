package dev.taper.server.connect;

import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PublicKey;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The operator's file of names: whom a model may name. It is read again whenever it is asked; one
 * that makes no sense, or is older, changes nothing. Thread-safe.
 */
final class KnownAgents {
  private final @Nullable Path file;
  private final List<PublicKey> signers;
  private final FailureLog failures;
  private NamesFile known; // guarded by this

  private KnownAgents(@Nullable Path file, List<PublicKey> signers, NamesFile known, Clock clock) {
    this.file = file;
    this.signers = List.copyOf(signers);
    this.known = known;
    this.failures = FailureLog.of(KnownAgents.class, "reading the names", clock);
  }

  /**
   * Reads a file.
   *
   * @param file null if nobody is known
   * @param signers whose signature it must have; none if it needs no signature
   * @throws TaperException as {@link NamesFile#load}
   */
  static KnownAgents of(@Nullable Path file, List<PublicKey> signers, Clock clock) {
    NamesFile known = file == null ? NamesFile.builder().build() : load(file, signers);
    return new KnownAgents(file, signers, known, clock);
  }

  private static NamesFile load(Path file, List<PublicKey> signers) {
    return signers.isEmpty()
        ? NamesFile.load(file)
        : NamesFile.loadSigned(file, signers.toArray(new PublicKey[0]));
  }

  private synchronized NamesFile names() {
    if (file != null) {
      try {
        known = load(file, signers).notOlderThan(known);
      } catch (TaperException e) {
        failures.failed(e);
      }
    }
    return known;
  }

  /** The names of all agents but the one that asks. */
  SortedSet<String> others(@Nullable Agent self) {
    SortedSet<String> others = new TreeSet<>(names().agents().keySet());
    if (self != null) {
      others.remove(self.name());
    }
    return others;
  }

  /** An agent with each of its keys: two while it takes a new one; none if nobody has the name. */
  List<Agent> named(String name) {
    List<Agent> agents = new ArrayList<>();
    for (PublicKey key : names().agents().getOrDefault(name, Set.of())) {
      agents.add(Agent.of(name, key));
    }
    return agents;
  }

  /** The name of a key in its text form; null if it has none. */
  @Nullable String nameOf(String key) {
    try {
      return names().name(PublicKey.parse(key));
    } catch (TaperException e) {
      return null; // no point of the curve
    }
  }
}
