package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that a call is refused with a code, and that its message can be shown as it is. */
public final class Refused {
  private Refused() {}

  /** Runs the call, which must be refused with a part of a message; gives the whole message. */
  public static String with(ErrorCode code, String part, ThrowingCallable call) {
    with(code, call);
    String message = String.valueOf(catchThrowable(call).getMessage());
    org.assertj.core.api.Assertions.assertThat(message).contains(part);
    return message;
  }

  /** Runs the call, which must be refused. */
  public static void with(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> {
              org.assertj.core.api.Assertions.assertThat(e.code()).isEqualTo(code);
              org.assertj.core.api.Assertions.assertThat(e.getMessage())
                  .isNotBlank()
                  .doesNotContainPattern("\\p{Cntrl}|\\p{Cf}");
            });
  }
}
