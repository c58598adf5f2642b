package dev.taper.integrations.valkey;

import dev.taper.TaperException;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The command by which an operator begins a store: {@code BeginStore ADDRESS MEMORY…}, where a
 * memory is {@code proofs}, {@code budgets} or {@code approvals}.
 */
public final class BeginStore {
  private static final String USAGE =
      "usage: BeginStore " + ValkeyAddress.FORM + " proofs|budgets|approvals ...";

  private static final int FAILED = 1;
  private static final int WRONG = 2;

  private BeginStore() {}

  /** Begins memories, and ends the process: 0 for done, 1 for failed, 2 for a wrong use. */
  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out, System.err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) {
    if (args.size() < 2) {
      err.println(USAGE);
      return WRONG;
    }
    Set<ValkeyStore.Memory> memories = EnumSet.noneOf(ValkeyStore.Memory.class);
    try {
      for (String word : args.subList(1, args.size())) {
        memories.add(ValkeyStore.Memory.valueOf(word.toUpperCase(Locale.ROOT)));
      }
    } catch (IllegalArgumentException e) {
      err.println(USAGE);
      return WRONG;
    }
    try (ValkeyStore store = ValkeyStore.at(args.get(0)).open()) {
      store.begin(memories);
      out.println("begun; what these memories hold counts from now on, whatever was lost before");
      return 0;
    } catch (TaperException e) {
      err.println(e.code().text() + ": " + e.getMessage());
      return FAILED;
    }
  }
}
