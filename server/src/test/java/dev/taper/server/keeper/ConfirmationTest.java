package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfirmationTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Pattern NUMBER = Pattern.compile("type (\\d{3}) to allow");
  private static final Executor THREADS = task -> new Thread(task).start();

  private static final Question QUESTION = Question.of("a", Question.shown("sign"));
  private static final Question UNSEEN =
      Question.of("a", Question.shown("pay" + " as agreed".repeat(1000)));

  private final StringWriter shown = new StringWriter();

  private CompletableFuture<Boolean> ask(TerminalQuestions terminal, Duration patience) {
    return ask(terminal, QUESTION, patience);
  }

  private CompletableFuture<Boolean> ask(
      TerminalQuestions terminal, Question question, Duration patience) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return terminal.isAllowed(question, patience);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        THREADS);
  }

  /** The number of the n-th question, once it is shown. */
  private String number(int n) throws InterruptedException {
    for (int tries = 0; tries < 6000; tries++) {
      Matcher found = NUMBER.matcher(shown.toString());
      String number = "";
      int count = 0;
      while (count < n && found.find()) {
        number = found.group(1);
        count++;
      }
      if (count == n) {
        return number;
      }
      Thread.sleep(10);
    }
    throw new AssertionError(shown);
  }

  @Test
  void terminal_theNumberOfTheQuestion_isTheOnlyYes() throws Exception {
    try (PipedWriter typed = new PipedWriter()) {
      TerminalQuestions terminal =
          new TerminalQuestions(new PipedReader(typed), new PrintWriter(shown));
      CompletableFuture<Boolean> first = ask(terminal, LONG);
      type(typed, number(1));
      assertThat(first.get()).isTrue();
      CompletableFuture<Boolean> second = ask(terminal, LONG);
      assertThat(number(2)).isNotNull();
      type(typed, "yes");
      assertThat(second.get()).isFalse();
      assertThat(ask(terminal, SHORT).get()).as("without an answer").isFalse();
      type(typed, number(3)); // too late
      Thread.sleep(50);
      assertThat(ask(terminal, SHORT).get()).as("an answer to another question").isFalse();
    }
  }

  /** The number of a question is typed by habit; a digest is not. */
  @Test
  void terminal_whatIsNotShownWhole_takesTheDigestAlone() throws Exception {
    String digits = String.valueOf(UNSEEN.accepted());
    assertThat(UNSEEN.lines()).anyMatch(line -> line.startsWith("  digest      " + digits));
    try (PipedWriter typed = new PipedWriter()) {
      TerminalQuestions terminal =
          new TerminalQuestions(new PipedReader(typed), new PrintWriter(shown));
      for (String answer : List.of("yes", "", digits.substring(1), digits)) {
        int before = count("allow it unseen");
        CompletableFuture<Boolean> asked = ask(terminal, UNSEEN, LONG);
        while (count("allow it unseen") == before) {
          Thread.onSpinWait();
        }
        type(typed, answer);
        assertThat(asked.get()).as(answer).isEqualTo(answer.equals(digits));
      }
      assertThat(shown.toString()).doesNotContainPattern(NUMBER);
    }
  }

  private int count(String words) {
    return shown.toString().split(words, -1).length;
  }

  @Test
  void program_whatIsNotShownWhole_takesTheDigestAlone(@TempDir Path folder) throws Exception {
    assertThat(answer(folder, UNSEEN, "habit", "exit 0")).isFalse();
    assertThat(answer(folder, UNSEEN, "yes", "echo yes")).isFalse();
    assertThat(answer(folder, UNSEEN, "digest", "echo " + UNSEEN.accepted())).isTrue();
    assertThat(answer(folder, UNSEEN, "asks", "test -z \"$SSH_ASKPASS_PROMPT\" && echo x"))
        .isFalse();
    assertThat(Files.readString(folder.resolve("questions")))
        .contains("digest      " + UNSEEN.accepted())
        .contains("Type the first 8 digits of the digest to allow it unseen:");
  }

  private static void type(PipedWriter typed, String line) throws IOException {
    typed.write(line + "\n");
    typed.flush();
  }

  @Test
  void program_saysYesByEndingWell_andNothingElse(@TempDir Path folder) throws Exception {
    assertThat(answer(folder, "yes", "exit 0")).isTrue();
    assertThat(answer(folder, "word", "echo yes")).isTrue();
    assertThat(answer(folder, "no", "exit 1")).isFalse();
    assertThat(answer(folder, "other", "echo no")).isFalse();
    assertThat(answer(folder, "flood", "head -c 100000 /dev/zero")).isFalse();
    assertThat(answer(folder, "hangs", "sleep 30")).isFalse();
    assertThat(new ConfirmationProgram(folder.resolve("none")).isAllowed(QUESTION, SHORT))
        .isFalse();
  }

  private static boolean answer(Path folder, String name, String body) throws Exception {
    return answer(folder, QUESTION, name, body);
  }

  private static boolean answer(Path folder, Question question, String name, String body)
      throws Exception {
    Path program = RunningKeeper.program(folder, name, body);
    Duration patience = name.equals("hangs") ? SHORT : LONG;
    return new ConfirmationProgram(program).isAllowed(question, patience);
  }

  @Test
  void require_tooManyAtOnce_isBusy() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    Confirmation confirmation =
        new Confirmation(
            (question, patience) -> {
              answered.await();
              return true;
            },
            LONG);
    List<CompletableFuture<String>> asking = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      asking.add(CompletableFuture.supplyAsync(() -> code(confirmation), THREADS));
    }
    // There is room for eight, so one of nine is told at once, whichever comes last.
    Object first = CompletableFuture.anyOf(asking.toArray(CompletableFuture<?>[]::new)).get();
    assertThat(first).isEqualTo("busy");
    answered.countDown();
    List<String> codes = new ArrayList<>();
    for (CompletableFuture<String> one : asking) {
      codes.add(one.get());
    }
    assertThat(codes).containsOnlyOnce("busy");
  }

  private static String code(Confirmation confirmation) {
    try {
      confirmation.require(QUESTION);
      return "allowed";
    } catch (KeeperRefusal e) {
      return e.code();
    }
  }

  @Test
  void require_nobody_isRefused() {
    assertThatThrownBy(() -> Confirmation.ofNobody().require(QUESTION))
        .isInstanceOf(KeeperRefusal.class)
        .extracting(e -> ((KeeperRefusal) e).code())
        .isEqualTo("confirm_refused");
  }
}
