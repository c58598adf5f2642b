package dev.taper.cli.approval;

import dev.taper.agent.AgentToken;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CallInput;
import dev.taper.cli.io.CatalogOption;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A call that is to be approved, and why. */
final class AskOptions extends Arguments {
  private final CallInput call = part(new CallInput());
  private final CatalogOption catalog = part(new CatalogOption());

  private final Value<@Nullable String> decision =
      option(
              "--decision",
              "FILE",
              "The service's refusal of the call, as authorize --json prints it for the operator:"
                  + " instead of the call and --audience.")
          .text();

  private final Value<@Nullable String> reason =
      option("--reason", "TEXT", "Why the call is to be made, in one line for the approver.")
          .text();

  /**
   * Refuses an incomplete request.
   *
   * @throws CliException if something is missing, or there is too much
   */
  void check() {
    if (decision.get() == null) {
      call.check(catalog.isGiven());
      call.requireMeaning(catalog.isGiven());
    } else {
      new GivenOptions()
          .add("a call", call.isGiven())
          .add("--catalog", catalog.isGiven())
          .refuse("and --decision exclude each other", "and --decision exclude each other");
      call.requireNothingElse();
    }
    if (reason.get() == null) {
      throw CliException.usage("the approver wants to know why: use --reason TEXT");
    }
  }

  /** Asks for a token; nothing is missing. */
  ApprovalRequest ask(AgentToken token, Inputs inputs) {
    String why = Objects.requireNonNull(reason.get());
    String refusal = decision.get();
    if (refusal != null) {
      return DeniedCall.parse(inputs.text(Source.ofFile(refusal), InputKind.DECISION))
          .request(token, why);
    }
    ToolCatalog meaning = catalog.read(inputs);
    return token.requestApproval(call.call(inputs, meaning), call.audience(meaning), why);
  }
}
