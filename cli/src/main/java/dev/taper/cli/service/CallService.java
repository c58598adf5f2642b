package dev.taper.cli.service;

import dev.taper.agent.CallDecision;
import dev.taper.agent.DecisionEvent;
import dev.taper.agent.MissingActivation;
import dev.taper.agent.Reason;
import dev.taper.agent.Verifier;
import dev.taper.agent.VerifierHealth;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Activation;
import dev.taper.audit.AuditEvent;
import dev.taper.authorizer.MatchedPolicy;
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
import dev.taper.token.UnverifiedToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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
    if (!authorizer.policies().isEmpty() || authorizer.snapshot() != null) {
      verifier.policies(new Policies(console, inputs, authorizer).given());
    }
    verifier.sharedPredicates(request.manner().sharedPredicates().toArray(new String[0]));
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
      verifier.proofUses(new ReplayFolder(console.resolve(folder), earlier(clock)));
    }
    Place.Sql shared = request.manner().approvalUses();
    if (shared != null) {
      // What ended by a time that was made up is not to be forgotten for everybody.
      Clock safe = Clock.fixed(earlier(clock), ZoneOffset.UTC);
      verifier.approvalUses(Stores.approvalUses(console, shared, safe));
    } else if (folder != null) {
      verifier.approvalUses(new ApprovalFolder(console.resolve(folder), earlier(clock)));
    }
    return verifier;
  }

  private Instant earlier(Clock clock) {
    Instant real = console.clock().instant();
    return clock.instant().isBefore(real) ? clock.instant() : real;
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
    if (decision instanceof CallDecision.Denied denied && denied.missingActivation() != null) {
      hint(denied.missingActivation());
    }
    if (request.explain()) {
      explain(decision);
    }
  }

  private void hint(MissingActivation missing) {
    if (!missing.approvers().isEmpty()) {
      console.out().println("  To ask for an approval: taper escalate request");
    }
    for (Activation activation : missing.missing()) {
      if (activation.kind() == Activation.Kind.JUSTIFIED) {
        console.out().println("  To justify the call: taper justify");
      }
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
