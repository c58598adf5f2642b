package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Terminals;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTest {
  private static final String ESCAPE = "\u001b";

  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    cli.ok("keygen", "--out", "root.key");
    cli.ok("mint", "-k", "root.key", "--block", "a(1)", "--out", "token");
  }

  @Test
  void colours_onlyOnATerminal() {
    assertThat(cli.ok("inspect", "token")).doesNotContain(ESCAPE);
    assertThat(cli.terminals(true, false, true).ok("inspect", "token")).doesNotContain(ESCAPE);
    assertThat(cli.terminals(false, true, false).ok("inspect", "token")).contains(ESCAPE + "[");
    assertThat(cli.ok("inspect", "token", "--json")).doesNotContain(ESCAPE);
    assertThat(cli.run("inspect", "nothing").err()).doesNotContain(ESCAPE);
    assertThat(cli.terminals(false, false, true).run("inspect", "nothing").err()).contains(ESCAPE);
  }

  @ParameterizedTest
  @CsvSource({"NO_COLOR, 1, false", "NO_COLOR, '', true", "TERM, dumb, false", "TERM, xterm, true"})
  void colours_environment_isRespected(String name, String value, boolean coloured) {
    String out = cli.env(name, value).terminals(true, true, true).ok("inspect", "token");

    assertThat(out.contains(ESCAPE)).isEqualTo(coloured);
    assertThat(cli.ok("--help").contains(ESCAPE)).isEqualTo(coloured);
  }

  @Test
  void failure_textOfTheCommandLine_isEscaped() {
    Cli.Result result = cli.run("inspect", "a" + ESCAPE + "[2Jb");

    assertThat(result.err()).contains("a\\u{1b}[2Jb").doesNotContain(ESCAPE);
    assertThat(cli.run("a" + ESCAPE).err()).contains("a\\u{1b}").doesNotContain(ESCAPE);
  }

  @Test
  void failure_debug_addsTheTrace() {
    assertThat(cli.run("inspect", "nothing").err().lines()).hasSize(1);
    assertThat(cli.run("inspect", "nothing", "--debug").err()).contains("\tat dev.taper.cli");
    assertThat(cli.run("--debug", "inspect", "nothing").err()).contains("\tat dev.taper.cli");
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void exitCode_everyCode_isAFailure(ErrorCode code) {
    ExitCode expected =
        switch (code.category()) {
          case FORMAT, SIGNATURE, REQUEST, PROOF, REVOCATION -> ExitCode.INVALID_TOKEN;
          case LANGUAGE -> ExitCode.INVALID_DATALOG;
          case EXECUTION, LIMIT -> ExitCode.DENIED;
          case STORE -> ExitCode.IO;
          case KEY, USAGE -> ExitCode.USAGE;
        };

    assertThat(FailureReport.exit(code)).isEqualTo(expected).isNotEqualTo(ExitCode.OK);
  }

  @Test
  void output_thatCannotBeWritten_isIo() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left on device");
          }
        };
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(full, true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
            Map.of(),
            Clock.systemUTC(),
            Terminals.NONE,
            folder);

    assertThat(new TaperCommandLine(console).run("inspect", "token")).isEqualTo(5);
  }

  @Test
  void input_pipes_areRead() throws Exception {
    String expected = cli.ok("inspect", "token");

    assertThat(pipe(fifo -> cli.ok("inspect", fifo.toString()))).isEqualTo(expected);
    assertThat(
            pipe(
                fifo -> {
                  try (InputStream stream = new FileInputStream(fifo.toFile())) {
                    return cli.stdin(stream).ok("inspect", "-");
                  }
                }))
        .isEqualTo(expected);
  }

  /** Runs something that reads a pipe, into which another process writes the token. */
  private String pipe(ThrowingFunction<Path, String> reader) throws Exception {
    Path fifo = folder.resolve("fifo");
    String script = "rm -f fifo; mkfifo fifo; echo ready; cat token > fifo";
    Process writer = new ProcessBuilder("sh", "-c", script).directory(folder.toFile()).start();
    assertThat(writer.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("ready");
    String result = reader.apply(fifo);
    assertThat(writer.waitFor()).isZero();
    return result;
  }

  @FunctionalInterface
  private interface ThrowingFunction<A, B> {
    B apply(A argument) throws Exception;
  }

  @ParameterizedTest
  @ValueSource(strings = {"VISUAL", "EDITOR"})
  void editor_noBlock_isOpenedOnAPrivateFile(String variable) throws IOException {
    Path script = script("stat -c %a \"$2\" > seen; echo \"$1 $2\" >> seen; echo 'b(2);' > \"$2\"");
    cli.terminals(true, true, true).env(variable, script + " --wait");

    String token = cli.ok("attenuate", "token");

    cli.file("narrowed", token);
    assertThat(cli.terminals(false, false, false).ok("inspect", "narrowed")).contains("b(2);");
    String[] seen = cli.read("seen").strip().split("[ \n]", -1);
    assertThat(seen[0]).isEqualTo("600");
    assertThat(seen[1]).isEqualTo("--wait");
    assertThat(Path.of(seen[2])).doesNotExist();
  }

  @Test
  void editor_fails_isIoAndDeletesTheFile() throws IOException {
    Path script = script("echo \"$1\" > seen; exit 3");
    cli.terminals(true, true, true).env("EDITOR", script.toString());

    Cli.Result result = cli.run("mint", "-k", "root.key");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).contains("status 3");
    assertThat(Path.of(cli.read("seen").strip())).doesNotExist();
  }

  @Test
  void editor_cannotBeStarted_isIo() {
    cli.terminals(true, true, true).env("EDITOR", "no-such-editor-anywhere");

    assertThat(cli.run("mint", "-k", "root.key").exit()).isEqualTo(5);
  }

  @Test
  void editor_noTerminalOrNoVariable_isUsage() {
    assertThat(cli.run("attenuate", "token").exit()).isEqualTo(2);
    assertThat(cli.terminals(true, true, true).run("attenuate", "token").err()).contains("EDITOR");
  }

  private Path script(String body) throws IOException {
    Path script = folder.resolve("editor.sh");
    Files.writeString(script, "#!/bin/sh\ncd '" + folder + "'\n" + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }
}
