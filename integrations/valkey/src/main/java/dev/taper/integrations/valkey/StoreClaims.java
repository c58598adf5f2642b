package dev.taper.integrations.valkey;

import static dev.taper.integrations.valkey.StoreWatch.bytes;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.integrations.valkey.answer.StoreReply;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts what calls claim into the words of the scripts, and reads the answers. Thread-safe. */
final class StoreClaims {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,19}");
  private static final int ID_DIGITS = 64;
  private static final int SHARE_DIGITS = 32;

  /** How long after its end an entry is kept, in case the clocks of two verifiers differ. */
  private static final Duration PROOFS_LONGER = Duration.ofMinutes(2);

  private static final Duration OTHERS_LONGER = Duration.ofDays(1);

  private final StoreWatch watch;
  private final StoreLimits limits;
  private final AtomicReferenceArray<@Nullable Fill> fills =
      new AtomicReferenceArray<>(ValkeyStore.Memory.values().length);

  StoreClaims(StoreWatch watch, StoreLimits limits) {
    this.watch = watch;
    this.limits = limits;
  }

  /**
   * Takes what a call needs, in one step.
   *
   * @throws TaperException {@link ErrorCode#REPLAY_CACHE_FULL}, {@link ErrorCode#BUDGETS_FULL},
   *     {@link ErrorCode#APPROVAL_USES_FULL}, {@link ErrorCode#INVALID_ARGUMENT} for an id that is
   *     none, {@link ErrorCode#DATABASE_UNAVAILABLE} if nothing is known
   */
  ReplayMemory.Joined.Answer take(
      ReplayMemory.@Nullable Use proof,
      List<Budgets.Charge> charges,
      Collection<ApprovalUses.Use> approvals,
      MemoryShare share,
      Instant now) {
    watch.claimedAt(now);
    List<ApprovalUses.Use> uses = List.copyOf(approvals);
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(now.toEpochMilli()));
    arguments.add(holder(share));
    addProof(arguments, proof, now);
    arguments.add(bytes(charges.size()));
    if (!charges.isEmpty()) {
      addLimits(arguments, ValkeyStore.Memory.BUDGETS, now.minus(OTHERS_LONGER));
      charges.forEach(charge -> add(arguments, charge));
    }
    arguments.add(bytes(uses.size()));
    if (!uses.isEmpty()) {
      addLimits(arguments, ValkeyStore.Memory.APPROVALS, now.minus(OTHERS_LONGER));
      for (ApprovalUses.Use use : uses) {
        arguments.add(id(use.id()));
        arguments.add(bytes(use.until().toEpochMilli()));
        arguments.add(bytes(use.calls()));
      }
    }
    boolean isDurable = !charges.isEmpty() || !uses.isEmpty();
    StoreReply reply = watch.ask(Script.CLAIM, isDurable, arguments);
    return switch (reply.word()) {
      case "replayed" -> ReplayMemory.Joined.Answer.ofReplay();
      case "exhausted" -> ReplayMemory.Joined.Answer.exhausted(exhausted(reply, charges));
      case "used" -> ReplayMemory.Joined.Answer.usedUp(used(reply, uses));
      case "taken" -> taken(reply, charges);
      case "full" -> throw full(ValkeyStore.Memory.at(reply.number(2)));
      default -> throw refused(reply);
    };
  }

  private void addProof(List<byte[]> arguments, ReplayMemory.@Nullable Use proof, Instant now) {
    arguments.add(bytes(proof == null ? 0 : 1));
    if (proof != null) {
      addLimits(arguments, ValkeyStore.Memory.PROOFS, now.minus(PROOFS_LONGER));
      arguments.add(id(proof.id()));
      arguments.add(bytes(proof.issuedAt().toEpochMilli()));
      arguments.add(bytes(proof.until().toEpochMilli()));
      arguments.add(bytes(limits.window().ahead().toMillis()));
    }
  }

  private void addLimits(List<byte[]> arguments, ValkeyStore.Memory memory, Instant longAgo) {
    arguments.add(bytes(limits.capacity(memory)));
    arguments.add(bytes(longAgo.toEpochMilli()));
    arguments.add(bytes(limits.longest(memory).toMillis()));
  }

  private static void add(List<byte[]> arguments, Budgets.Charge charge) {
    Budgets.Window window = charge.window() == null ? null : Budgets.Window.of(charge.window());
    arguments.add(id(charge.counter()));
    arguments.add(bytes(charge.amount()));
    arguments.add(bytes(charge.limit()));
    arguments.add(bytes(window == null ? 0 : window.part()));
    arguments.add(bytes(window == null ? 0 : window.parts()));
  }

  private ReplayMemory.Joined.Answer taken(StoreReply reply, List<Budgets.Charge> charges) {
    for (ValkeyStore.Memory memory : ValkeyStore.Memory.values()) {
      long size = reply.number(3 + memory.index());
      if (size >= 0) {
        fills.set(memory.index(), new Fill(size, limits.capacity(memory)));
      }
    }
    List<Long> parts = reply.numbers(2);
    if (parts.size() != charges.size()) {
      throw StoreReply.strange();
    }
    return ReplayMemory.Joined.Answer.taken(
        charges.isEmpty() ? null : new Budgets.Charged(charges, parts));
  }

  private static Budgets.Exhausted exhausted(StoreReply reply, List<Budgets.Charge> charges) {
    int index = reply.place(2, charges.size());
    String spent = reply.text(3);
    if (!DIGITS.matcher(spent).matches()) {
      throw StoreReply.strange();
    }
    BigInteger left =
        BigInteger.valueOf(charges.get(index).limit()).subtract(new BigInteger(spent));
    return new Budgets.Exhausted(index, left.max(BigInteger.ZERO).longValueExact());
  }

  private static Set<ApprovalUses.Use> used(StoreReply reply, List<ApprovalUses.Use> uses) {
    Set<ApprovalUses.Use> used = new HashSet<>();
    for (long index : reply.numbers(2)) {
      if (index < 0 || index >= uses.size()) {
        throw StoreReply.strange();
      }
      used.add(uses.get((int) index));
    }
    if (used.isEmpty()) {
      throw StoreReply.strange();
    }
    return used;
  }

  private TaperException full(ValkeyStore.Memory memory) {
    ErrorCode code =
        switch (memory) {
          case PROOFS -> ErrorCode.REPLAY_CACHE_FULL;
          case BUDGETS -> ErrorCode.BUDGETS_FULL;
          case APPROVALS -> ErrorCode.APPROVAL_USES_FULL;
        };
    return MemoryShare.Room.full(code, limits.capacity(memory));
  }

  private TaperException refused(StoreReply reply) {
    ValkeyStore.Memory memory = ValkeyStore.Memory.at(reply.number(2));
    boolean isLong = reply.word().equals("long");
    // Every call claims a proof. What else a call wants is its caller's choice.
    TaperException cause =
        isLong || memory != ValkeyStore.Memory.PROOFS
            ? new TaperException(ErrorCode.INVALID_ARGUMENT, "the store answers, and not to this")
            : null;
    if (isLong) {
      return watch.unavailable(
          memory == ValkeyStore.Memory.PROOFS
              ? "was told of verifiers whose proofs are at most "
                  + limits.window().ahead()
                  + " ahead"
              : "was told of approvals that last at most " + limits.longestApproval(),
          cause);
    }
    return watch.unavailable(
        "may have lost what was kept of "
            + memory.shown()
            + " up to "
            + Instant.ofEpochMilli(reply.number(3))
            + "; "
            + limits.closed(memory),
        cause);
  }

  /**
   * Asks for a memory, which throws a code of its own if the store does not know.
   *
   * @param unavailable the code
   * @param otherwise what is not known then
   */
  static <T extends @Nullable Object> T asked(
      ErrorCode unavailable, String otherwise, Supplier<T> question) {
    try {
      return question.get();
    } catch (TaperException e) {
      throw e.code() == ErrorCode.DATABASE_UNAVAILABLE
          ? new TaperException(unavailable, otherwise + ": " + e.getMessage(), e)
          : e;
    }
  }

  /** Gives uses of approvals back; true when that is done. */
  boolean release(Collection<ApprovalUses.Use> uses) {
    return taken(watch.ask(Script.RELEASE, false, uses.stream().map(use -> id(use.id())).toList()));
  }

  /** Gives charges back; true when that is done. */
  boolean giveBack(Budgets.Charged charged) {
    List<byte[]> arguments = new ArrayList<>();
    for (int i = 0; i < charged.charges().size(); i++) {
      Budgets.Charge charge = charged.charges().get(i);
      arguments.add(id(charge.counter()));
      arguments.add(bytes(charge.amount()));
      arguments.add(bytes(charged.parts().get(i)));
      arguments.add(bytes(charge.window() == null ? "0" : "1"));
    }
    return taken(watch.ask(Script.GIVE_BACK, false, arguments));
  }

  /** Looks at counters. */
  Budgets.@Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
    if (charges.isEmpty()) {
      return null;
    }
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(now.toEpochMilli()));
    arguments.add(bytes(charges.size()));
    charges.forEach(charge -> add(arguments, charge));
    StoreReply reply = watch.ask(Script.LOOK, true, arguments);
    if (reply.word().equals("exhausted")) {
      return exhausted(reply, charges);
    }
    boolean unused = taken(reply);
    return null;
  }

  private boolean taken(StoreReply reply) {
    if (!reply.word().equals("taken")) {
      throw refused(reply);
    }
    return true;
  }

  /** How full a memory was when this process last added to it; null if it did not. */
  @Nullable Fill fill(ValkeyStore.Memory memory) {
    return fills.get(memory.index());
  }

  private static byte[] holder(MemoryShare share) {
    return ByteBuffer.allocate(SHARE_DIGITS)
        .put(digits(share.delegator(), SHARE_DIGITS))
        .put(digits(share.authority(), SHARE_DIGITS))
        .array();
  }

  private static byte[] id(String id) {
    return digits(id, ID_DIGITS);
  }

  private static byte[] digits(String text, int digits) {
    try {
      return HexFormat.of().parseHex(text, 0, digits);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "an id is 64 hex digits", e);
    }
  }
}
