package dev.taper.cli.call;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Snapshot;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Statements;
import dev.taper.cli.output.Style;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.OriginFact;
import dev.taper.datalog.RunLimits;
import dev.taper.wire.DecodedBlock;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.function.UnaryOperator;

/** Shows snapshots. */
final class SnapshotService {
  private final Console console;
  private final Style style;
  private final Tokens tokens;

  SnapshotService(Console console) {
    this.console = console;
    this.style = Style.out(console);
    this.tokens = new Tokens(new Inputs(console), new Outputs(console));
  }

  /**
   * Shows a snapshot and decides it; whether it is allowed is the exit code.
   *
   * @param input the snapshot
   * @param query a question to its facts
   * @param params values of parameters
   * @param limits changes the limits that the snapshot carries
   * @param json whether to print JSON
   */
  ExitCode run(
      EncodedInput input,
      QueryOptions query,
      ParameterOptions params,
      UnaryOperator<RunLimits> limits,
      boolean json) {
    Snapshot snapshot = tokens.read(input, Snapshot::decode, Snapshot::decode);
    Authorization authorization =
        Tokens.checked(
            () -> snapshot.authorization(ExternFunctions.none(), limits.apply(snapshot.limits())));
    if (!json) {
      print(snapshot, authorization);
    }
    Decision decision = authorization.decide();
    List<Fact> answers = query.ask(authorization, params);
    if (json) {
      Json.object(
          console.out(),
          out -> {
            write(out, snapshot, authorization);
            DecisionJson.write(out, decision, false);
            DecisionJson.effort(out, authorization);
            if (query.hasQuestion()) {
              Queries.write(out, "query", answers);
            }
          });
    } else {
      new DecisionText(console.out(), style).print(decision, false);
      Queries.print(console.out(), answers);
    }
    return decision.allowed() ? ExitCode.OK : ExitCode.DENIED;
  }

  private void print(Snapshot snapshot, Authorization authorization) {
    PrintStream out = console.out();
    String state = snapshot.evaluated() ? "evaluated before" : "not evaluated before";
    out.println("snapshot of " + count(snapshot.blockCount(), "block") + ", " + state);
    List<DecodedBlock> blocks = authorization.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      DecodedBlock block = blocks.get(i);
      String signer = block.externalKey() == null ? "" : "  signed by " + block.externalKey();
      section("block " + i + signer, Statements.of(block.block()), ";");
    }
    section("authorizer", Statements.of(snapshot.code()), ";");
    List<String> facts = authorization.facts().stream().map(SnapshotService::text).toList();
    section(count(facts.size(), "fact") + " and their origins", facts, "");
    out.println();
  }

  private void section(String title, List<String> lines, String end) {
    console.out().println();
    console.out().println(style.bold(title));
    for (String line : lines) {
      console.out().println("    " + SafeText.line(line) + end);
    }
  }

  private static String count(int count, String unit) {
    return count + " " + unit + (count == 1 ? "" : "s");
  }

  private static String text(OriginFact fact) {
    return "[" + fact.origin() + "] " + fact.fact();
  }

  private static void write(JsonGenerator json, Snapshot snapshot, Authorization authorization)
      throws IOException {
    json.writeBooleanField("evaluated_before", snapshot.evaluated());
    json.writeArrayFieldStart("blocks");
    for (DecodedBlock block : authorization.blocks()) {
      json.writeStartObject();
      Object key = block.externalKey();
      json.writeStringField("external_key", key == null ? null : key.toString());
      json.writeNumberField("version", block.version());
      json.writeStringField("code", Statements.join(Statements.of(block.block())));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("authorizer_code", Statements.join(Statements.of(snapshot.code())));
    json.writeArrayFieldStart("facts");
    for (OriginFact fact : authorization.facts()) {
      json.writeStartObject();
      json.writeStringField("origin", fact.origin().toString());
      json.writeStringField("fact", fact.fact().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
