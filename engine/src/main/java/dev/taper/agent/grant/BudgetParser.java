package dev.taper.agent.grant;

import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads budgets from text. For one text and one thread. */
final class BudgetParser {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 8;
  private static final String DEFAULT_STORE = "default";

  /** Words that would mean something else without quotes. */
  private static final Set<String> WORDS = Set.of("call", "calls", "for", "from", "as", "of");

  private final GrantScanner in;
  private @Nullable String argument;
  private @Nullable String unit;
  private long limit;

  private BudgetParser(String text) {
    this.in = new GrantScanner(text);
  }

  static Budget parse(String text) {
    return new BudgetParser(text).budget();
  }

  private Budget budget() {
    expect("at");
    expect("most");
    amount();
    List<String> tools = in.acceptWord("for") ? tools() : List.of(Budget.EVERY_TOOL);
    Duration window = in.acceptWord("in") ? in.duration() : null;
    String store = in.acceptWord("from") ? in.text() : DEFAULT_STORE;
    String id = in.acceptWord("as") ? in.text() : randomId();
    if (!in.isEnd()) {
      throw in.unexpected("the end, or for TOOLS, in DURATION, from STORE, as ID", null);
    }
    return new Budget(id, store, new TreeSet<>(tools), argument, unit, limit, window);
  }

  private List<String> tools() {
    return in.list(in::text);
  }

  private void expect(String word) {
    if (!in.acceptWord(word)) {
      throw in.unexpected(word, "such as: at most 100 calls, at most 500 EUR of amount in 24h");
    }
  }

  private void amount() {
    String word = in.peek().text();
    if (!GrantText.isInteger(word) && !GrantText.isDecimal(word)) {
      throw in.unexpected("a number", null);
    }
    BigDecimal number = in.decimal();
    if (in.acceptWord("calls") || in.acceptWord("call")) {
      limit = calls(number);
      return;
    }
    unit = in.text();
    expect("of");
    argument = in.text();
    limit = Budget.millionths(number);
  }

  private static long calls(BigDecimal number) {
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw Require.refuse("a number of calls is an integer of 64 bits");
    }
  }

  private static String randomId() {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /** A text as the syntax has it: a word as it is, anything else in quotes. */
  static String quoted(String text) {
    return WORDS.contains(text) ? '"' + text + '"' : GrantText.word(text);
  }
}
