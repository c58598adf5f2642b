package dev.taper.cli.service;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Editor;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.output.HumanTime;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Makes the block that a person asks for. */
final class Blocks {
  // Dates are written with four digits for the year (RFC 3339).
  private static final Instant LAST_DATE = Instant.parse("9999-12-31T23:59:59Z");

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
      builder.check(Expiry.until(expiry(input.ttl())));
    }
    return builder.context(input.context()).build();
  }

  private Instant expiry(String ttl) {
    // A date has hyphens, a duration never.
    Instant expiry =
        ttl.indexOf('-') >= 0
            ? HumanTime.parseDate(ttl)
            : console.clock().instant().plus(HumanTime.parseDuration(ttl));
    if (expiry.isAfter(LAST_DATE)) {
      throw CliException.usage("Datalog has no date after the year 9999: " + ttl);
    }
    return expiry.truncatedTo(ChronoUnit.SECONDS);
  }
}
