package dev.taper.cli.conformance;

import dev.taper.JsonFields;
import dev.taper.cli.conformance.TestCase.Validation;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Json;
import dev.taper.cli.io.Source;
import dev.taper.cli.output.Progress;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.operations.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs files of test cases and reports what differs. */
public final class ConformanceService {
  private final Console console;
  private final Inputs inputs;
  private final List<String> failures = new ArrayList<>();
  private int passed;
  private int failed;

  /** Works in the given console. */
  public ConformanceService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
  }

  /**
   * Runs all cases of all files.
   *
   * @param files the files; token files lie beside them
   * @param json whether JSON is wanted
   * @return {@link ExitCode#OK} if nothing failed
   */
  public ExitCode run(List<String> files, boolean json) {
    try (Progress progress = Progress.of(console, "test cases", json)) {
      for (String file : files) {
        byte[] cases = inputs.bytes(new Source.File(file), InputKind.TEST_CASES);
        for (TestCase testCase : TestFile.read(Place.shown(file), cases)) {
          run(console.resolve(file), testCase);
          progress.at(passed + failed);
        }
      }
    }
    print(json);
    return failed == 0 && passed > 0 ? ExitCode.OK : ExitCode.DENIED;
  }

  private void print(boolean json) {
    if (json) {
      Json.result(
          console.out(),
          new JsonFields().put("passed", passed).put("failed", failed).put("failures", failures));
      return;
    }
    failures.forEach(failure -> console.out().println(SafeText.line("FAILED " + failure)));
    Style style = Style.out(console);
    String summary = passed + " passed, " + failed + " failed";
    console.out().println(failed == 0 ? style.good(summary) : style.bad(summary));
  }

  private void run(Path file, TestCase testCase) {
    CaseRunner runner = CaseRunner.verify(testCase, token(file, testCase.filename()));
    for (Validation validation : testCase.validations()) {
      List<Mismatch> mismatches = runner.run(validation);
      if (mismatches.isEmpty()) {
        passed++;
      } else {
        failed++;
        report(testCase.filename(), validation.name(), mismatches);
      }
    }
  }

  private void report(String filename, String validation, List<Mismatch> mismatches) {
    String name = validation.isEmpty() ? filename : filename + " [" + validation + "]";
    for (Mismatch mismatch : mismatches) {
      failures.add(name + " " + mismatch);
    }
  }

  /** Reads a token file; its name comes from the cases, so it must not lead out of their folder. */
  private byte[] token(Path file, String name) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null) {
        throw outside(name);
      }
      Path token = folder.resolve(name).normalize();
      if (!token.startsWith(folder.normalize())) {
        throw outside(name);
      }
      if (Files.exists(token) && !token.toRealPath().startsWith(folder.toRealPath())) {
        throw outside(name);
      }
      return inputs.bytes(new Source.File(token.toString()), InputKind.TOKEN);
    } catch (InvalidPathException e) {
      throw outside(name);
    } catch (IOException e) {
      throw CliException.io("cannot read " + Place.shown(name) + ": " + e.getMessage(), e);
    }
  }

  private static CliException outside(String name) {
    return CliException.io(
        "the token file '" + Place.shown(name) + "' is not in the folder of its test cases", null);
  }
}
