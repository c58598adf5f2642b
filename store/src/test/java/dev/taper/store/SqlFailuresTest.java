package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class SqlFailuresTest {
  private static TaperException failure(SQLiteErrorCode code) {
    return SqlFailures.exception(
        "sqlite:service.db", new SQLiteException("[" + code + "] I/O error within xShmMap", code));
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE"})
  void exception_noRoom_asksWhetherTheDiskIsFull(SQLiteErrorCode code) {
    TaperException e = failure(code);

    assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
    assertThat(e).hasMessageEndingWith("xShmMap; is its disk full?");
  }

  @Test
  void exception_other_saysNothingOfTheDisk() {
    assertThat(failure(SQLiteErrorCode.SQLITE_BUSY)).hasMessageEndingWith("within xShmMap");
  }
}
