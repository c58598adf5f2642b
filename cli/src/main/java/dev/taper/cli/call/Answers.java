package dev.taper.cli.call;

import dev.taper.agent.CallDecision.Denied;
import dev.taper.agent.CallPreview;
import dev.taper.agent.ToolOffer;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;

/** Prints the answers to questions, which are no decisions. */
final class Answers {
  private final Console console;
  private final AuthorizeOptions options;

  Answers(Console console, AuthorizeOptions options) {
    this.console = console;
    this.options = options;
  }

  /** Prints what would be decided; the exit code says whether the call would be allowed. */
  ExitCode print(CallPreview preview) {
    boolean forCaller = options.asCaller.given();
    Denied denial = preview.denial();
    if (options.json.json()) {
      Json.document(
          console.out(),
          "taper/1 preview",
          json -> {
            json.writeBooleanField("would_be_allowed", preview.wouldBeAllowed());
            if (denial != null) {
              json.writeFieldName("denial");
              json.writeRawValue(forCaller ? denial.toJson() : denial.toOperatorJson());
            }
            if (!forCaller) {
              json.writeArrayFieldStart("budgets");
              for (CallPreview.BudgetLeft budget : preview.operatorBudgets()) {
                json.writeStartObject();
                json.writeNumberField("block", budget.hop().block());
                json.writeStringField("store", budget.store());
                json.writeNumberField("limit", budget.limit());
                json.writeNumberField("left", budget.left());
                json.writeEndObject();
              }
              json.writeEndArray();
            }
          });
    } else {
      String text =
          SafeText.lines(forCaller ? preview.explanation() : preview.operatorExplanation());
      console.out().println(text);
    }
    return preview.wouldBeAllowed() ? ExitCode.OK : ExitCode.DENIED;
  }

  /** Prints the tools that the chain does not exclude. */
  ExitCode print(ToolOffer offer) {
    if (options.json.json()) {
      Json.copy(console.out(), offer.toJson());
    } else if (offer.code() != null) {
      String word = Style.out(console).bad("NOTHING");
      console
          .out()
          .println(word + "  " + SafeText.line(offer.code().text() + "  " + offer.reason()));
    } else {
      offer.tools().forEach(tool -> console.out().println(SafeText.line(tool)));
    }
    return offer.code() == null ? ExitCode.OK : ExitCode.DENIED;
  }
}
