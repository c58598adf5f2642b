package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

/** How much is read at once. */
class ReadingRoomTest {
  private static final int MOST = 64 * 1024;

  private final ReadingRoom room = new ReadingRoom(MOST);

  private boolean hasRoom(int bytes) {
    return room.during(bytes, () -> {});
  }

  @Test
  void contents_takeTheirBytes_asLongAsTheyAreRead() {
    boolean was =
        room.during(
            MOST / 2,
            () -> {
              assertThat(hasRoom(MOST / 2)).isFalse();
              assertThat(hasRoom(MOST / 4)).isTrue();
              assertThat(hasRoom(0)).isTrue();
            });
    assertThat(was).isTrue();
    assertThat(hasRoom(MOST / 2)).isTrue();
  }

  @Test
  void longestContent_hasRoomAlone() {
    assertThat(room.during(100 * MOST, () -> assertThat(hasRoom(0)).isFalse())).isTrue();
    assertThat(hasRoom(MOST)).isTrue();
  }

  @Test
  void workThatFails_leavesItsRoom() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                room.during(
                    MOST,
                    () -> {
                      throw new IllegalStateException();
                    }));
    assertThat(hasRoom(MOST)).isTrue();
  }
}
