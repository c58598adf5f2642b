package dev.taper.server.keeper;

import dev.taper.DaemonThreads;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that asks the user in a window, as {@code ssh-askpass} does: it gets the question as
 * its argument, of several lines. It ends with 0 and prints nothing, or {@code yes}, for a yes; if
 * not everything is shown, it prints what the user typed: the beginning of the digest. Thread-safe.
 */
final class ConfirmationProgram implements Confirmation.Asking {
  private static final Logger LOG = LoggerFactory.getLogger(ConfirmationProgram.class);
  private static final int MAX_BYTES = 4096;

  private final Path program;

  ConfirmationProgram(Path program) {
    this.program = program;
  }

  @Override
  public boolean isAllowed(Question question, Duration patience) throws InterruptedException {
    String digest = question.accepted();
    if (digest != null) {
      String typed =
          ask(
              question
                  + "\nType the first "
                  + digest.length()
                  + " digits of the digest to allow it unseen:",
              patience,
              false);
      return typed != null && typed.strip().equals(digest);
    }
    String answer = ask(question.toString(), patience, true);
    return answer != null && (answer.isBlank() || answer.strip().equalsIgnoreCase("yes"));
  }

  /**
   * Asks for a secret.
   *
   * @throws OperationException {@code usage} if there is none
   */
  char[] secret(String prompt, Duration patience) throws InterruptedException {
    String answer = ask(prompt, patience, false);
    String line = answer == null ? "" : answer.lines().findFirst().orElse("");
    if (line.isEmpty()) {
      throw OperationException.usage("the program " + program + " gave no passphrase");
    }
    return line.toCharArray();
  }

  /** What the program printed; null unless it ended well. */
  private @Nullable String ask(String question, Duration patience, boolean confirms)
      throws InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(program.toString(), question)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().remove("SSH_ASKPASS_PROMPT");
    if (confirms) {
      builder.environment().put("SSH_ASKPASS_PROMPT", "confirm");
    }
    Process process;
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      LOG.warn("the program that asks the user cannot be started: {}", e.getMessage());
      return null;
    }
    AtomicReference<String> printed = new AtomicReference<>("");
    Thread reader =
        DaemonThreads.start("askpass", () -> printed.set(text(process.getInputStream())));
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return null;
      }
      reader.join(patience.toMillis());
      return process.exitValue() == 0 ? printed.get() : null;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** The little that the program prints while it runs. */
  private static String text(InputStream from) {
    try (from) {
      byte[] bytes = from.readNBytes(MAX_BYTES + 1);
      // What is longer than any answer is none.
      return bytes.length > MAX_BYTES ? "too long" : new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "unreadable";
    }
  }
}
