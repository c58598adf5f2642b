package dev.taper.assurance;

import static dev.taper.assurance.Laws.read;
import static dev.taper.assurance.Laws.same;

import dev.taper.ErrorCode;
import dev.taper.ErrorCode.Category;
import dev.taper.integrations.valkey.answer.AnswerShape;
import dev.taper.integrations.valkey.answer.ServerState;
import dev.taper.integrations.valkey.answer.StoreNote;
import dev.taper.integrations.valkey.answer.StoreReply;
import dev.taper.revocation.RevocationList;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a Valkey server says, which may be hostile: answers of scripts, as it sends them, and what
 * it says of itself and of a store. Each ends with a value or with the one code.
 */
final class ValkeyReaders {
  private static final List<String> MEMORIES = List.of("proofs", "budgets", "approvals");
  private static final int CHARGES = 3;
  private static final int MAX_DEPTH = 4;
  private static final int MAX_ITEMS = 64;
  private static final long MANY = 1L << 52;
  private static final int MOST_VALUES = 100;

  private ValkeyReaders() {}

  /** An answer to a claim. */
  static boolean claim(byte[] input) {
    StoreReply reply = reply(input);
    if (reply == null) {
      return false;
    }
    Optional<String> word = told(reply::word);
    Optional<Long> sequence = told(reply::sequence);
    Optional<String> doubt = told(() -> String.valueOf(reply.doubt(MEMORIES)));
    told(() -> reply.text(3));
    told(() -> reply.rest(2).length);
    told(() -> reply.numbers(2).size());
    told(() -> reply.place(2, CHARGES))
        .ifPresent(place -> same("a place is one", true, place >= 0 && place < CHARGES));
    if (word.isEmpty()) {
      same("nothing is told by an answer without a word", true, sequence.isEmpty());
    }
    return sequence.isPresent() && doubt.isPresent();
  }

  /** What a server sends, whole, in two parts, and byte by byte. */
  static boolean answer(byte[] input) {
    boolean taken = isTaken(input, Math.max(1, input.length));
    same("however it is cut", taken, isTaken(input, Math.max(1, input.length / 2)));
    same("however it is cut", taken, isTaken(input, 1));
    Resp resp = new Resp(input);
    Object value = resp.next(0);
    boolean isAnswer = resp.isWhole() && count(value) <= MOST_VALUES;
    if (isAnswer) {
      same("an answer as servers send it", true, taken);
      byte[] twice = Arrays.copyOf(input, 2 * input.length);
      System.arraycopy(input, 0, twice, input.length, input.length);
      same("one after the other", true, isTaken(twice, Math.max(1, input.length - 1)));
    }
    return isAnswer;
  }

  private static boolean isTaken(byte[] input, int step) {
    AnswerShape shape = new AnswerShape(MOST_VALUES);
    for (int at = 0; at < input.length; at += step) {
      ByteBuf part = Unpooled.wrappedBuffer(input, at, Math.min(step, input.length - at));
      boolean taken = shape.takes(part);
      same("nothing is taken out", 0, part.readerIndex());
      if (!taken) {
        return false;
      }
    }
    return true;
  }

  private static int count(@Nullable Object value) {
    int count = 1;
    if (value instanceof List<?> list) {
      for (Object item : list) {
        count += count(item);
      }
    }
    return count;
  }

  /** An answer with lists, which are read as a verifier does. */
  static boolean lists(byte[] input) {
    StoreReply reply = reply(input);
    if (reply == null) {
      return false;
    }
    Optional<String> version = told(() -> reply.text(1));
    Optional<byte[]> lists = told(() -> reply.rest(2));
    if (version.isEmpty() || lists.isEmpty()) {
      return false;
    }
    RevocationList list =
        RevocationList.trusting(Keys.ROOT.publicKey())
            .forgottenAtRestart()
            .clock(Keys.CLOCK)
            .build();
    Optional<Boolean> applied =
        read(
            () -> list.apply(lists.get()),
            Category.FORMAT,
            Category.SIGNATURE,
            Category.REVOCATION);
    return applied.isPresent() && applied.get();
  }

  /** Settings in lines of a name and a value, an empty line, and what INFO says. */
  static boolean state(byte[] input) {
    String[] parts = Laws.utf8(input).split("\n\n", 2);
    Map<String, String> settings = new HashMap<>();
    for (String line : parts[0].split("\n", -1)) {
      int space = line.indexOf(' ');
      if (space > 0) {
        settings.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    String info = parts.length < 2 ? "" : parts[1];
    ServerState state = ServerState.of(info, settings);
    same("read again", state, ServerState.of(info, settings));
    boolean isKept =
        "yes".equals(settings.get("appendonly"))
            && "always".equals(settings.get("appendfsync"))
            && "no".equals(settings.get("no-appendfsync-on-rewrite"))
            && "noeviction".equals(settings.get("maxmemory-policy"));
    same("durable by its four settings alone", isKept, state.isDurable());
    if (!info.contains("role:master")) {
      same("a server that does not say so is not the one that writes", false, state.primary());
    }
    return state.primary() && state.isDurable() && !state.history().isEmpty();
  }

  /** What a store says of itself: its fields in lines, an empty one for a field that is missing. */
  static boolean note(byte[] input) {
    List<@Nullable String> fields = new ArrayList<>();
    for (String line : Arrays.copyOf((Laws.utf8(input) + "\n\n\n\n").split("\n", -1), 4)) {
      fields.add(line.isEmpty() ? null : line);
    }
    StoreNote note = StoreNote.of(fields);
    if (note == null) {
      return false;
    }
    same("read again", true, note.equals(StoreNote.of(fields)));
    same("numbers that scripts count", true, note.generation() >= 0 && note.sequence() >= 0);
    if (note.generation() >= MANY) {
      return true; // none of ours comes there
    }
    List<@Nullable String> next = new ArrayList<>(fields);
    next.set(0, StoreNote.newId(note.generation() + 1));
    StoreNote after = StoreNote.of(next);
    same("a store that begins anew can be read", true, after != null);
    if (after != null) {
      ServerState server =
          new ServerState(true, String.valueOf(fields.get(1)), false, false, List.of());
      same("what follows is no older state", true, after.loss(server, note, 0) == null);
      same("what was before is one", true, note.loss(server, after, 0) != null);
    }
    return true;
  }

  private static <T> Optional<T> told(Supplier<T> reader) {
    return read(reader, ErrorCode.DATABASE_UNAVAILABLE);
  }

  /** The values of an array as the protocol has it; null for anything else. */
  private static @Nullable StoreReply reply(byte[] input) {
    Resp resp = new Resp(input);
    Object value = resp.next(0);
    return resp.isWhole() && value instanceof List<?> list
        ? new StoreReply(new ArrayList<>(list))
        : null;
  }

  /** Reads values of the server's protocol, as the client does before anything of ours. */
  private static final class Resp {
    private final byte[] input;
    private int at;
    private boolean isBroken;

    Resp(byte[] input) {
      this.input = input;
    }

    boolean isWhole() {
      return !isBroken && at == input.length;
    }

    @Nullable Object next(int depth) {
      int kind = at < input.length ? input[at++] : -1;
      long number = number();
      if (isBroken || kind == ':') {
        return number;
      }
      if (kind == '$' && number >= 0 && number <= input.length - at - 2) {
        byte[] bytes = Arrays.copyOfRange(input, at, at + (int) number);
        at += (int) number + 2;
        return bytes;
      }
      if (kind == '$' && number == -1) {
        return null;
      }
      if (kind == '*' && number >= 0 && number <= MAX_ITEMS && depth < MAX_DEPTH) {
        List<@Nullable Object> items = new ArrayList<>();
        for (long i = 0; i < number && !isBroken; i++) {
          items.add(next(depth + 1));
        }
        return items;
      }
      isBroken = true;
      return null;
    }

    /** The number behind the kind, to the end of its line. */
    private long number() {
      int end = at;
      while (end < input.length && input[end] != '\r') {
        end++;
      }
      String text = new String(input, at, end - at, StandardCharsets.US_ASCII);
      at = Math.min(end + 2, input.length);
      boolean isLine = end + 1 < input.length && input[end + 1] == '\n';
      if (!isLine || !text.matches("0|-?[1-9][0-9]{0,17}")) {
        isBroken = true;
        return 0;
      }
      return Long.parseLong(text);
    }
  }
}
