package dev.taper.cli.demo;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Outputs;
import dev.taper.testvectors.ExpectedDecision;
import dev.taper.testvectors.Vector;
import dev.taper.testvectors.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells stories with real commands, in a folder of their own. */
public final class DemoService {
  private static final String FOREIGN_TOKEN = "research_agents.bc";

  private final Console console;
  private final CommandRunner runner;

  /**
   * Tells it in the given console.
   *
   * @param console where
   * @param runner runs the commands
   */
  public DemoService(Console console, CommandRunner runner) {
    this.console = console;
    this.runner = runner;
  }

  /**
   * Tells who let whom do what, what that allows, and how the rest is refused.
   *
   * @param directory a folder that is empty or does not exist, or null for a temporary one
   * @return {@link ExitCode#OK} if everything went as it must
   */
  public ExitCode run(@Nullable String directory) {
    return tell(
        folder(directory),
        (stage, files) -> {
          new DelegationStory(stage, files).tell();
          foreign(stage, files);
        });
  }

  /**
   * Tells how a grant that waits is activated and ends, and what is left to read and to review.
   *
   * @param directory as for {@link #run}
   * @return {@link ExitCode#OK} if everything went as it must
   */
  public ExitCode runLifecycle(@Nullable String directory) {
    Path folder = folder(directory);
    return tell(
        folder,
        (stage, files) -> {
          LifecycleStory.tell(stage, files);
          stage.say("To be read in a browser:");
          for (String page : List.of(LifecycleStory.TRAIL, LifecycleStory.REVIEW)) {
            console.out().println("  " + folder.resolve(page));
          }
        });
  }

  private ExitCode tell(Path folder, BiConsumer<Stage, Outputs> story) {
    console.out().println("Taper, offline, in " + folder);
    console
        .out()
        .println("Repeat any step by hand: cd " + ShellWords.join(List.of(folder.toString())));
    Stage stage = new Stage(console, runner, folder);
    story.accept(stage, new Outputs(console.at(folder)));
    stage.say(stage.asExpected() ? "Everything went as it must." : "Something went wrong.");
    return stage.asExpected() ? ExitCode.OK : ExitCode.DENIED;
  }

  private static void foreign(Stage stage, Outputs files) {
    stage.say("10. A plain token made by biscuit-java, with the verdicts that biscuit-java gave.");
    Vectors vectors = Vectors.biscuitJava();
    Vector vector = vectors.get(FOREIGN_TOKEN);
    files.file(FOREIGN_TOKEN, vectors.token(FOREIGN_TOKEN), true, true);
    DelegationStory.write(files, "biscuit-java.pub", vectors.rootPublicKey() + "\n");
    String[] names = {"read a note", "write a note"};
    for (String name : names) {
      Vector.Validation validation = vector.validation(name);
      String policy = name.replace(' ', '-') + ".datalog";
      DelegationStory.write(files, policy, validation.authorizerCode());
      ExpectedDecision.Code outcome = validation.expected().code();
      boolean allowed = outcome == ExpectedDecision.Code.ALLOWED;
      String text = allowed ? "ALLOWED" : outcome.name().toLowerCase(Locale.ROOT);
      stage.run(
          allowed ? ExitCode.OK : ExitCode.DENIED,
          text,
          "authorize --raw-input %s --public-key biscuit-java.pub --time none --policy %s",
          FOREIGN_TOKEN,
          policy);
    }
  }

  private Path folder(@Nullable String directory) {
    try {
      if (directory == null) {
        return Files.createTempDirectory("taper-demo-");
      }
      Path folder = console.resolve(directory);
      Outputs.privateFolder(folder);
      try (Stream<Path> content = Files.list(folder)) {
        if (content.findAny().isPresent()) {
          throw CliException.usage("the folder for the demonstration is not empty: " + directory);
        }
      }
      return folder.toAbsolutePath();
    } catch (IOException e) {
      throw CliException.io("cannot make the folder: " + e.getMessage(), e);
    }
  }
}
