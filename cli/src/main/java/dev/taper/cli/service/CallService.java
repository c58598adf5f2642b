package dev.taper.cli.service;

import dev.taper.agent.CallDecision;
import dev.taper.agent.DecisionEvent;
import dev.taper.agent.Reason;
import dev.taper.agent.VerifierHealth;
import dev.taper.agent.Verifier;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
import dev.taper.audit.AuditEvent;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.authorizer.PolicySet;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Place;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.cli.registry.Registries;
import dev.taper.cli.store.Stores;
import dev.taper.datalog.Block;
import dev.taper.token.UnverifiedToken;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/** Decides calls that are made with delegation tokens. */
public final class CallService {
  /** For one decision in a process of its own, which first loads the classes of a database. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Console console;
  private final Inputs inputs;
  private final Tokens tokens;

  /** Works in the given console. */
  public CallService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /** Verifies a token and decides a call; whether it is allowed is the exit code. */
  public ExitCode run(CallRequest request) {
    UnverifiedToken token = tokens.read(request.token());
    ToolCall call = ProofService.call(inputs, request.call());
    Proof proof =
        request.manner().proof() == null
            ? null
            : Proof.decode(inputs.text(request.manner().proof(), InputKind.PROOF).strip());
    Clock clock = Times.clock(console, request.authorizer().time());
    AtomicReference<DecisionEvent> told = new AtomicReference<>();
    AtomicReference<RuntimeException> failed = new AtomicReference<>();
    Verifier verifier =
        verifier(request, clock)
            .listener(
                event -> {
                  told.set(event);
                  record(request, event, failed);
                })
            .build();
    CallDecision decision = Tokens.checked(() -> verifier.decide(token, call, proof));
    if (failed.get() != null) {
      throw failed.get();
    }
    if (request.registry() != null) {
      Registries.decided(console, request.registry(), told.get());
    }
    print(request, decision);
    explainFailures(verifier);
    return decision.allowed() ? ExitCode.OK : ExitCode.DENIED;
  }

  /** Why something that the decision needed did not answer, for who runs the command. */
  private void explainFailures(Verifier verifier) {
    for (VerifierHealth.Store store : verifier.health().stores()) {
      if (store.lastFailure() != null) {
        console
            .err()
            .println(
                "taper: "
                    + SafeText.line(store.name())
                    + " failed: "
                    + SafeText.line(store.lastFailure().reason()));
      }
    }
  }

  private Verifier.Builder verifier(CallRequest request, Clock clock) {
    Verifier.Builder verifier =
        Verifier.trusting(new Keys(console, inputs).rootKeys(request.rootKeys()))
            .audience(request.call().audience())
            .clock(clock)
            .deadline(PATIENCE)
            .limits(request.limits());
    RevocationListInput revocations = request.manner().revocations();
    if (revocations == null) {
      verifier.withoutRevocation();
    } else {
      verifier.revocations(new RevocationsService(console).load(revocations, clock));
    }
    AuthorizerInput authorizer = request.authorizer();
    Block own = Block.builder().build();
    if (!authorizer.policies().isEmpty() || authorizer.snapshot() != null) {
      PolicySet policies = new Policies(console, inputs, authorizer).given();
      own = policies.code().block();
      verifier.policies(policies);
    }
    List<String> shared = request.manner().sharedPredicates();
    requireStated(own, shared);
    verifier.sharedPredicates(shared.toArray(new String[0]));
    if (request.manner().acceptBearer()) {
      verifier.acceptBearer();
    }
    if (request.manner().acceptSealed()) {
      verifier.acceptSealed();
    }
    if (request.manner().directory() != null) {
      verifier.directory(
          AgentDirectories.read(inputs.text(request.manner().directory(), InputKind.DIRECTORY)));
    }
    String folder = request.manner().replayCache();
    if (folder != null) {
      verifier.proofUses(new ReplayFolder(console.resolve(folder), console.clock().instant()));
    }
    Place.Sql uses = request.manner().approvalUses();
    if (uses != null) {
      verifier.approvalUses(Stores.approvalUses(console, uses, console.clock()));
    } else if (folder != null) {
      verifier.approvalUses(new ApprovalFolder(console.resolve(folder), console.clock().instant()));
    }
    return verifier;
  }

  /** Sharing what there is not would share nothing, and say nothing. */
  private static void requireStated(Block own, List<String> shared) {
    Set<String> stated = new TreeSet<>();
    own.facts().forEach(fact -> stated.add(fact.predicate().name()));
    own.rules().forEach(rule -> stated.add(rule.head().name()));
    for (String name : shared) {
      if (!stated.contains(name)) {
        throw CliException.usage(
            "--shared-predicate "
                + name
                + ": no policy states or derives that; "
                + (stated.isEmpty()
                    ? "they state nothing"
                    : "they do " + String.join(", ", stated)));
      }
    }
  }

  /** Records a decision; what cannot be recorded uses up no approval. */
  private void record(
      CallRequest request, DecisionEvent told, AtomicReference<RuntimeException> failed) {
    try {
      AuditEvent event = AuditEvent.decided(told);
      new AuditRecorder(console).record(request.audit(), now -> event);
    } catch (RuntimeException e) {
      failed.set(e);
      throw e;
    }
  }

  private void print(CallRequest request, CallDecision decision) {
    if (request.json()) {
      Json.copy(console.out(), request.asCaller() ? decision.toJson() : decision.toOperatorJson());
      return;
    }
    Style style = Style.out(console);
    String text =
        SafeText.lines(
            request.asCaller() ? decision.explanation() : decision.operatorExplanation());
    int verdict = text.indexOf(' ');
    String word = text.substring(0, verdict);
    console
        .out()
        .println(
            (decision.allowed() ? style.good(word) : style.bad(word)) + text.substring(verdict));
    if (request.explain()) {
      explain(decision);
    }
  }

  private void explain(CallDecision decision) {
    if (decision.policy() != null) {
      console
          .out()
          .println(
              "  policy: " + SafeText.line(partOf(decision.policy()) + decision.policy().text()));
    }
    if (!(decision instanceof CallDecision.Denied denied)) {
      return;
    }
    for (Reason reason : denied.operatorReasons()) {
      if (!reason.check().isEmpty()) {
        String service = reason.part() == null ? "service" : reason.part();
        String where = reason.hop() == null ? service : "hop " + reason.hop().block();
        console.out().println("  " + SafeText.line(where) + ": " + SafeText.line(reason.check()));
      }
    }
  }

  private static String partOf(MatchedPolicy policy) {
    return policy.part() == null ? "" : policy.part() + ": ";
  }
}
