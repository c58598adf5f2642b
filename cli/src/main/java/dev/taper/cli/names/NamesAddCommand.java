package dev.taper.cli.names;

import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Value;
import dev.taper.crypto.PublicKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code taper names add}. */
final class NamesAddCommand extends NamesChangeCommand {
  private final Value<List<String>> agents = key("--agent", "An agent's");
  private final Value<List<String>> approvers = key("--approver", "An approver's");
  private final Value<List<String>> issuers = key("--issuer", "An issuer's");

  private final Value<List<String>> members =
      option("--member", "GROUP=NAME", "An approver who is in a group. Repeatable.").texts();

  NamesAddCommand(Console console) {
    super(
        console,
        "add",
        "Add keys and members to a file of names, beside those that it has; the number grows.",
        "Without --sign-with the result is not signed: sign it again.");
  }

  private Value<List<String>> key(String name, String whose) {
    return option(name, "NAME=KEY", whose + " name and key: its text, or a file. Repeatable.")
        .texts();
  }

  @Override
  protected ExitCode run() {
    if (agents.get().isEmpty()
        && approvers.get().isEmpty()
        && issuers.get().isEmpty()
        && members.get().isEmpty()) {
      throw CliException.usage("add what? use --agent, --approver, --issuer or --member");
    }
    return change(this::added);
  }

  private NamesFile added(NamesFile before) {
    NamesEdit edit = new NamesEdit(before);
    add(edit.agents, agents.get(), keys);
    add(edit.approvers, approvers.get(), keys);
    add(edit.issuers, issuers.get(), keys);
    for (String written : members.get()) {
      String[] pair = pair(written, "GROUP=NAME");
      edit.groups.computeIfAbsent(pair[0], group -> new LinkedHashSet<>()).add(pair[1]);
    }
    return edit.build(before);
  }

  private static void add(Map<String, Set<PublicKey>> section, List<String> written, Keys keys) {
    for (String each : written) {
      String[] pair = pair(each, "NAME=KEY");
      section
          .computeIfAbsent(pair[0], name -> new LinkedHashSet<>())
          .add(keys.publicKey(KeyInput.written(pair[1])));
    }
  }

  private static String[] pair(String written, String form) {
    int end = written.indexOf('=');
    if (end < 1 || end == written.length() - 1) {
      throw CliException.usage("it is written " + form + ", not " + written);
    }
    return new String[] {written.substring(0, end), written.substring(end + 1)};
  }
}
