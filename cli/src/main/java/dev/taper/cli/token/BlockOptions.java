package dev.taper.cli.token;

import dev.taper.agent.grant.Condition;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Editor;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.operations.config.Times;
import org.jspecify.annotations.Nullable;

/** What a new block says. */
final class BlockOptions extends Arguments {
  private final Value<@Nullable String> text =
      option(
              "-b, --block",
              "DATALOG",
              "The block's Datalog. Without any, $VISUAL or $EDITOR is opened.")
          .text();

  private final Value<@Nullable String> ttl =
      option(
              "--ttl",
              "TTL",
              "Add an expiry: a duration (15m, 1h, 1d) or a date, such as 2030-01-31T12:00:00Z.")
          .text();

  private final Value<@Nullable String> context =
      option("--context", "TEXT", "Free text attached to the block.").text();

  private final ParameterOptions params = part(new ParameterOptions());

  /**
   * Refuses a text that is given twice.
   *
   * @param option how the file is given, for messages
   * @param file the file with its Datalog, or null
   * @throws CliException if it is
   */
  void check(String option, @Nullable String file) {
    if (text.get() != null && file != null) {
      throw CliException.usage("--block and " + option + " exclude each other");
    }
  }

  /**
   * The block: its Datalog, from an editor if need be, its expiry and its context.
   *
   * @param file the file with its Datalog, or null
   */
  Block read(Console console, Inputs inputs, @Nullable String file) {
    Source source = source(file);
    String datalog =
        source == null
            ? new Editor(console).edit("the block's Datalog")
            : inputs.text(source, InputKind.DATALOG);
    Block.Builder builder = Datalog.block(datalog, params.values()).toBuilder();
    if (ttl.get() != null) {
      builder.check(Condition.expires(Times.end(console.clock(), ttl.get())).check());
    }
    return builder.context(context.get()).build();
  }

  private @Nullable Source source(@Nullable String file) {
    if (text.get() != null) {
      return new Source.Text(text.get());
    }
    if (file != null) {
      return Source.ofFile(file);
    }
    // An expiry alone is a complete block.
    return ttl.get() == null ? null : new Source.Text("");
  }
}
