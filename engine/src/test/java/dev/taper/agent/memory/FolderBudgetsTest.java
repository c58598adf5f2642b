package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderBudgetsTest extends SharedBudgetsContract {
  private static final Charge CHARGE = new Charge("a".repeat(64), 1, 1, null);

  @TempDir private Path parent;

  /** Opens it in another process. */
  public static final class Opener implements ContractClaims.Opener {
    @Override
    public ContractClaims.Claimer open(String address) {
      return claimer(FolderBudgets.in(Path.of(address)));
    }
  }

  private Path folder() {
    return parent.resolve("used");
  }

  @Override
  protected Budgets open(int capacity) {
    return FolderBudgets.in(folder(), capacity);
  }

  @Override
  protected List<String> elsewhere() {
    return List.of(Opener.class.getName(), folder().toString());
  }

  @Override
  protected int callsOfThread() {
    return 100;
  }

  @Test
  void charge_newFolder_onlyItsOwnerCanEnter() throws IOException {
    open(10).charge(List.of(CHARGE), SHARE, NOON);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
        .isEqualTo("rwx------");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "something else",
        "taper/1 budget a b 0",
        "taper/1 budget a b 0 0 0 x",
        "taper/1 budget a b 0 0 0",
        "taper/1 budget a b 0 0 1 1",
        "taper/1 budget a b 0 0 0 -1",
        "taper/1 budget a b 0 61 1 1",
        "taper/1 budget a b 60000 -1 1 1",
      })
  void charge_damagedCounter_isRefused(String contents) throws IOException {
    Budgets budgets = open(10);
    budgets.charge(List.of(CHARGE), SHARE, NOON);
    Files.writeString(folder().resolve("budgets").resolve(CHARGE.counter()), contents);

    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.charge(List.of(CHARGE), SHARE, NOON));
  }

  @Test
  void charge_folderThatCannotBeMade_isUnavailable() throws IOException {
    Files.writeString(folder(), "a file");

    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> open(10).charge(List.of(CHARGE), SHARE, NOON));
  }

  @Test
  void fill_afterACharge_isKnown() {
    Budgets budgets = open(10);
    assertThat(budgets.fill()).isNull();
    budgets.charge(List.of(CHARGE), SHARE, NOON);

    assertThat(budgets.fill()).isEqualTo(new Fill(1, 10));
  }
}
