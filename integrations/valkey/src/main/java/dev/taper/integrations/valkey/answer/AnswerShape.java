package dev.taper.integrations.valkey.answer;

import io.netty.buffer.ByteBuf;

/**
 * Looks at what a server sends, as it comes, whether it is made of answers: none may say that it
 * has more values than any answer has. Whoever reads one makes room for as many as a few bytes say,
 * before there is one of them. Of one connection, and for one thread at a time.
 */
public final class AnswerShape {
  private static final int MOST_DIGITS = 10;
  private static final String LINES = "+-:_#,(";
  private static final String TEXTS = "$!=";
  private static final String LISTS = "*%~>";

  private final int mostValues;
  private long awaited; // values of the answer that have not begun
  private int begun; // values of the answer
  private int kind; // of the value whose first line is read; 0 before its first byte
  private boolean negative;
  private int digits;
  private long number;
  private int last;
  private long passed; // bytes of a text, and its end, that are still to come

  /**
   * Nothing was sent yet.
   *
   * @param mostValues the most values that an answer has, those inside others too
   */
  public AnswerShape(int mostValues) {
    this.mostValues = mostValues;
  }

  /**
   * Looks at what comes next, and takes nothing out of it.
   *
   * @return false if that is no part of an answer; no more is looked at then
   */
  public boolean takes(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (passed > 0) {
        int pass = (int) Math.min(passed, end - at);
        passed -= pass;
        at += pass;
      } else if (!take(bytes.getUnsignedByte(at++))) {
        return false;
      }
    }
    return true;
  }

  private boolean take(int next) {
    if (kind == 0) {
      return begin(next);
    }
    boolean isSized = LINES.indexOf(kind) < 0;
    boolean isTaken;
    if (next == '\n') {
      return last == '\r' && end();
    } else if (next == '\r') {
      isTaken = !isSized || last != '\r'; // readers take all before the last one for digits
    } else if (!isSized) {
      isTaken = kind != '#' || ++digits == 1; // readers take no more of it, whatever is there
    } else if (next == '-') {
      isTaken = last == 0;
      negative = true;
    } else {
      isTaken = next >= '0' && next <= '9' && ++digits <= MOST_DIGITS && last != '\r';
      number = 10 * number + (next - '0');
    }
    last = next;
    return isTaken;
  }

  private boolean begin(int first) {
    if (awaited == 0) {
      awaited = 1;
      begun = 0;
    }
    awaited--;
    kind = first;
    negative = false;
    digits = 0;
    number = 0;
    last = 0;
    return ++begun <= mostValues && (LINES + TEXTS + LISTS).indexOf(first) >= 0;
  }

  /** Takes the end of a value's first line. */
  private boolean end() {
    int was = kind;
    kind = 0;
    if (LINES.indexOf(was) >= 0) {
      return true;
    }
    if (digits == 0 || (negative && number != 1)) {
      return false;
    }
    if (negative) {
      return true; // nothing instead of a text or a list
    }
    if (TEXTS.indexOf(was) >= 0) {
      passed = number + 2;
      return passed <= Integer.MAX_VALUE; // readers take longer ones for others
    }
    awaited += was == '%' ? 2 * number : number;
    return awaited <= mostValues;
  }
}
