package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.datalog.Block;
import dev.taper.datalog.Term;
import dev.taper.wire.BlockDecoder;
import dev.taper.wire.BlockEncoder;
import dev.taper.wire.TokenTables;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A hop should cost little on the wire. */
class HopSizeTest {
  private static final Instant END = Instant.parse("2026-11-24T13:00:00Z");

  private static Block block(String holder, String grant, Instant end) {
    return Block.builder()
        .fact("holder", new Term.Str(holder))
        .check(Grants.parse(grant).check())
        .check(Condition.expires(end).check())
        .build();
  }

  private static Block authority() {
    return block("agent:planner", "jira.* read on jira:project/ACME/", END).toBuilder()
        .context("taper/1")
        .fact("delegator", new Term.Str("user:alice@acme.com"))
        .fact("task", new Term.Str("T-4711"))
        .build();
  }

  /**
   * The structure takes 101 bytes; each string that is new in the chain its length and two more.
   */
  @Test
  void encode_toolPrefixAndExpiry_writesNoSymbolsButItsOwnNames() {
    TokenTables tables = new TokenTables();
    BlockEncoder.encode(authority(), tables);
    Block hop =
        block("agent:researcher", "jira.search on jira:project/ACME/Q3/", END.minusSeconds(60));
    byte[] payload = BlockEncoder.encode(hop, tables);
    assertThat(payload).hasSize(101 + (16 + 2) + (11 + 2) + (21 + 2));

    TokenTables read = new TokenTables();
    BlockDecoder.decode(
        BlockEncoder.encode(authority(), new TokenTables()), 0, null, read, DecodeLimits.DEFAULT);
    Block.Decoded decoded = BlockDecoder.decode(payload, 1, null, read, DecodeLimits.DEFAULT);
    assertThat(decoded.block()).isEqualTo(hop);
    assertThat(decoded.symbols())
        .isEqualTo(List.of("agent:researcher", "jira.search", "jira:project/ACME/Q3/"));
    assertThat(decoded.version()).isEqualTo(3);
  }

  @Test
  void encode_namesOfAnEarlierBlock_areNotWrittenAgain() {
    TokenTables tables = new TokenTables();
    BlockEncoder.encode(authority(), tables);
    String grant = "jira.search on jira:project/ACME/Q3/";
    BlockEncoder.encode(block("agent:researcher", grant, END), tables);
    byte[] payload = BlockEncoder.encode(block("agent:scraper", grant, END), tables);
    assertThat(payload).hasSize(101 + 13 + 2);
  }
}
