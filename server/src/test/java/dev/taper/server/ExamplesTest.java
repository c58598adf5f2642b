package dev.taper.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/** Every help ends with an example, and every example is a command line that makes sense. */
class ExamplesTest {
  private static void collect(String words, CommandLine line, Map<String, CommandLine> to) {
    line.getSubcommands()
        .forEach(
            (word, below) -> {
              String name = words.isEmpty() ? word : words + " " + word;
              to.put(name, below);
              collect(name, below, to);
            });
  }

  @TestFactory
  Stream<DynamicTest> example_ofEveryCommand_parsesAndEndsItsHelp() {
    Map<String, CommandLine> commands = new TreeMap<>();
    collect("", Main.commandLine(), commands);
    assertThat(commands).hasSizeGreaterThan(12);
    return commands.entrySet().stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command.getKey(), () -> check(command.getKey(), command.getValue())));
  }

  private static void check(String words, CommandLine line) {
    String example = Objects.requireNonNull(Examples.of(words), "Examples has none of " + words);
    assertThat(line.getUsageMessage().replaceAll("\\s+", " "))
        .endsWith("Example: " + example.strip().replaceAll("\\s+", " ") + " ");
    String[] args = example.replace("\\\n", " ").strip().split("\\s+", -1);
    assertThat(String.join(" ", args)).startsWith("taper " + words);

    CommandLine.ParseResult parsed =
        Main.commandLine().parseArgs(Arrays.copyOfRange(args, 1, args.length));

    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    assertThat(parsed.commandSpec().qualifiedName()).startsWith("taper " + words);
    assertThat(parsed.errors()).isEmpty();
  }
}
