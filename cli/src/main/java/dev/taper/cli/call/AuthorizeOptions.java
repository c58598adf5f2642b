package dev.taper.cli.call;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CallInput;
import dev.taper.cli.io.CatalogOption;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.policy.AuthorizerOptions;

/** What to authorize, by what, and what to show of it. */
final class AuthorizeOptions extends Arguments {
  final Flag explain = flag("--explain", "Say why.");

  final Flag asCaller =
      flag(
          "--as-caller",
          "With --request: print what the caller may read of the decision, and nothing of the"
              + " service's policies and facts.");

  final Flag preview =
      flag(
          "--preview",
          "With a call: say what would be decided if the holder made it now, without a proof. Claims"
              + " and records nothing.");

  final Flag observeOnly =
      flag(
          "--observe-only",
          "With a call: let it go ahead even if it is denied, and only record what was decided."
              + " Claims nothing, and protects nothing.");

  final Flag offer =
      flag(
          "--offer",
          "With --catalog: list the tools that the token's chain does not exclude by itself. The"
              + " proof is one that prove --offer makes.");

  final TokenInput token = part(new TokenInput());
  final PublicKeyInput key = part(new PublicKeyInput());
  final AuthorizerOptions authorizer = part(new AuthorizerOptions());
  final ParameterOptions params = part(new ParameterOptions());
  final LimitOptions limits = part(new LimitOptions());
  final QueryOptions query = part(new QueryOptions());
  final SnapshotOptions snapshots = part(new SnapshotOptions());
  final CallInput call = part(new CallInput());
  final CatalogOption catalog = part(new CatalogOption());
  final ApprovalOptions approvals = part(new ApprovalOptions());
  final TokenKindOptions kind = part(new TokenKindOptions());
  final AuditOptions audit = part(new AuditOptions());
  final RegistryOption registry = part(new RegistryOption());

  /**
   * Refuses options that make no sense for a request that is decided by its facts.
   *
   * @throws CliException if it is given
   */
  void checkRequest() {
    call.requireNothingElse();
    kind.given()
        .add(asCaller, preview, observeOnly)
        .add(catalog, approvals)
        .add("--audit", audit.isGiven())
        .add(registry)
        .refuseWithout("--request");
    key.required();
    authorizer.check();
    boolean unused = query.hasQuestion();
  }

  /**
   * Refuses options that make no sense for a call.
   *
   * @throws CliException if it is given
   */
  void checkCall() {
    if (asCaller.given() && explain.given()) {
      throw CliException.usage("a caller is not told what --explain adds: leave one of them out");
    }
    authorizer.check();
    new GivenOptions()
        .add(authorizer.facts)
        .add(query, snapshots)
        .refuseWith("--request, whose facts the verifier states");
    if (authorizer.isAtAnotherTime()) {
      // A decision at another time is a question: it uses up nothing and records nothing.
      new GivenOptions()
          .add("--audit", audit.isGiven())
          .add(registry)
          .add(kind.replayMemory, kind.approvalUses)
          .add(kind.budgets)
          .refuseWith("--time: a decision at another time is a question, not an event");
    }
    checkQuestion();
    key.required();
    if (offer.given()) {
      if (!catalog.isGiven()) {
        throw CliException.usage("there is nothing to offer: --offer needs --catalog FILE");
      }
    } else {
      call.check(catalog.isGiven());
      call.requireMeaning(catalog.isGiven());
    }
    kind.check();
  }

  /** A question uses up nothing and records nothing, and takes no answer from others. */
  private void checkQuestion() {
    GivenOptions.exclude(preview, offer);
    if (preview.given()) {
      new GivenOptions()
          .add(kind.proof, observeOnly, explain)
          .add("--audit", audit.isGiven())
          .add(registry)
          .refuseWith("--preview, a question");
    }
    if (offer.given()) {
      new GivenOptions()
          .add("a call", call.isGiven())
          .add(asCaller, observeOnly, explain)
          .add(approvals)
          .add("--audit", audit.isGiven())
          .add(registry)
          .refuseWith("--offer, a question");
    }
  }
}
