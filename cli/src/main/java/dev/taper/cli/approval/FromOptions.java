package dev.taper.cli.approval;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.Value;
import dev.taper.operations.asking.ServiceAsk;
import org.jspecify.annotations.Nullable;

/** An ask that a service keeps, and how it is answered with no. */
final class FromOptions extends Arguments {
  private final Value<@Nullable String> url =
      option(
              "--from",
              "URL",
              "Approve what a service asks, instead of a request: https://HOST/v1/asks/ID. The"
                  + " approval goes to the service.")
          .text();

  private final Value<@Nullable String> refusal =
      option(
              "--refuse",
              "REASON",
              "With --from: refuse, and say why in one line. Nothing is signed.")
          .text();

  private final Flag unencrypted =
      flag(
          "--unencrypted",
          "With --from: take http beyond this machine, though anyone on the way can change it.");

  /** Whether an ask is to be answered. */
  @Override
  public boolean isGiven() {
    return url.get() != null;
  }

  /** Why it is refused; null if it is not. */
  @Nullable String refusal() {
    return refusal.get();
  }

  /** Reads the ask; it must be given. */
  ServiceAsk read() {
    String where = url.get();
    if (where == null) {
      throw CliException.usage("--from names no ask");
    }
    return ServiceAsk.read(where, unencrypted.given());
  }

  /**
   * Refuses what has no meaning without an ask.
   *
   * @throws CliException if it is given
   */
  void requireNothingElse() {
    new GivenOptions().add(refusal, unencrypted).refuseWithout("--from");
  }
}
