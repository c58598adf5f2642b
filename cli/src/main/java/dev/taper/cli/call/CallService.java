package dev.taper.cli.call;

import dev.taper.JsonFields;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.CallPreview;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.MissingActivation;
import dev.taper.agent.decision.Reason;
import dev.taper.agent.decision.ToolOffer;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.agent.grant.Activation;
import dev.taper.audit.AuditEvent;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.authorizer.PolicySet;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Json;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.cli.policy.GivenPolicies;
import dev.taper.datalog.Block;
import dev.taper.operations.Stores;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.token.UnverifiedToken;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Decides calls that are made with delegation tokens. */
final class CallService {
  /** Enough for one decision in a new process, which first loads the classes of a database. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Console console;
  private final AuthorizeOptions options;
  private final boolean asJson;
  private final Inputs inputs;

  CallService(Console console, AuthorizeOptions options, boolean asJson) {
    this.console = console;
    this.options = options;
    this.asJson = asJson;
    this.inputs = new Inputs(console);
  }

  /** Verifies a token and decides a call; the exit code says whether it is allowed. */
  ExitCode run() {
    try (Stores stores = new Stores(console.workplace())) {
      return run(stores);
    }
  }

  private ExitCode run(Stores stores) {
    UnverifiedToken token =
        new Tokens(inputs, new Outputs(console)).read(options.token.input(console));
    ToolCatalog catalog = options.catalog.read(inputs);
    if (options.offer.given()) {
      Verifier verifier = verifier(catalog, stores).build();
      Proof asking = options.kind.proof(inputs);
      String proof = asking == null ? null : asking.encodeBase64();
      Credentials given = Credentials.of(token.encodeBase64(), proof);
      return print(Tokens.checked(() -> verifier.offer(given)));
    }
    ToolCall call = options.call.call(inputs, catalog);
    SentApprovals approvals = options.approvals.read(inputs);
    if (options.preview.given()) {
      Verifier verifier = verifier(catalog, stores).build();
      return print(Tokens.checked(() -> verifier.preview(token, call, approvals)));
    }
    Proof proof = options.kind.proof(inputs);
    AuditRecorder audit = options.audit.recorder(console);
    RegistryAccess registry = options.registry.access(console);
    AtomicReference<DecisionEvent> told = new AtomicReference<>();
    AtomicReference<@Nullable RuntimeException> failed = new AtomicReference<>();
    Verifier verifier =
        verifier(catalog, stores)
            .listener(
                event -> {
                  told.set(event);
                  record(audit, event, failed);
                })
            .build();
    CallDecision decision = Tokens.checked(() -> verifier.decide(token, call, proof, approvals));
    if (failed.get() != null) {
      throw failed.get();
    }
    if (registry != null) {
      registry.decided(told.get());
    }
    print(decision);
    explainFailures(verifier);
    if (!decision.allowed() && !options.asCaller.given()) {
      options.authorizer.warnIfNeverAllowing(console, inputs, options.params);
    }
    return decision.allowed() ? ExitCode.OK : ExitCode.DENIED;
  }

  private ExitCode print(CallPreview preview) {
    boolean forCaller = options.asCaller.given();
    Denied denial = preview.denial();
    if (asJson) {
      JsonFields fields = new JsonFields().put("would_be_allowed", preview.wouldBeAllowed());
      if (denial != null) {
        fields.json("denial", forCaller ? denial.toJson() : denial.toOperatorJson());
      }
      if (!forCaller) {
        fields.rows("budgets", preview.operatorBudgets(), CallService::fields);
      }
      Json.document(console.out(), "taper/1 preview", fields);
    } else {
      String text =
          SafeText.lines(forCaller ? preview.explanation() : preview.operatorExplanation());
      line(text);
    }
    return preview.wouldBeAllowed() ? ExitCode.OK : ExitCode.DENIED;
  }

  /** Prints the tools that the chain does not exclude. */
  private ExitCode print(ToolOffer offer) {
    if (asJson) {
      Json.copy(console.out(), offer.toJson());
    } else if (offer.code() != null) {
      String word = Style.out(console).bad("NOTHING");
      line(word + "  " + SafeText.line(offer.code().text() + "  " + offer.reason()));
    } else {
      offer.tools().forEach(tool -> line(SafeText.line(tool)));
    }
    return offer.code() == null ? ExitCode.OK : ExitCode.DENIED;
  }

  private static JsonFields fields(CallPreview.BudgetLeft budget) {
    return new JsonFields()
        .put("block", budget.hop().block())
        .put("store", budget.store())
        .put("limit", budget.limit())
        .put("left", budget.left());
  }

  /** Says to the user why something that the decision needed did not answer. */
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

  private VerifierBuilder verifier(@Nullable ToolCatalog catalog, Stores stores) {
    Clock clock = options.authorizer.clock(console.clock());
    VerifierBuilder verifier =
        Verifier.trusting(options.key.read(inputs, console.clock()))
            .audience(options.call.audience(catalog))
            .clock(clock)
            .deadline(PATIENCE)
            .limits(options.limits.limits());
    verifier = catalog == null ? verifier.callerStatesMeaning() : verifier.catalog(catalog);
    GivenPolicies policies = options.authorizer.policies(console, inputs, options.params);
    Block own = Block.builder().build();
    if (policies.isGiven()) {
      PolicySet set = policies.given();
      own = set.code().block();
      verifier.policies(set);
    }
    options.kind.checkShared(own);
    options.kind.addTo(verifier, console, clock, stores);
    if (options.observeOnly.given()) {
      verifier.observeOnly();
    }
    if (options.authorizer.isAtAnotherTime()) {
      verifier.approvalUsesOfOneProcess(); // a question uses up nothing
    }
    return verifier;
  }

  /** Records a decision; if that fails, it uses up no approval. */
  private static void record(
      AuditRecorder audit, DecisionEvent told, AtomicReference<@Nullable RuntimeException> failed) {
    try {
      AuditEvent event = AuditEvent.decided(told);
      audit.record(now -> event);
    } catch (RuntimeException e) {
      failed.compareAndSet(null, e); // the denial that follows fails too, and says less
      throw e;
    }
  }

  private void print(CallDecision decision) {
    if (asJson) {
      Json.copy(
          console.out(), options.asCaller.given() ? decision.toJson() : decision.toOperatorJson());
      return;
    }
    Style style = Style.out(console);
    String text =
        SafeText.lines(
            options.asCaller.given() ? decision.explanation() : decision.operatorExplanation());
    int end = text.indexOf(' ');
    String word = text.substring(0, end);
    line((decision.allowed() ? style.good(word) : style.bad(word)) + text.substring(end));
    if (decision instanceof CallDecision.Denied denied
        && denied.code() == DenialCode.BUDGET_UNAVAILABLE
        && !options.asCaller.given()
        && !options.kind.budgets.isGiven()) {
      line("  To count budgets: --budgets STORE=FOLDER");
    }
    if (decision instanceof CallDecision.Denied denied && denied.missingActivation() != null) {
      hint(denied.code(), denied.missingActivation());
    }
    if (options.explain.given()) {
      explain(decision);
    }
  }

  private void hint(DenialCode code, MissingActivation missing) {
    if (code == DenialCode.APPROVAL_NOT_COUNTED) {
      line("  To count its uses: --approval-uses DB, or --replay-memory FOLDER");
    } else if (missing.isApprovalMissing()) {
      line("  To ask for an approval: taper escalate");
    }
    for (Activation activation : missing.missing()) {
      if (activation.kind() == Activation.Kind.JUSTIFIED) {
        line("  To justify the call: taper justify");
      }
    }
  }

  private void explain(CallDecision decision) {
    if (decision.policy() != null) {
      line("  policy: " + SafeText.line(partOf(decision.policy()) + decision.policy().text()));
    }
    if (!(decision instanceof CallDecision.Denied denied)) {
      return;
    }
    for (Reason reason : denied.operatorReasons()) {
      if (!reason.check().isEmpty()) {
        String service = reason.part() == null ? "service" : reason.part();
        String where = reason.hop() == null ? service : "hop " + reason.hop().block();
        line("  " + SafeText.line(where) + ": " + SafeText.line(reason.check()));
      }
    }
  }

  private void line(String text) {
    console.out().println(text);
  }

  private static String partOf(MatchedPolicy policy) {
    return policy.part() == null ? "" : policy.part() + ": ";
  }
}
