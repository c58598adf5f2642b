package dev.taper.cli.login;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.Value;
import dev.taper.operations.config.Times;
import dev.taper.operations.login.AskedGrant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the agent shall get, and where it goes. */
final class AskedOptions extends Arguments {
  private final Value<String> task =
      option("--task", "ID", "The task, such as T-4711.").requiredText();

  private final Value<@Nullable String> purpose =
      option("--purpose", "TEXT", "What the task is for.").text();

  private final Value<String> template =
      option("--template", "NAME", "The issuer's template: what is granted at most.")
          .requiredText();

  private final Value<List<String>> grants =
      option(
              "--grant",
              "GRANT",
              "What may be done, as in mint. Several are alternatives. Default: all of the"
                  + " template.")
          .texts();

  private final Value<List<String>> audiences =
      option("--audience", "SERVICE", "A service that may take the token. Several add up.").texts();

  private final Value<@Nullable String> life =
      option("--expires", "DURATION", "How long, such as 1h. Default: as the template says.")
          .text();

  private final Value<@Nullable Integer> maxDepth =
      option("--max-depth", "N", "How often the token may be handed on.").optional(Integer.class);

  private final Value<@Nullable String> out =
      option(
              "-o, --out",
              "FILE",
              "Write to a file that only its owner can read. Default: standard output.")
          .text();

  @Nullable String out() {
    return out.get();
  }

  /** What is asked for. */
  AskedGrant grant() {
    return new AskedGrant(
        template.get(),
        task.get(),
        purpose.get(),
        grants.get(),
        audiences.get(),
        life.get() == null ? null : Times.parseDuration(life.get()),
        maxDepth.get());
  }
}
