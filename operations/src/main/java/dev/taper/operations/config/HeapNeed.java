package dev.taper.operations.config;

import dev.taper.agent.approval.Asks;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.KnownKeys;
import dev.taper.operations.OperationException;
import dev.taper.operations.OperationException.Kind;
import dev.taper.token.TokenCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What services keep on the heap of one process when each of their memories is as full as it may
 * be. A service that could not hold this would end later, with all calls that it has just then.
 * Immutable.
 */
final class HeapNeed {
  /** The code of a heap that cannot hold it, and of one that hardly can. */
  static final String CODE = "heap_too_small";

  /** What the program takes itself: 16 MiB after a start, and what calls take meanwhile. */
  private static final long PROGRAM = 24L << 20;

  /** What each takes on the heap, in bytes; of the counters of budgets those with few parts. */
  private static final int APPROVAL = 140;

  private static final int BUDGET = 300;
  private static final int PROOF_ALONE = 300;
  private static final int ENTRIES = 1 << 16;

  /**
   * What a byte of these files takes while the file is read again beside what is in use. Measured
   * with 100,000 agents (2 bytes afterwards) and 16,000 tools (9 bytes afterwards).
   */
  private static final int NAMES_FACTOR = 10;

  private static final int CATALOG_FACTOR = 27;

  private static final int DEFAULT_PART_OF_HEAP = 4;
  private static final int PART_OF_HEAP = 2;

  private record Part(String what, long bytes, boolean isSet) {}

  private final long heap;
  private final List<Part> parts = new ArrayList<>();
  private @Nullable String impossible;

  private HeapNeed(long heap, long tables) {
    this.heap = heap;
    add("the program", PROGRAM, false);
    add("tables for keys", tables, false);
  }

  /** What this process needs without a service. */
  static HeapNeed ofThisProcess() {
    return new HeapNeed(
        Runtime.getRuntime().maxMemory(),
        Long.getLong(KnownKeys.PROPERTY, KnownKeys.DEFAULT_BYTES));
  }

  /**
   * What another process needs without a service.
   *
   * @param heap the bytes of its heap
   */
  static HeapNeed of(long heap) {
    return new HeapNeed(heap, KnownKeys.DEFAULT_BYTES);
  }

  /** Adds what a service keeps. */
  HeapNeed add(Settings settings, ConfigFiles files) {
    proofs(settings);
    add("token cache", TokenCache.DEFAULT_BYTES, false);
    Settings.ProofsAlone alone = settings.proofsAlone();
    if (alone != null) {
      add("proofs-alone", (long) alone.calls() * PROOF_ALONE, true);
    }
    settings
        .kept()
        .forEach(
            (name, kept) -> {
              if (kept.place() == null) {
                add(name, bytes(name), true);
              }
            });
    Settings.Names names = settings.names();
    if (names != null) {
      add("names", size(files.path(names.file())) * NAMES_FACTOR, true);
    }
    String catalog = settings.catalog();
    if (catalog != null) {
      add("catalog", size(files.path(catalog)) * CATALOG_FACTOR, true);
    }
    return this;
  }

  private void proofs(Settings settings) {
    Long bytes = settings.replayBytes();
    if (bytes == null || settings.replayMemory().place() != null) {
      long part = heap / DEFAULT_PART_OF_HEAP; // before a shared memory stands one of the process
      add("used proofs", Math.min(ReplayMemory.DEFAULT_BYTES, part), false);
      return;
    }
    add("replay-bytes", bytes, true);
    long most = heap / PART_OF_HEAP;
    if (bytes > most) {
      impossible =
          settings.place("replay-bytes")
              + ": used proofs take "
              + bytes
              + " bytes at most, but half of the heap has "
              + most
              + ": set less, or a larger heap ("
              + larger(bytes * PART_OF_HEAP)
              + ")";
    }
  }

  /** What a memory of this process takes; nothing for used proofs, which stand there already. */
  private static long bytes(String memory) {
    return switch (memory) {
      case "replay-memory" -> 0;
      case "approval-uses" -> (long) ENTRIES * APPROVAL;
      case "asks" -> Asks.DEFAULT_ROOM;
      default -> (long) ENTRIES * BUDGET;
    };
  }

  /** How many bytes a file has; 0 if it is not there, which is said elsewhere. */
  private static long size(Path file) {
    return file.toFile().length();
  }

  private void add(String what, long bytes, boolean isSet) {
    if (bytes > 0) {
      parts.add(new Part(what, bytes, isSet));
    }
  }

  private long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }

  /**
   * Why no process with this heap should start; null if it may. Defaults alone are no reason, so
   * that a service of few calls starts in a small heap.
   */
  @Nullable String refusal() {
    if (impossible != null) {
      return impossible;
    }
    long set = parts.stream().filter(Part::isSet).mapToLong(Part::bytes).sum();
    return bytes() > heap && set > heap / 8 ? words() : null;
  }

  /** What should be known at the start of a process that may; null if there is nothing. */
  @Nullable String warning() {
    return refusal() == null && bytes() > heap / 8 * 7 ? words() : null;
  }

  /**
   * Refuses a heap that cannot hold it.
   *
   * @throws OperationException {@code heap_too_small}
   */
  void require() {
    String refusal = refusal();
    if (refusal != null) {
      throw new OperationException(Kind.USAGE, CODE, refusal, null);
    }
  }

  /** What is right about it. */
  String right() {
    return "of " + mebibytes(heap) + " MiB at most " + mebibytes(bytes()) + " MiB are taken";
  }

  private String words() {
    StringBuilder text =
        new StringBuilder("the heap has ")
            .append(mebibytes(heap))
            .append(" MiB, and what is configured takes up to ")
            .append(mebibytes(bytes()))
            .append(" MiB of it: ");
    for (Part part : parts) {
      text.append(part.what()).append(' ').append(mebibytes(part.bytes())).append(", ");
    }
    text.setLength(text.length() - 2);
    return text.append("; set less, or a larger heap (")
        .append(larger(bytes() / 7 * 8))
        .append(')')
        .toString();
  }

  private static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }

  /** A heap in which so much has its place, as a multiple of 64 MiB. */
  private static String larger(long bytes) {
    long step = 64L << 20;
    return "TAPER_HEAP=" + ((bytes + bytes / 29) / step + 1) * (step >> 20) + "m";
  }
}
