package dev.taper.datalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OriginTest {
  private static void assertRefused(ThrowingCallable call) {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void of_blocks_areThose() {
    Origin origin = Origin.of(List.of(2, 0, 61, 2));
    assertThat(origin.blocks()).containsExactly(0, 2, 61);
    assertThat(origin.authorizer()).isFalse();
    assertThat(origin.service()).isFalse();
    assertThat(origin).hasToString("0, 2, 61").isEqualTo(new Origin(5 | 1L << 61));
    assertThatThrownBy(() -> origin.blocks().add(1))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void of_noneOrOutOfRange_isRefused() {
    assertRefused(() -> Origin.of(List.of()));
    assertRefused(() -> Origin.of(List.of(-1)));
    assertRefused(() -> Origin.of(List.of(0, 63)));
    assertRefused(() -> new Origin(0));
  }

  /** A shift takes its distance modulo 64: no other number may stand for a block. */
  @Test
  void contains_number_isTrueForThoseThatTakePart() {
    Origin all = new Origin(-1);
    assertThat(all.contains(0)).isTrue();
    assertThat(all.contains(Origin.AUTHORIZER)).isTrue();
    assertThat(all.contains(63)).isFalse();
    assertThat(all.contains(64)).isFalse();
    assertThat(all.contains(-1)).isFalse();
    assertThat(Origin.of(List.of(1)).contains(0)).isFalse();
    assertThat(Origin.of(List.of(1)).contains(1)).isTrue();
  }

  @Test
  void authorizerAndService_areNoBlocks() {
    Origin authorizer = Origin.of(List.of(Origin.AUTHORIZER));
    assertThat(authorizer.authorizer()).isTrue();
    assertThat(authorizer.service()).isFalse();
    assertThat(authorizer.blocks()).isEmpty();
    assertThat(authorizer).hasToString("authorizer");

    Origin service = new Origin(Origin.SERVICE_BIT);
    assertThat(service.service()).isTrue();
    assertThat(service.authorizer()).isFalse();
    assertThat(service.blocks()).isEmpty();
    assertThat(service).hasToString("service");

    assertThat(new Origin(5 | Origin.AUTHORIZER_BIT | Origin.SERVICE_BIT))
        .hasToString("0, 2, authorizer, service");
  }
}
