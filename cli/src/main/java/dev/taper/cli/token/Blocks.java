package dev.taper.cli.token;

import dev.taper.cli.io.Params;
import dev.taper.cli.io.Times;
import dev.taper.agent.grant.Condition;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Editor;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;

/** Makes the block that a person asks for. */
final class Blocks {
  private final Console console;
  private final Inputs inputs;

  Blocks(Console console, Inputs inputs) {
    this.console = console;
    this.inputs = inputs;
  }

  /** The block: its Datalog, from an editor if need be, its expiry and its context. */
  Block read(BlockInput input) {
    String text =
        input.source() == null
            ? new Editor(console).edit("the block's Datalog")
            : inputs.text(input.source(), InputKind.DATALOG);
    Block block = Datalog.block(text, Params.parse(input.params()));
    Block.Builder builder = block.toBuilder();
    if (input.ttl() != null) {
      builder.check(Condition.expires(Times.end(console, input.ttl())).check());
    }
    return builder.context(input.context()).build();
  }
}
