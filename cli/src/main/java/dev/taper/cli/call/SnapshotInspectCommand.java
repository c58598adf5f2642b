package dev.taper.cli.call;

import dev.taper.JsonFields;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Snapshot;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Room;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Statements;
import dev.taper.cli.output.Style;
import dev.taper.cli.policy.DecisionFields;
import dev.taper.datalog.Block;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Origin.OriginFact;
import java.io.PrintStream;
import java.util.List;

/** {@code taper snapshot inspect}. */
final class SnapshotInspectCommand extends JsonCommand {
  private final Value<String> file =
      parameter("0", "1", "SNAPSHOT", "File with the snapshot, or - for standard input.")
          .requiredText();

  private final Flag raw = flag("--raw-input", "The snapshot is raw bytes, not base64url text.");

  private final QueryOptions query = part(new QueryOptions());
  private final ParameterOptions params = part(new ParameterOptions());
  private final LimitOptions limits = part(new LimitOptions());

  SnapshotInspectCommand(Console console) {
    super(
        console,
        "inspect",
        "Show a snapshot, decide it again and print the decision; exit 1 if it denies.",
        "It proves nothing: snapshots carry no signatures.");
  }

  @Override
  protected ExitCode run() {
    EncodedInput input = new EncodedInput(Source.ofFile(file.get()), raw.given());
    boolean hasQuestion = query.hasQuestion();
    Snapshot snapshot = tokens.read(input, Snapshot::decode, Snapshot::decode);
    Authorization authorization =
        Tokens.checked(
            () ->
                snapshot.authorization(ExternFunctions.none(), limits.applyTo(snapshot.limits())));
    if (!json.given()) {
      print(snapshot, authorization);
    }
    Decision decision = authorization.decide();
    List<Fact> answers = query.ask(authorization, params);
    if (json.given()) {
      JsonFields fields =
          fields(snapshot, authorization)
              .putAll(DecisionFields.of(decision, false))
              .putAll(DecisionFields.effort(authorization));
      if (hasQuestion) {
        fields.put("query", new Room().fitAll(answers));
      }
      printJson(fields);
    } else {
      new DecisionText(console.out(), Style.out(console)).print(decision, false);
      Queries.print(console.out(), answers);
    }
    return decision.allowed() ? ExitCode.OK : ExitCode.DENIED;
  }

  private void print(Snapshot snapshot, Authorization authorization) {
    PrintStream out = console.out();
    String state = snapshot.evaluated() ? "evaluated before" : "not evaluated before";
    out.println("snapshot of " + Count.of(snapshot.blockCount(), "block") + ", " + state);
    List<Block.Decoded> blocks = authorization.blocks();
    Room room = new Room();
    for (int i = 0; i < blocks.size(); i++) {
      Block.Decoded block = blocks.get(i);
      String signer = block.externalKey() == null ? "" : "  signed by " + block.externalKey();
      section("block " + i + signer, Statements.of(block.block(), room), ";");
    }
    section("authorizer", Statements.of(snapshot.code()), ";");
    List<String> facts = authorization.facts().stream().map(fact -> text(fact, room)).toList();
    section(Count.of(facts.size(), "fact") + " and their origins", facts, "");
    out.println();
  }

  private void section(String title, List<String> lines, String end) {
    console.out().println();
    print(Style.out(console).bold(title));
    for (String line : lines) {
      print("    " + SafeText.line(line) + end);
    }
  }

  private static String text(OriginFact fact, Room room) {
    return "[" + fact.origin() + "] " + room.fit(fact.fact());
  }

  private static JsonFields fields(Snapshot snapshot, Authorization authorization) {
    Room room = new Room();
    return new JsonFields()
        .put("evaluated_before", snapshot.evaluated())
        .rows("blocks", authorization.blocks(), block -> fields(block, room))
        .put("authorizer_code", Statements.join(Statements.of(snapshot.code())))
        .putAll(DecisionFields.facts(authorization));
  }

  private static JsonFields fields(Block.Decoded block, Room room) {
    return new JsonFields()
        .put("external_key", block.externalKey())
        .put("version", block.version())
        .put("code", Statements.join(Statements.of(block.block(), room)));
  }
}
