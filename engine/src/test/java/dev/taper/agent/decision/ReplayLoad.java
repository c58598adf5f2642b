package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.testing.SettableClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Has default memories take 10,000 allowed calls in each second of a simulated clock, and ends with
 * an exception if one is refused, or a used one is allowed again. Arguments: {@code memory} or
 * {@code verifier}, how many delegators make the calls, and for how many seconds. A verifier gets
 * tokens and signed proofs; a memory alone gets what a verifier asks of it. Proofs come from as far
 * ahead as the window allows, so that each is remembered for all of it.
 */
public final class ReplayLoad {
  /** How many calls are allowed in a second. */
  static final int CALLS_PER_SECOND = 10_000;

  private static final int CALLS_PER_MILLI = CALLS_PER_SECOND / 1000;
  private static final Duration AHEAD = AcceptedProofs.Window.DEFAULT.ahead();

  /** After how many calls one that was made long before is tried again. */
  private static final int RETRIED = 1000;

  private ReplayLoad() {}

  /** A call that was allowed. */
  private interface Used {
    /** Makes it again; false if it is a replay. */
    boolean again();
  }

  /** Runs it. */
  public static void main(String[] arguments) {
    int delegators = Integer.parseInt(arguments[1]);
    int seconds = Integer.parseInt(arguments[2]);
    long start = System.nanoTime();
    String result =
        arguments[0].equals("memory") ? memory(delegators, seconds) : verifier(delegators, seconds);
    System.out.printf(
        "%s: %s, in %.1f s%n",
        String.join(" ", arguments), result, (System.nanoTime() - start) / 1e9);
  }

  private static String memory(int delegators, int seconds) {
    SettableClock clock = new SettableClock(Story.NOON);
    AcceptedProofs proofs =
        AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, ReplayMemory.inMemory(), clock);
    PublicKey holder = PrivateKey.generate(Algorithm.ED25519).publicKey();
    MemoryShare[] shares =
        IntStream.range(0, delegators)
            .mapToObj(i -> MemoryShare.of("user:" + i, new byte[] {1, 2, 3}))
            .toArray(MemoryShare[]::new);
    List<Used> used = new ArrayList<>();
    long most = 0;
    for (int call = 0; call < seconds * CALLS_PER_SECOND; call++) {
      Instant now = Story.NOON.plusMillis(call / CALLS_PER_MILLI);
      clock.set(now);
      long issuedAt = now.plus(AHEAD).toEpochMilli();
      byte[] nonce = ByteBuffer.allocate(Proof.NONCE_BYTES).putInt(12, call).array();
      proofs.look(issuedAt, nonce, holder).claim(shares[call % delegators]);
      if (call % RETRIED == 0) {
        used.add(() -> isNew(proofs, issuedAt, nonce, holder));
        most = Math.max(most, proofs.fill().size());
      }
    }
    return checked(used) + ", at most " + most + " remembered of " + proofs.fill().capacity();
  }

  private static boolean isNew(
      AcceptedProofs proofs, long issuedAt, byte[] nonce, PublicKey holder) {
    try {
      proofs.look(issuedAt, nonce, holder);
      return true;
    } catch (TaperException e) {
      return e.code() != ErrorCode.HOLDER_PROOF_REPLAYED
          && e.code() != ErrorCode.HOLDER_PROOF_EXPIRED;
    }
  }

  /** Tries all that were used before. */
  private static String checked(List<Used> used) {
    for (Used one : used) {
      if (one.again()) {
        throw new IllegalStateException("a used proof was allowed again");
      }
    }
    return used.size() + " used ones were tried again";
  }

  private static String verifier(int delegators, int seconds) {
    Story story = new Story();
    Verifier verifier = story.verifier().build();
    List<AgentToken> tokens =
        IntStream.range(0, delegators)
            .mapToObj(
                i ->
                    story.issuer.mint(
                        Delegation.by("user:" + i + "@acme.com")
                            .to(story.planner)
                            .task("T-" + i)
                            .grant("jira.* read,list on jira:project/ACME/*")
                            .expiresIn(Duration.ofHours(2))))
            .toList();
    ToolCall call = Story.search();
    List<Used> used = new ArrayList<>();
    for (int milli = 0; milli < seconds * 1000; milli++) {
      Instant now = Story.NOON.plusMillis(milli);
      int first = milli * CALLS_PER_MILLI;
      // Holders sign at the same time, with clocks that are ahead.
      SettableClock ahead = new SettableClock(now.plus(AHEAD));
      List<Proof> proofs =
          IntStream.range(first, first + CALLS_PER_MILLI)
              .parallel()
              .mapToObj(
                  i -> tokens.get(i % delegators).prove(story.plannerKey, call, Story.JIRA, ahead))
              .toList();
      story.clock.set(now);
      IntStream.range(0, CALLS_PER_MILLI)
          .parallel()
          .forEach(
              i ->
                  requireAllowed(
                      verifier.decide(
                          tokens.get((first + i) % delegators).token(),
                          call,
                          proofs.get(i),
                          SentApprovals.NONE)));
      if (first % RETRIED == 0) {
        used.add(
            () ->
                verifier
                    .decide(
                        tokens.get(first % delegators).token(),
                        call,
                        proofs.get(0),
                        SentApprovals.NONE)
                    .allowed());
      }
    }
    return checked(used) + ", " + verifier.health().replays();
  }

  private static void requireAllowed(CallDecision decision) {
    if (!decision.allowed()) {
      throw new IllegalStateException(decision.toString());
    }
  }
}
