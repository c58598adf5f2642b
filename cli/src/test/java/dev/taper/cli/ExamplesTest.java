package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.io.Console;
import dev.taper.cli.output.Style;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every help ends with an example, and every example is a command line that makes sense. */
class ExamplesTest {
  @TempDir Path folder;

  private static Stream<String> commands() {
    return new Hints(Console.system()).commands().keySet().stream();
  }

  @TestFactory
  Stream<DynamicTest> example_ofEveryCommand_parses() {
    return commands().map(words -> DynamicTest.dynamicTest(words, () -> parses(words)));
  }

  private void parses(String words) {
    String example = Objects.requireNonNull(Examples.of(words), "Examples has none of " + words);
    if (words.equals("completion")) {
      example = example.replace("source <(", "").replace(")", ""); // bash's, and no sh has it
    }
    List<List<String>> calls = Shell.taperCalls(folder, List.of(example));
    assertThat(calls).hasSize(1);
    String[] args = calls.get(0).toArray(new String[0]);
    assertThat(String.join(" ", args)).contains(words);
    CommandLine line = new CommandLine(new TaperCommand(Style.PLAIN).spec());
    CommandTable.register(line, Console.system(), args);
    CommandLine.ParseResult parsed =
        line.setExpandAtFiles(false).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    assertThat(parsed.commandSpec().qualifiedName()).startsWith("taper " + words);
    assertThat(parsed.commandSpec().subcommands()).as("not of a group").isEmpty();
  }

  @Test
  void help_endsWithTheExample() {
    Cli cli = new Cli(folder);
    List<String> without = new ArrayList<>();
    commands()
        .forEach(
            words -> {
              String help = cli.ok((words + " --help").split(" ", -1));
              String example = String.valueOf(Examples.of(words)).strip().replace("\n", "\n  ");
              if (!help.endsWith("\nExample:\n  " + example + "\n")) {
                without.add(words);
              }
            });

    assertThat(without).isEmpty();
  }
}
