package dev.taper.server.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** What failed is said in words, whatever class it has. */
class FailureWordsTest {
  @Test
  void words_ofAFailure_areItsSentencesAndThoseOfItsCauses() {
    Exception full = new IOException("No space left on device");
    assertThat(
            FailureWords.of(
                new TaperException(ErrorCode.AUDIT_UNAVAILABLE, "cannot be written", full)))
        .isEqualTo("cannot be written: No space left on device");
    assertThat(
            FailureWords.of(
                OperationException.io(
                    "cannot read list.bin: NoSuchFileException: list.bin",
                    new NoSuchFileException("list.bin"))))
        .isEqualTo("cannot read list.bin: there is no such file: list.bin");
    assertThat(FailureWords.of(OperationException.io("cannot ask", new ConnectException())))
        .isEqualTo("cannot ask: nobody answers");
  }

  @Test
  void words_neverNameAClass() {
    for (Throwable failure :
        new Throwable[] {
          OperationException.io("cannot read x: java.io.EOFException", null),
          OperationException.io("cannot read x: dev.taper.Outer$InnerException: oh", null),
          OperationException.io("x", new IllegalStateException("made for programs")),
          new IOException(),
          new ConnectException()
        }) {
      assertThat(FailureWords.of(failure))
          .doesNotContain("Exception", "java.", "dev.taper", "made for programs")
          .isNotBlank();
    }
    assertThat(FailureWords.of(new IOException("a\nb\u202e"))).isEqualTo("a\\nb\\u{202e}");
    assertThat(FailureWords.of(new IOException("Error 7"))).isEqualTo("Error 7");
  }
}
