package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.datalog.RunLimits;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits that docs/capacity.md tells are those of the code, and all of them. */
class LimitsDocTest {
  private static final Pattern ROW =
      Pattern.compile(
          "\\| [^|]+ \\| ([0-9,]+)( ms| s| h| d)? \\| [^|]+ \\| (?:-|`([a-z_]+)`) \\| `([\\w.]+)` \\|");

  private static final Pattern TYPE =
      Pattern.compile("(?:class|interface|record|enum) dev\\.taper\\.(?:[a-z]+\\.)*([A-Z][\\w.]*)");

  private static final Pattern CONSTANT =
      Pattern.compile(" static final (?:int|long) (\\w+) = (-?[0-9]+)");

  /** The names of constants that bound something. */
  private static final Pattern BOUND = Pattern.compile("(?:HARD_)?MAX(?:_.*)?|DEFAULT_.*");

  /** Says of a smaller limit's sake what another row says. */
  private static final Set<String> SAID = Set.of("Origin.MAX_BLOCKS");

  @TempDir Path folder;

  private static Object fill(@Nullable Fill fill) {
    return Objects.requireNonNull(fill).capacity();
  }

  private Map<String, Object> inCode() {
    Map<String, Object> all = new HashMap<>();
    DecodeLimits decode = DecodeLimits.DEFAULT;
    all.put("DecodeLimits.DEFAULT.maxBytes", (long) decode.maxBytes());
    all.put("DecodeLimits.DEFAULT.maxBlocks", (long) decode.maxBlocks());
    all.put("DecodeLimits.DEFAULT.maxSymbols", (long) decode.maxSymbols());
    all.put("DecodeLimits.DEFAULT.maxKeys", (long) decode.maxKeys());
    all.put("DecodeLimits.DEFAULT.maxElements", (long) decode.maxElements());
    RunLimits run = RunLimits.defaults();
    all.put("RunLimits.defaults.maxFacts", (long) run.maxFacts());
    all.put("RunLimits.defaults.maxIterations", (long) run.maxIterations());
    all.put("RunLimits.defaults.maxSteps", run.maxSteps());
    all.put("Budget.LONGEST_WINDOW", Budget.LONGEST_WINDOW);
    all.put("AcceptedProofs.Window.MAX", AcceptedProofs.Window.MAX);
    all.put("ApprovalStatement.LONGEST_PATTERNS", ApprovalStatement.LONGEST_PATTERNS);
    all.put("RevocationIssuer.Horizon.DEFAULT_MAX_AGE", RevocationIssuer.Horizon.DEFAULT_MAX_AGE);
    all.put(
        "RevocationIssuer.Horizon.DEFAULT_NEXT_UPDATE",
        RevocationIssuer.Horizon.DEFAULT_NEXT_UPDATE);
    all.put("RevocationHeader.Validity.LONGEST", RevocationHeader.Validity.LONGEST);
    all.put("RevocationList.CLOCK_SKEW", RevocationList.CLOCK_SKEW);
    all.put("ReplayMemory.inFolder", fill(ReplayMemory.inFolder(folder).fill()));
    all.put("ApprovalUses.inMemory", fill(ApprovalUses.inMemory().fill()));
    all.put("ApprovalUses.inFolder", fill(ApprovalUses.inFolder(folder).fill()));
    all.put("Budgets.forThisProcessOnly", fill(Budgets.forThisProcessOnly().fill()));
    all.put("Budgets.inFolder", fill(charged(Budgets.inFolder(folder)).fill()));
    return all;
  }

  /** A folder says how full it is once it has made a counter. */
  private static Budgets charged(Budgets budgets) {
    Budgets.Charge charge = new Budgets.Charge("12".repeat(32), 1, 3, null);
    var unused =
        budgets.charge(
            List.of(charge), MemoryShare.of("user:alice@acme.com", new byte[1]), Instant.EPOCH);
    return budgets;
  }

  /** The numbers that modules publish, by type and name. */
  private static Map<String, Object> published() throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    for (String module :
        new String[] {
          "engine",
          "policies",
          "store",
          "operations",
          "integrations/http",
          "integrations/mcp",
          "integrations/valkey",
          "integrations/kms"
        }) {
      String type = "";
      for (String line : Files.readAllLines(Path.of("..", module, "api.txt"))) {
        Matcher named = TYPE.matcher(line);
        Matcher constant = CONSTANT.matcher(line);
        if (named.find()) {
          type = named.group(1);
        } else if (constant.find()) {
          all.put(type + "." + constant.group(1), Long.parseLong(constant.group(2)));
        }
      }
    }
    return all;
  }

  private static Object value(String number, @Nullable String unit) {
    long value = Long.parseLong(number.replace(",", ""));
    if (unit == null) {
      return value;
    }
    return switch (unit.strip()) {
      case "ms" -> Duration.ofMillis(value);
      case "s" -> Duration.ofSeconds(value);
      case "h" -> Duration.ofHours(value);
      default -> Duration.ofDays(value);
    };
  }

  @Test
  void table_ofLimits_isThatOfTheCode() throws IOException {
    Map<String, Object> known = published();
    Map<String, Object> missing = new LinkedHashMap<>(known);
    known.putAll(inCode());
    Set<String> codes = new HashSet<>();
    Stream.of(ErrorCode.values()).forEach(code -> codes.add(code.text()));
    Stream.of(DenialCode.values()).forEach(code -> codes.add(code.text()));
    int rows = 0;
    for (String line : Files.readAllLines(Path.of("..", "docs", "capacity.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows++;
        assertThat(known).as(line).containsEntry(row.group(4), value(row.group(1), row.group(2)));
        assertThat(row.group(3) == null || codes.contains(row.group(3))).as(line).isTrue();
        missing.remove(row.group(4));
      }
    }
    assertThat(rows).isGreaterThan(60);
    missing.keySet().removeAll(SAID);
    missing
        .keySet()
        .removeIf(name -> !BOUND.matcher(name.substring(name.lastIndexOf('.') + 1)).matches());
    assertThat(missing).as("limits that docs/capacity.md does not tell").isEmpty();
  }

  @Test
  void alerts_ofTheVerifier_areWhatItsHealthHas() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "operating.md"));
    String alerts = page.substring(page.indexOf("## Alerts"), page.indexOf("## Doctor"));
    Set<String> has = new HashSet<>();
    Stream.of(VerifierHealth.class.getMethods()).forEach(method -> has.add(method.getName()));
    Matcher named = Pattern.compile("(?m)^\\| [^|]*?`(\\w+)\\(\\)`").matcher(alerts);
    Set<String> watched = new HashSet<>();
    while (named.find()) {
      watched.add(named.group(1));
    }
    assertThat(watched).hasSizeGreaterThan(7);
    assertThat(has).containsAll(watched);
  }
}
