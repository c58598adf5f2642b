package dev.taper.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is told to somebody who typed something wrong. */
class FailureReportTest {
  @Command(name = "guard")
  static final class Starts implements Runnable {
    @Option(names = "--config", paramLabel = "FILE")
    String config = "";

    @Parameters(paramLabel = "COMMAND...")
    List<String> command = List.of();

    @Override
    public void run() {}
  }

  @Command(name = "taper", subcommands = Starts.class)
  static final class Root {}

  private static String told(String... arguments) {
    StringWriter told = new StringWriter();
    FailureReport report = new FailureReport();
    int status =
        new CommandLine(new Root())
            .setErr(new PrintWriter(told, true))
            .setExecutionExceptionHandler(report)
            .setParameterExceptionHandler(report)
            .execute(arguments);
    assertThat(status).isEqualTo(FailureReport.USAGE);
    return told.toString();
  }

  @Test
  void misspelt_namesWhatItIsLike() {
    assertThat(told("gaurd")).contains("unknown option or command: gaurd; did you mean guard?");
    assertThat(told("guard", "--confg", "a")).contains("did you mean --config?");
  }

  @Test
  void serversOption_beforeTheDashes_saysWhereItStands() {
    assertThat(told("guard", "npx", "-y", "server"))
        .contains("-y; the command of a server stands behind --");
  }

  @Test
  void file_thatCannotBeRead_saysWhy() {
    Path file = Path.of("a.token");
    assertThat(FileReason.unreadable(file, new NoSuchFileException("a.token")))
        .hasMessage("cannot read a.token: there is no such file");
    assertThat(FileReason.unreadable(file, new AccessDeniedException("a.token")))
        .hasMessage("cannot read a.token: permission denied");
  }
}
