package dev.taper.cli.demo;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.output.Style;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the demonstration happens: shows each command, runs it and checks how it ends. */
final class Stage {
  private static final Pattern CAT = Pattern.compile("\\$\\(cat ([a-z.]+)\\)");

  private final Console console;
  private final CommandRunner runner;
  private final Path folder;
  private final Style style;
  private boolean asExpected = true;

  Stage(Console console, CommandRunner runner, Path folder) {
    this.console = console;
    this.runner = runner;
    this.folder = folder;
    this.style = Style.out(console);
  }

  /** Says something. */
  void say(String text) {
    console.out().println();
    console.out().println(style.bold(text));
  }

  /**
   * Runs a command.
   *
   * @param expected how it must end
   * @param text what its output must hold
   * @param template its command line, words separated by spaces, each {@code %s} an argument; a
   *     {@code $(cat FILE)} in one becomes the file's text, as a shell would do it
   * @param args the arguments, whole words or parts of them
   */
  void run(ExitCode expected, String text, String template, String... args) {
    run(expected, List.of(text), template, args);
  }

  /** Runs a command whose output must hold several texts. */
  void run(ExitCode expected, List<String> texts, String template, String... args) {
    List<String> command = words(template, args);
    console.out().println("$ taper " + ShellWords.join(command));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int status;
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      status = runner.run(inside(out), command.stream().map(this::expanded).toList());
    }
    String output = bytes.toString(StandardCharsets.UTF_8);
    for (String line : output.lines().toList()) {
      console.out().println("  " + line);
    }
    if (status != expected.status() || !containsAll(output, texts)) {
      asExpected = false;
      console
          .out()
          .println(
              style.bad("UNEXPECTED")
                  + ": exit code "
                  + status
                  + ", expected "
                  + expected.status()
                  + " and the text: "
                  + String.join(", ", texts));
    }
    console.out().flush();
  }

  private String expanded(String arg) {
    return CAT.matcher(arg)
        .replaceAll(found -> Matcher.quoteReplacement(read(found.group(1)).strip()));
  }

  /**
   * Changes a copy of a file as {@code sed} would.
   *
   * @param file the file
   * @param copy where the copy goes
   * @param before what is replaced in it, once; neither a slash nor special to {@code sed}
   * @param after what comes there instead
   */
  void edit(String file, String copy, String before, String after) {
    console.out().println("$ sed 's/" + before + "/" + after + "/' " + file + " > " + copy);
    new Outputs(console.at(folder))
        .file(copy, read(file).replace(before, after).getBytes(StandardCharsets.UTF_8), true, true);
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw CliException.io("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static List<String> words(String template, String... args) {
    List<String> words = new ArrayList<>();
    int next = 0;
    for (String word : template.split(" ", -1)) {
      int place = word.indexOf("%s");
      words.add(place < 0 ? word : word.substring(0, place) + args[next++]);
    }
    return words;
  }

  private static boolean containsAll(String output, List<String> texts) {
    for (String text : texts) {
      if (!output.contains(text)) {
        return false;
      }
    }
    return true;
  }

  /** Whether everything went as expected so far. */
  boolean asExpected() {
    return asExpected;
  }

  private Console inside(PrintStream out) {
    return console.at(folder).with(InputStream.nullInputStream(), out, out);
  }
}
