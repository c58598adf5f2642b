import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.valkey.ValkeyLists;
import dev.taper.integrations.valkey.ValkeyStore;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationFeed;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/** Measures what a Valkey server costs; see run beside it. Arguments: port, rounds, folder. */
public final class Calls {
  private static final int CALLS = 1_000;
  private static final int VERIFIERS = 20;
  private static final int DELTAS = 200;
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String AUDIENCE = "svc:jira";
  private static final ToolCall CALL =
      ToolCall.of("jira.delete").on("jira:project/ACME/Q3/12").operation("delete");

  private final String address;
  private final int port;
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);

  private Calls(int port) {
    this.port = port;
    this.address = "valkey://127.0.0.1:" + port + "?name=figures";
  }

  public static void main(String[] args) throws Exception {
    Calls calls = new Calls(Integer.parseInt(args[0]));
    calls.measure(Integer.parseInt(args[1]), Path.of(args[2]));
    System.exit(0);
  }

  private void measure(int rounds, Path folder) throws Exception {
    AcceptedProofs.Window window = new AcceptedProofs.Window(HOUR, Duration.ofSeconds(30));
    ValkeyStore store = opened(window);
    Verifier there =
        verifier(window)
            .replayMemory(store.replayMemory())
            .approvalUses(store.approvalUses())
            .budgets("acme", store.budgets())
            .build();
    Verifier here =
        verifier(window)
            .replayMemory(ReplayMemory.inMemory())
            .approvalUses(ApprovalUses.inMemory())
            .approvalUsesOfOneProcess()
            .budgets("acme", Budgets.forThisProcessOnly())
            .build();
    AgentToken token = token();
    call(rounds, there, here, token);
    revocation();
    reopens(there, token, folder);
  }

  private ValkeyStore opened(AcceptedProofs.Window window) throws InterruptedException {
    ValkeyStore store =
        ValkeyStore.at(address).proofWindow(window).longestApproval(HOUR.multipliedBy(2)).open();
    while (true) {
      try {
        store.begin(EnumSet.allOf(ValkeyStore.Memory.class));
        return store;
      } catch (TaperException e) { // it is still starting
        Thread.sleep(50);
      }
    }
  }

  private VerifierBuilder verifier(AcceptedProofs.Window window) {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .callerStatesMeaning()
        .audience(AUDIENCE)
        .withoutRevocation()
        .proofWindow(window)
        .deadline(Duration.ofSeconds(1));
  }

  private AgentToken token() {
    return Issuer.of(root)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", planner.publicKey()))
                .task("T-1")
                .grant(Grant.tools("jira.delete").ifApproved(boss.publicKey()))
                .budget("at most 1000000 calls from acme as trip")
                .expiresIn(HOUR));
  }

  private String approval(AgentToken token) {
    return token
        .requestApproval(CALL, AUDIENCE, "figures")
        .approve(boss, Approval.Terms.lasting(HOUR).uses(10_000), CLOCK)
        .encodeBase64();
  }

  private void call(int rounds, Verifier there, Verifier here, AgentToken token) throws Exception {
    RedisAsyncCommands<byte[], byte[]> bare =
        RedisClient.create("redis://127.0.0.1:" + port).connect(ByteArrayCodec.INSTANCE).async();
    String encoded = token.encodeBase64();
    long[] sets = new long[rounds * CALLS];
    long[] inValkey = new long[rounds * CALLS];
    long[] inMemory = new long[rounds * CALLS];
    long key = 0;
    for (int round = -2; round < rounds; round++) { // two rounds warm up
      String approval = approval(token);
      for (int i = 0; i < CALLS; i++) {
        int at = Math.max(round, 0) * CALLS + i;
        byte[] name = ByteBuffer.allocate(64).putLong(56, key++).array();
        long start = System.nanoTime();
        bare.set(name, name, SetArgs.Builder.nx()).get();
        sets[at] = System.nanoTime() - start;
        inValkey[at] = decide(there, token, encoded, approval);
        inMemory[at] = decide(here, token, encoded, approval);
      }
    }
    double set = median(sets);
    double more = median(inValkey) - median(inMemory);
    System.err.printf(
        "set-nx %.1f us, in valkey %.1f us, in memory %.1f us%n",
        set / 1e3, median(inValkey) / 1e3, median(inMemory) / 1e3);
    System.out.printf("call %.2f%n", more / set);
  }

  private long decide(Verifier verifier, AgentToken token, String encoded, String approval) {
    SentApprovals sent = SentApprovals.of(List.of(approval));
    String proof = token.prove(planner, CALL.sent(), AUDIENCE, sent, CLOCK).encodeBase64();
    long start = System.nanoTime();
    CallDecision decision = verifier.decide(new Credentials(encoded, proof, List.of(approval)), CALL);
    long time = System.nanoTime() - start;
    if (!decision.allowed()) {
      throw new IllegalStateException(decision.toString());
    }
    return time;
  }

  private static double median(long[] times) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private void revocation() throws Exception {
    RevocationIssuer issuer = RevocationIssuer.of(PrivateKey.generate(Algorithm.ED25519));
    ValkeyLists publisher = ValkeyLists.at(address);
    publisher.publishSnapshot(issuer.snapshot(1, List.of(), validity()), 1);
    List<RevocationList> verifiers = new ArrayList<>();
    for (int i = 0; i < VERIFIERS; i++) {
      ValkeyLists lists = ValkeyLists.at(address);
      RevocationList list =
          RevocationList.trusting(issuer.publicKey()).forgottenAtRestart().build();
      lists.refresh(RevocationFeed.start(lists, list, HOUR));
      verifiers.add(list);
    }
    Thread.sleep(2_000); // until all listen
    long[] times = new long[VERIFIERS * DELTAS];
    int measured = 0;
    for (long base = 1; base <= DELTAS; base++) {
      RevocationEntry entry =
          RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-" + base));
      byte[] delta = issuer.delta(base, base + 1, List.of(entry), validity());
      long start = System.nanoTime();
      publisher.publishDelta(delta, base, base + 1);
      for (RevocationList list : verifiers) {
        while (list.latest() == null || list.latest().sequence() <= base) {
          Thread.sleep(0, 100_000);
        }
        times[measured++] = System.nanoTime() - start;
      }
    }
    Arrays.sort(times);
    System.out.printf("revocation %.1f%n", times[times.length * 99 / 100] / 1e6);
  }

  private static Validity validity() {
    Instant now = CLOCK.instant();
    return new Validity(now, now.plus(HOUR), HOUR.multipliedBy(2));
  }

  private void reopens(Verifier verifier, AgentToken token, Path folder) throws Exception {
    String encoded = token.encodeBase64();
    String approval = approval(token);
    decide(verifier, token, encoded, approval);
    long server = Long.parseLong(Files.readString(folder.resolve("server")).strip());
    ProcessHandle handle = ProcessHandle.of(server).orElseThrow();
    handle.destroyForcibly();
    handle.onExit().join();
    new ProcessBuilder(folder.resolve("start").toString()).inheritIO().start().waitFor();
    long start = System.nanoTime();
    SentApprovals sent = SentApprovals.of(List.of(approval));
    while (true) {
      String proof = token.prove(planner, CALL.sent(), AUDIENCE, sent, CLOCK).encodeBase64();
      if (verifier.decide(new Credentials(encoded, proof, List.of(approval)), CALL).allowed()) {
        break;
      }
      Thread.sleep(20);
    }
    System.out.printf("reopens %d%n", (System.nanoTime() - start) / 1_000_000);
  }
}
