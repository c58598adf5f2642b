package dev.taper.cli.command;

import dev.taper.cli.io.Console;
import dev.taper.cli.option.JsonOption;
import dev.taper.cli.option.PublicKeyInput;
import dev.taper.cli.option.TokenInput;
import dev.taper.cli.service.InspectService;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper inspect}. */
@Command(
    name = "inspect",
    description = {
      "Show what a token says; with a root key, verify its signatures first.",
      "Without a key nothing is verified, and the output says so."
    })
public final class InspectCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final PublicKeyInput key = new PublicKeyInput();
  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean json() {
    return json.json();
  }

  @Override
  public Integer call() {
    return new InspectService(console).run(token.input(console), key.input(), json()).status();
  }
}
